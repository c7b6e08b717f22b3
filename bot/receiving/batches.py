"""Commits together what arrives together: one transaction, and one wait for the disk, for all that is waiting."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

_LOOKS = 10
"""So often it is looked, while lingering, whether more came; where none did, none is on its way."""
T = TypeVar("T")
R = TypeVar("R")


class Full(Exception):
    """More waits than may wait."""


class Batches(Generic[T, R]):
    """A thread that hands what was submitted to `commit`, as many at a time as wait, in their order.

    `commit` gets items and returns a result for each, in one transaction of its own. Where it fails for several, each is tried
    alone, so that one that cannot be stored does not take others with it. `linger` is how long, in seconds, the first one waits
    for company at most; it waits only while company keeps coming. Under load that is what leaves the handlers their share of the
    processor and of the database, and alone it costs next to nothing.
    """

    def __init__(
        self,
        name: str,
        commit: Callable[[Sequence[T]], Sequence[R]],
        most: int = 128,
        waiting: int = 4096,
        linger: float = 0.02,
    ) -> None:
        self._commit, self._most, self._limit, self._linger = commit, most, waiting, linger
        self._waiting: deque[tuple[T, Future[R]]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, item: T) -> "Future[R]":
        """What becomes of an item. Raises Full where too many wait, or where it is closed."""
        future: Future[R] = Future()
        with self._changed:
            if self._closing or len(self._waiting) >= self._limit:
                raise Full
            self._waiting.append((item, future))
            if len(self._waiting) == 1:
                self._changed.notify()
        return future

    @property
    def alive(self) -> bool:
        """Whether what is submitted will be committed."""
        return self._thread.is_alive() and not self._closing

    def close(self) -> None:
        """Commit what waits, then end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while self._wait():
            self._gather()
            with self._changed:
                taken = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            # Whoever gave up waiting was told that it is not stored, and so it is not.
            taken = [each for each in taken if each[1].set_running_or_notify_cancel()]
            if taken and not self._settle(taken) and len(taken) > 1:
                for each in taken:
                    self._settle([each])

    def _wait(self) -> bool:
        """Wait for something to do; False where nothing will come any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            return bool(self._waiting)

    def _gather(self) -> None:
        """Wait for company while it keeps coming."""
        until, before = time.monotonic() + self._linger, 0
        while (now := len(self._waiting)) > before and now < self._most and time.monotonic() < until:
            before = now
            time.sleep(self._linger / _LOOKS)

    def _settle(self, taken: Sequence[tuple[T, "Future[R]"]]) -> bool:
        """Commit these; whether it worked. One that fails alone hears of it."""
        try:
            results = self._commit([item for item, _ in taken])
        except Exception as error:
            if len(taken) == 1:
                taken[0][1].set_exception(error)
            return False
        for (_, future), result in zip(taken, results, strict=True):
            future.set_result(result)
        return True
