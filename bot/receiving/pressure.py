"""How much is too much: deliveries that wait, and bytes that are held while they arrive."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pressure:
    """Whether the queue is full. Counted in the database now and then, and by what this process added since."""

    def __init__(self, count: Callable[[], int], limit: int, counted: Callable[[int], None] = lambda _: None) -> None:
        self._count, self._limit, self._counted = count, limit, counted
        self._lock = threading.Lock()
        self._depth, self._added = 0, 0

    def refresh(self) -> None:
        """Count. Raises what the database raises, and then the last count stands."""
        with self._lock:
            before = self._added
        depth = self._count()
        with self._lock:
            # What was added while it was counted may be in the count already; counting it twice errs on the safe side.
            self._depth, self._added = depth, self._added - before
        self._counted(depth)

    def added(self) -> None:
        """One more waits."""
        with self._lock:
            self._added += 1

    @property
    def full(self) -> bool:
        """Whether no more may wait."""
        with self._lock:
            return self._depth + self._added >= self._limit


class Buffered:
    """Bytes of bodies in memory, over all requests at once."""

    def __init__(self, limit: int) -> None:
        self.held, self._limit = 0, limit

    @contextmanager
    def room(self) -> Iterator[Callable[[int], bool]]:
        """For one request: asks whether there is room for so many bytes more, and gives all of it back at the end."""
        mine = 0

        def take(size: int) -> bool:
            nonlocal mine
            if self.held + size > self._limit:
                return False
            self.held += size
            mine += size
            return True

        try:
            yield take
        finally:
            self.held -= mine
