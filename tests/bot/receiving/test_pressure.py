"""How much is too much."""

from hypothesis import given
from hypothesis import strategies as st

from bot.receiving.pressure import Buffered, Pressure


def test_wh_23_the_queue_is_full_at_its_limit_by_the_last_count_and_what_came_since() -> None:
    depth, told = [0], []
    pressure = Pressure(lambda: depth[0], 3, told.append)
    pressure.refresh()
    assert not pressure.full
    for _ in range(3):
        pressure.added()
    assert pressure.full
    depth[0] = 1
    pressure.refresh()
    assert not pressure.full
    assert told == [0, 1]


def test_what_is_added_while_it_is_counted_is_not_lost() -> None:
    pressure = Pressure(lambda: pressure.added() or 2, 3)
    pressure.refresh()
    assert pressure.full, "two were counted, and one came meanwhile"


@given(st.lists(st.lists(st.integers(0, 60), max_size=6), max_size=8))
def test_bodies_in_memory_never_pass_the_limit_and_all_is_given_back(requests: list[list[int]]) -> None:
    buffered = Buffered(100)
    held = 0
    open_rooms = []
    for pieces in requests:
        room = buffered.room()
        take = room.__enter__()
        open_rooms.append(room)
        for piece in pieces:
            fits = held + piece <= 100
            assert take(piece) is fits
            held += piece if fits else 0
    for room in open_rooms:
        room.__exit__(None, None, None)
    with buffered.room() as take:
        assert take(100)
        assert not take(1)
