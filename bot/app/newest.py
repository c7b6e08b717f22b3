"""What was used last, and not more of it than fits: for what a service that runs for months remembers."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Newest(Generic[K, V]):
    """At most so many values by their keys; the longest unused goes first. Safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: K) -> V | None:
        """The value, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember a value."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)

    def ever(self, key: K, make: Callable[[], V]) -> V:
        """The value, made where there is none; the same one for all who ask at once."""
        with self._lock:
            if key not in self._held:
                self._held[key] = make()
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
            return self._held[key]

    def drop(self, which: Callable[[K, V], bool]) -> None:
        """Forget what this is true of."""
        with self._lock:
            for key in [key for key, value in self._held.items() if which(key, value)]:
                del self._held[key]
