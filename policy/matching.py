"""Who fills which place: the largest number of places that can be filled when each person fills one at most. Pure.

Whoever is taken first may be the only one for another place, so a person is moved on where that makes room.
"""

from collections.abc import Collection, Sequence


def assign(places: Sequence[Collection[int]]) -> list[int | None]:
    """For each place, given the people who could fill it, the one who does, or None; as many places as possible are filled.

    The same places give the same answer, whatever the order in which people stand in them.
    """
    holder: dict[int, int] = {}

    def fill(place: int, tried: set[int]) -> bool:
        for person in sorted(places[place]):
            if person in tried:
                continue
            tried.add(person)
            if person not in holder or fill(holder[person], tried):
                holder[person] = place
                return True
        return False

    for place in range(len(places)):
        fill(place, set())
    found: list[int | None] = [None] * len(places)
    for person, place in holder.items():
        found[place] = person
    return found


def filled(places: Sequence[Collection[int]]) -> int:
    """How many of these places can be filled at once."""
    return sum(person is not None for person in assign(places))
