"""Requests handed straight to the application of the loopback GitHub: everything but the socket, the server and its thread."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from bot.gateway.connections import Connection, Connections
from tests.loopback.server import Loopback


class Straight(Connections):
    """Connections that never leave this process; for one thread."""

    def __init__(self, github: Loopback, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(github.url, 20)
        self._line = Connection(cast("Any", _Line(github, loop)))

    def _open(self) -> Connection:
        return self._line


class _Line:
    """What PyGithub's own connection does."""

    def __init__(self, github: Loopback, loop: asyncio.AbstractEventLoop) -> None:
        self.github, self.loop = github, loop
        self.asked: tuple[str, str, str, dict[str, str]] = ("", "", "", {})

    def request(self, verb: str, url: str, body: Any, headers: dict[str, str], stream: bool = False) -> None:
        """Keep what to send."""
        self.asked = verb, url, body or "", headers

    def getresponse(self) -> Any:
        """Have it answered."""
        verb, url, body, headers = self.asked
        path, base = urlsplit(url), urlsplit(self.github.url)
        named = {"host": base.netloc, **{name.lower(): str(value) for name, value in headers.items()}}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": verb, "scheme": base.scheme,
            "path": path.path, "raw_path": path.path.encode(), "query_string": path.query.encode(), "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()],
            "client": ("127.0.0.1", 1), "server": (base.hostname, base.port),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body.encode(), "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        around = asyncio._get_running_loop()  # a browser's, where a test of this process has one open
        asyncio._set_running_loop(None)
        try:
            self.loop.run_until_complete(self.github.application(cast("Any", scope), receive, send))
        finally:
            asyncio._set_running_loop(around)
        text = b"".join(each.get("body", b"") for each in sent[1:]).decode()
        found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
        return SimpleNamespace(status=sent[0]["status"], getheaders=lambda: found, read=lambda: text)

    def close(self) -> None:
        """There is nothing to close."""
