"""What was created just now: GitHub may for a moment not find it, because not every one of its machines knows it yet."""

from collections import deque
from threading import Lock
from urllib.parse import urlsplit

_SECONDS = 30.0
_MOST = 64


class Created:
    """The addresses of the newest things that were made at an API. Safe for several threads."""

    def __init__(self, base: str) -> None:
        self._root = urlsplit(base).path.rstrip("/")
        self._made: deque[tuple[str, float]] = deque(maxlen=_MOST)
        self._lock = Lock()

    def note(self, url: object, now: float) -> None:
        """Something was created; `url` is its address as GitHub gave it."""
        if isinstance(url, str) and (path := urlsplit(url).path):
            with self._lock:
                self._made.append((path, now))

    def covers(self, address: str, now: float) -> bool:
        """Whether an address, whole or below the API's own, is of something that was created within the last half minute."""
        path = urlsplit(address).path
        wanted = (self._root + path if address.startswith("/") else path) + "/"
        with self._lock:
            return any(wanted.startswith(f"{made}/") and 0 <= now - at <= _SECONDS for made, at in self._made)
