"""Lets coroutines await what a thread does: the event loop is woken once for all that ended together, not for each."""

import asyncio
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

R = TypeVar("R")


class Awaiting:
    """Takes results over into the event loop that awaits them. One for each loop."""

    def __init__(self) -> None:
        self._ended: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._woken = False

    async def result(self, future: "Future[R]", seconds: float) -> R:
        """What a thread's future comes to. Raises what it raises, or TimeoutError after `seconds`; then it is cancelled."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[R] = loop.create_future()
        future.add_done_callback(lambda ended: self._put(ready, ended))
        timer = loop.call_later(seconds, _late, ready)
        try:
            return await ready
        finally:
            timer.cancel()
            future.cancel()  # without effect on one that ended or has begun

    def _put(self, ready: asyncio.Future[Any], ended: Future[Any]) -> None:
        self._ended.append((ready, ended))
        if not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the loop is closed, and nobody awaits anything any more
                ready.get_loop().call_soon_threadsafe(self._take_over)

    def _take_over(self) -> None:
        self._woken = False  # before looking, so that whoever puts something in meanwhile is seen now or wakes the loop again
        while self._ended:
            ready, ended = self._ended.popleft()
            if ready.done():
                continue
            if ended.cancelled():
                ready.cancel()
            elif error := ended.exception():
                ready.set_exception(error)
            else:
                ready.set_result(ended.result())


def _late(ready: asyncio.Future[Any]) -> None:
    if not ready.done():
        ready.set_exception(TimeoutError())
