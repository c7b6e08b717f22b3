"""Places are filled as a search of everything would fill them."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.matching import assign, filled

PLACES = st.lists(st.sets(st.integers(1, 5)), max_size=5)


def most(places: Sequence[set[int]], taken: frozenset[int] = frozenset()) -> int:
    if not places:
        return 0
    first, rest = places[0], places[1:]
    return max([most(rest, taken), *(1 + most(rest, taken | {each}) for each in first - taken)])


@settings(max_examples=300)
@given(PLACES)
def test_as_many_places_are_filled_as_can_be(places: list[set[int]]) -> None:
    assert filled(places) == most(places)


@given(PLACES)
def test_each_person_fills_one_place_which_they_could_fill(places: list[set[int]]) -> None:
    found = assign(places)
    people = [each for each in found if each is not None]
    assert len(people) == len(set(people))
    assert all(each is None or each in place for each, place in zip(found, places, strict=True))


@given(PLACES, st.randoms())
def test_the_order_of_people_says_nothing(places: list[set[int]], random: object) -> None:
    shuffled = []
    for place in places:
        people = list(place)
        random.shuffle(people)  # type: ignore[attr-defined]
        shuffled.append(people)
    assert assign(shuffled) == assign(places)


def test_somebody_who_is_needed_elsewhere_is_moved_on() -> None:
    # Taken in order, 1 would fill the first place and leave none for the second.
    assert assign([{1, 2}, {1}]) == [2, 1]
