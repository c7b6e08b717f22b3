"""What a thread does can be awaited, many at once, and given up."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.receiving.awaiting import Awaiting

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a loop and a thread of its own: where a browser is open, this thread's loop is running already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(), st.none()), max_size=40), st.integers(1, 4))
def test_everybody_gets_their_own_result_from_however_many_threads(wanted: list[int | None], threads: int) -> None:
    async def all_of_them() -> list[object]:
        awaiting, futures = Awaiting(), [Future[int]() for _ in wanted]
        with ThreadPoolExecutor(threads) as pool:
            for future, number in zip(futures, wanted, strict=True):
                if number is None:
                    pool.submit(future.set_exception, OSError("poison"))
                else:
                    pool.submit(future.set_result, number)
            return await asyncio.gather(*(awaiting.result(each, 10) for each in futures), return_exceptions=True)

    found = run(all_of_them())
    assert [None if isinstance(each, OSError) else each for each in found] == wanted


def test_many_that_end_together_wake_the_loop_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def count() -> int:
        loop, awaiting, futures, woken = asyncio.get_running_loop(), Awaiting(), [Future[int]() for _ in range(50)], []
        before = loop.call_soon_threadsafe
        monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *given: (woken.append(1), before(*given)))
        waiting = [asyncio.ensure_future(awaiting.result(each, 10)) for each in futures]
        await asyncio.sleep(0)
        for each in futures:
            each.set_result(1)
        assert sum(await asyncio.gather(*waiting)) == 50
        return len(woken)

    assert run(count()) == 1


def test_what_takes_too_long_is_cancelled_so_that_it_is_not_done_after_all() -> None:
    future: Future[int] = Future()
    with pytest.raises(TimeoutError):
        run(Awaiting().result(future, 0.01))
    assert future.cancelled()


def test_what_has_begun_cannot_be_cancelled_and_its_late_result_disturbs_nobody() -> None:
    async def late() -> None:
        awaiting, future = Awaiting(), Future[int]()
        future.set_running_or_notify_cancel()
        with pytest.raises(TimeoutError):
            await awaiting.result(future, 0.01)
        future.set_result(1)
        await asyncio.sleep(0.01)

    run(late())


def test_a_future_that_somebody_else_cancels_is_cancelled_here_too() -> None:
    async def cancelled() -> None:
        awaiting, future = Awaiting(), Future[int]()
        waiting = asyncio.ensure_future(awaiting.result(future, 10))
        await asyncio.sleep(0)
        future.cancel()
        await waiting

    with pytest.raises((CancelledError, asyncio.CancelledError)):
        run(cancelled())


def test_a_result_after_the_loop_has_closed_is_nobodys() -> None:
    awaiting, future = Awaiting(), Future[int]()

    async def leave() -> None:
        left = asyncio.ensure_future(awaiting.result(future, 10))
        await asyncio.sleep(0)
        assert not left.done()

    future.set_running_or_notify_cancel()
    run(leave())
    future.set_result(1)
