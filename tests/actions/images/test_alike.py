"""Groups of near hashes, against a plain comparison of all with all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.images.alike import groups


def near(signatures: list[str], within: int) -> list[list[int]]:
    """The same by comparing each with each, and joining until nothing changes."""
    numbers = [int(each, 16) for each in signatures]
    sets = [{index} for index in range(len(numbers))]
    for one in range(len(numbers)):
        for other in range(one):
            if (numbers[one] ^ numbers[other]).bit_count() <= within and sets[one] is not sets[other]:
                joined = sets[one] | sets[other]
                for index in joined:
                    sets[index] = joined
    found = {tuple(sorted(each)) for each in map(frozenset, sets) if len(each) > 1}
    return sorted((list(each) for each in found), key=lambda group: (-len(group), group))


@st.composite
def hashes(draw: st.DrawFn) -> list[str]:
    """A few hashes, and some that differ from them in a few bits."""
    numbers = draw(st.lists(st.integers(0, 2**128 - 1), min_size=0, max_size=6))
    for _ in range(draw(st.integers(0, 8)) if numbers else 0):
        flipped = draw(st.sampled_from(numbers))
        for bit in draw(st.lists(st.integers(0, 127), max_size=9)):
            flipped ^= 1 << bit
        numbers.append(flipped)
    return [f"{number:032x}" for number in numbers]


@settings(max_examples=150, deadline=None)
@given(hashes(), st.integers(0, 16))
def test_the_groups_are_those_of_comparing_each_with_each(signatures: list[str], within: int) -> None:
    assert groups(signatures, within) == near(signatures, within)


def test_many_equal_ones_are_one_group_and_the_largest_comes_first() -> None:
    found = groups(["0" * 32, "f" * 32, "f" * 32, *["0" * 31 + "1"] * 3_000], 1)
    assert [len(group) for group in found] == [3_001, 2] and found[1] == [1, 2]
