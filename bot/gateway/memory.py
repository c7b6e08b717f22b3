"""Answers that GitHub may confirm with a 304, which costs nothing of the hour's requests.

A memory belongs to one token's transport and is never shared: what one installation was shown, no other is. GitHub decides each
time whether the answer still holds, so nothing stale is read.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

_LIMIT = 1 << 20
"""Bytes of all answers together."""


@dataclass(frozen=True)
class Known:
    """An answer of 200: its mark, its text, and where its list goes on."""

    etag: str
    text: str
    link: str


class Memory:
    """The newest answers, at most `limit` bytes of them; the longest unused goes first. Safe for several threads."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit, self._size = limit, 0
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Memory({len(self._known)} answers, {self._size} bytes)"

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    def recall(self, path: str) -> Known | None:
        """What is known of an address."""
        with self._lock:
            if path in self._known:
                self._known.move_to_end(path)
            return self._known.get(path)

    def keep(self, path: str, known: Known) -> None:
        """Remember an answer; one that would take more than a quarter of the room is not worth it."""
        size = _size(path, known)
        with self._lock:
            self._drop(path)
            if size * 4 > self._limit:
                return
            self._known[path] = known
            self._size += size
            while self._size > self._limit:
                self._drop(next(iter(self._known)))

    def _drop(self, path: str) -> None:
        known = self._known.pop(path, None)
        self._size -= _size(path, known) if known else 0


def _size(path: str, known: Known) -> int:
    return len(path.encode()) + len(known.etag) + len(known.text.encode("utf-8", "replace")) + len(known.link)
