"""What arrives together is committed together."""

import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.receiving.batches import Batches, Full


class Store:
    """Commits numbers, unless one of them is poison."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()

    def commit(self, items: Sequence[int]) -> list[int]:
        self.gate.wait(10)
        if any(item < 0 for item in items):
            raise ValueError("poison")
        self.batches.append(list(items))
        return [item * 2 for item in items]


def test_what_waits_meanwhile_is_one_batch_in_its_order() -> None:
    store = Store()
    store.gate.clear()
    batches = Batches("test", store.commit, most=10, linger=0)
    first = batches.submit(0)
    futures = [batches.submit(number) for number in range(1, 25)]
    store.gate.set()
    assert [each.result(10) for each in [first, *futures]] == [number * 2 for number in range(25)]
    assert [number for batch in store.batches for number in batch] == list(range(25))
    assert len(store.batches) <= 4 and max(map(len, store.batches)) == 10
    batches.close()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-3, 50), max_size=30))
def test_one_that_cannot_be_stored_takes_no_other_with_it(items: list[int]) -> None:
    store = Store()
    batches = Batches("test", store.commit, linger=0)
    futures = [batches.submit(item) for item in items]
    for item, future in zip(items, futures, strict=True):
        if item < 0:
            assert isinstance(future.exception(10), ValueError)
        else:
            assert future.result(10) == item * 2
    assert sorted(number for batch in store.batches for number in batch) == sorted(item for item in items if item >= 0)
    batches.close()


def test_too_many_that_wait_are_refused() -> None:
    store = Store()
    store.gate.clear()
    batches = Batches("test", store.commit, waiting=3, most=1, linger=0)
    taken = batches.submit(0)
    while taken.running() is False:
        pass
    for number in range(3):
        batches.submit(number)
    with pytest.raises(Full):
        batches.submit(9)
    store.gate.set()
    batches.close()


def test_what_somebody_gave_up_waiting_for_is_not_stored() -> None:
    store = Store()
    store.gate.clear()
    batches = Batches("test", store.commit, most=1, linger=0)
    first, second, third = batches.submit(1), batches.submit(2), batches.submit(3)
    assert second.cancel()
    store.gate.set()
    assert (first.result(10), third.result(10)) == (2, 6)
    with pytest.raises(CancelledError):
        second.result(10)
    assert [2] not in store.batches
    batches.close()


def test_closing_commits_what_waits_and_takes_nothing_more() -> None:
    store = Store()
    batches = Batches("test", store.commit, linger=0.05)
    futures = [batches.submit(number) for number in range(5)]
    batches.close()
    assert [each.result(0) for each in futures] == [0, 2, 4, 6, 8]
    assert not batches.alive
    with pytest.raises(Full):
        batches.submit(1)
