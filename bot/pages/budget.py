"""How much the pages may ask: of GitHub for each account in an hour, and of us for each person in a minute."""

import time
from collections.abc import Callable, Hashable
from threading import Lock

from bot.app.newest import Newest

_KEPT = 1024


class Budget:
    """At most `most` in any `seconds` that begin with the first, for each key. Safe for several threads."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._spent: Newest[Hashable, tuple[float, int]] = Newest(_KEPT)
        self._lock = Lock()

    def left(self, key: Hashable) -> int:
        """How much is left."""
        with self._lock:
            return max(0, self._most - self._present(key)[1])

    def spend(self, key: Hashable, amount: int = 1) -> None:
        """Note that so much was used; what was used already cannot be refused."""
        with self._lock:
            since, spent = self._present(key)
            self._spent.put(key, (since, spent + amount))

    def _present(self, key: Hashable) -> tuple[float, int]:
        now = self._clock()
        since, spent = self._spent.get(key) or (now, 0)
        return (since, spent) if now - since < self._seconds else (now, 0)
