"""The service in this process: asked over ASGI as it stands, with deliveries signed as GitHub does."""

import asyncio
import hashlib
import hmac
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
import uvicorn

from bot import settings as configuration
from bot.receiving.database import deliveries
from bot.receiving.delivery import Delivery, Handler
from bot.receiving.endpoints import Webhook
from bot.receiving.service import Outside, Service, build
from tests.bot.receiving.payloads import Payload

T = TypeVar("T")
SECRET = "correct-horse-battery-staple"
PATH = "/webhooks/github"


def signature(body: bytes, secret: str = SECRET) -> bytes:
    """The value of X-Hub-Signature-256."""
    return b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


def headers(event: str, body: bytes, delivery: str | None = None, secret: str = SECRET) -> list[tuple[bytes, bytes]]:
    """The headers of a delivery."""
    return [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-github-event", event.encode()),
        (b"x-github-delivery", (delivery or str(uuid.uuid4())).encode()),
        (b"x-hub-signature-256", signature(body, secret)),
    ]


@dataclass(frozen=True)
class Answer:
    """What the service said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        """The reason code."""
        return str(self.json["reason"])


async def ask(
    app: Any,
    method: str,
    path: str,
    given: Sequence[tuple[bytes, bytes]] = (),
    chunks: Sequence[bytes] = (b"",),
    client: str = "192.0.2.1",
) -> Answer:
    """One request over ASGI, its headers and the pieces of its body as they are."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path, "root_path": "",
        "raw_path": path.encode(), "query_string": b"", "scheme": "http", "headers": list(given), "client": (client, 5000),
        "server": ("127.0.0.1", 8000), "state": {},
    }  # fmt: skip
    waiting = list(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(each for each in sent if each["type"] == "http.response.start")
    body = b"".join(each.get("body", b"") for each in sent if each["type"] == "http.response.body")
    return Answer(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body)


@dataclass
class Noting:
    """A handler that notes what it was given, and then does `then`."""

    then: Callable[[Delivery], str] = lambda delivery: "noted"
    seen: list[Delivery] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, delivery: Delivery) -> str:
        with self._lock:
            self.seen.append(delivery)
        return self.then(delivery)

    @property
    def ids(self) -> list[str]:
        """The deliveries it was given, in that order."""
        return [each.id for each in self.seen]


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives. In a thread of its own, because Playwright keeps a loop running in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Bot:
    """The service in this process, with little patience. One at a time: DBOS is one in a process."""

    def __init__(self, url: str, handler: Handler | None = None, outside: Outside | None = None, **given: Any) -> None:
        quick = {
            "webhook_secret": SECRET, "database_url": url, "debounce_seconds": 0, "shutdown_seconds": 0, "poll_seconds": 0.01,
            "retry_seconds": 0.01, "retry_attempts": 3, "retry_rounds": 1, "app_id": 1234, "app_slug": "assay",
        }  # fmt: skip
        self.settings = configuration.load(**{**quick, **given})
        self.handler = handler or Noting()
        self.app = build(self.settings, self.handler, outside)
        self.service: Service = self.app.state.service
        self._started = False

    def __enter__(self) -> "Bot":
        self.service.start()
        self._started = True
        return self

    def __exit__(self, *_: object) -> None:
        self.service.stop()

    @property
    def webhook(self) -> Webhook:
        """The endpoint that takes deliveries in."""
        return self.service.webhook

    @property
    def seen(self) -> list[Delivery]:
        """What the noting handler was given."""
        assert isinstance(self.handler, Noting)
        return self.handler.seen

    def ask(self, method: str, path: str, given: Sequence[tuple[bytes, bytes]] = (), body: bytes = b"", **more: Any) -> Answer:
        """One request."""
        return finish(ask(self.app, method, path, given, more.pop("chunks", [body]), **more))

    def post(self, event: str, payload: Payload | bytes, delivery: str | None = None, secret: str = SECRET) -> Answer:
        """One delivery."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.ask("POST", PATH, headers(event, body, delivery, secret), body)

    def post_all(self, given: Sequence[tuple[str, Payload, str]]) -> list[Answer]:
        """Deliveries (event, payload, id), all at once."""

        async def together() -> list[Answer]:
            bodies = [(event, json.dumps(payload).encode(), delivery) for event, payload, delivery in given]
            return await asyncio.gather(
                *(ask(self.app, "POST", PATH, headers(event, body, delivery), [body]) for event, body, delivery in bodies)
            )

        return finish(together())

    def settle(self, seconds: float = 20.0) -> None:
        """Wait until nothing waits or is at work."""
        until(lambda: self.service.journal.depth() == 0, seconds)

    def ended(self) -> dict[str, tuple[str, str]]:
        """How each delivery in the journal ended: outcome and reason, by id."""
        wanted = sa.select(deliveries.c.id, deliveries.c.outcome, deliveries.c.reason)
        with self.service.database.reads.connect() as connection:
            return {row.id: (row.outcome, row.reason) for row in connection.execute(wanted)}

    def metric(self, name: str, /, **labels: str) -> float:
        """The value of a metric."""
        return self.service.metrics.registry.get_sample_value(name, labels) or 0.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: Any, port: int = 0, lifespan: Literal["on", "off"] = "on") -> Iterator[str]:
    """An application on loopback, as uvicorn serves it; its address. With `lifespan` off it was started by somebody else."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan=lifespan, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something; fails where it does not come true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


def together(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do things at the same time, each in a thread."""
    with ThreadPoolExecutor(len(work)) as pool:
        return [each.result() for each in [pool.submit(one) for one in work]]
