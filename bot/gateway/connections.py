"""Connections to one API. PyGithub's own may not be shared by threads, so each is lent to one request at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, RequestsResponse

_Plain = HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass
_OURS = {301: 308, 202: 200}
"""Statuses that PyGithub acts on: it follows a 301 but loses its query, and asks again without end after a 202. We decide."""


class Connection:
    """One connection, as PyGithub takes it."""

    def __init__(self, plain: _Plain) -> None:
        self._plain = plain

    def request(self, verb: str, url: str, body: Any, headers: dict[str, str], stream: bool = False) -> None:
        """Keep what to send."""
        self._plain.request(verb, url, body, headers, stream)

    def getresponse(self) -> RequestsResponse:
        """Send it, and give the answer."""
        answer = self._plain.getresponse()
        answer.status = _OURS.get(answer.status, answer.status)
        return answer

    def close(self) -> None:
        """Hang up."""
        self._plain.close()


class Connections:
    """The open connections to an API; as many as there were requests at once. `timeout` in seconds."""

    def __init__(self, base: str, timeout: int) -> None:
        self._base, self._timeout = urlsplit(base), timeout
        self._idle: list[Connection] = []
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection of one's own. One that failed is not used again."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._open()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)

    def close(self) -> None:
        """Hang up every connection that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _open(self) -> Connection:
        kind = HTTPSRequestsConnectionClass if self._base.scheme == "https" else HTTPRequestsConnectionClass
        given: dict[str, Any] = {"timeout": self._timeout, "retry": 0, "pool_size": 1, "verify": True}
        return Connection(kind(self._base.hostname or "", self._base.port, **given))
