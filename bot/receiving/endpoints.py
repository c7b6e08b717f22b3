"""The service's addresses: the webhooks, and what machines that look after it ask."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.receiving import tracing
from bot.receiving.allowed import AllowList
from bot.receiving.awaiting import Awaiting
from bot.receiving.batches import Batches, Full
from bot.receiving.delivery import Delivery
from bot.receiving.intake import Received, Refusal, declared_too_large, receive
from bot.receiving.journal import Admission
from bot.receiving.metrics import Metrics
from bot.receiving.pressure import Buffered, Pressure
from bot.receiving.reasons import Reason

_WHOLE_BODY_SECONDS = 30.0
_DURABLE_SECONDS = 8.0
"""GitHub waits ten; what is not on the disk by then is refused, so that it counts as failed and is found again."""
_INLINE = 128 * 1024
"""Bytes up to which verifying and parsing does not keep others waiting; longer bodies go to a thread."""
_ANSWERS = {
    Reason.ACCEPTED: "accepted",
    Reason.AGAIN: "accepted",
    Reason.DUPLICATE: "duplicate",
    Reason.REPLAYED: "duplicate",
}
_log = structlog.get_logger("assay.receiving")


Reads = Callable[[str, Sequence[tuple[bytes, bytes]], bytes, Mapping[str, bytes], int], Received | Refusal]
"""What a request is: method, headers, body, secrets, and the most bytes of a body."""


@dataclass
class Webhook:
    """POST /webhooks/github: verified, judged, on the disk, and only then 202. `read` is for other senders than GitHub."""

    secrets: Mapping[str, bytes]
    limit: int
    judge: Callable[[Delivery, datetime], Reason | None]
    batches: Batches[Admission, Reason]
    pressure: Pressure
    metrics: Metrics
    accepted: Callable[[Admission, Reason], None]
    allowed: AllowList | None = None
    buffered: Buffered = field(default_factory=lambda: Buffered(256 * 1024 * 1024))
    awaiting: Awaiting = field(default_factory=Awaiting)
    read: Reads = receive

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        with self.buffered.room() as room:
            found = await self._receive(request, room)
            status, reason = await self._take_in(found) if isinstance(found, Received) else (found.status, found.reason)
        outcome = _ANSWERS.get(reason, "ignored") if status == 202 else "refused"
        self.metrics.delivered(outcome, reason.value, time.perf_counter() - started)
        if status != 202:
            signed, context = (True, found.delivery.context) if isinstance(found, Received) else (found.signed, {})
            _log.warning("refused", status=status, reason=reason.value, signed=signed, **context)
        answer = JSONResponse({"status": outcome, "reason": reason.value}, status)
        if status in (408, 413):
            answer.headers["connection"] = "close"  # the rest of the body is not read
        return answer

    async def _receive(self, request: Request, room: Callable[[int], bool]) -> Received | Refusal:
        headers: Sequence[tuple[bytes, bytes]] = request.scope["headers"]
        if self.allowed is not None:
            peer = request.client.host if request.client else ""
            if not self.allowed.permits(peer, [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]):
                return Refusal(403, Reason.NOT_ALLOWED)
        if refused := declared_too_large(headers, self.limit):
            return refused
        try:
            async with asyncio.timeout(_WHOLE_BODY_SECONDS):
                body = await _whole(request.stream(), self.limit, room)
        except TimeoutError:
            return Refusal(408, Reason.SLOW)
        except ClientDisconnect:
            return Refusal(400, Reason.DISCONNECTED)
        if isinstance(body, Refusal):
            return body
        if len(body) <= _INLINE:
            return self.read(request.method, headers, body, self.secrets, self.limit)
        return await asyncio.to_thread(self.read, request.method, headers, body, self.secrets, self.limit)

    async def _take_in(self, received: Received) -> tuple[int, Reason]:
        delivery = received.delivery
        self.metrics.signed(received.slot)
        ignored = self.judge(delivery, datetime.now(UTC))
        if ignored is None and self.pressure.full:
            return 503, Reason.QUEUE_FULL
        with tracing.receiving(delivery) as trace:
            admission = Admission(delivery, ignored, trace)
            try:
                reason = await self.awaiting.result(self.batches.submit(admission), _DURABLE_SECONDS)
            except Full:
                return 503, Reason.QUEUE_FULL
            except (TimeoutError, SQLAlchemyError, OSError) as error:
                _log.error("not stored", error=type(error).__name__, **delivery.context)
                return 503, Reason.NOT_STORED
        if reason in (Reason.ACCEPTED, Reason.AGAIN):
            self.accepted(admission, reason)
        _log.info("received", reason=reason.value, slot=received.slot, bytes=len(delivery.body), **delivery.context)
        return 202, reason


async def _whole(pieces: AsyncIterator[bytes], limit: int, room: Callable[[int], bool]) -> bytes | Refusal:
    """A body, put together while it has at most `limit` bytes and there is room for it."""
    found, size = [], 0
    async for piece in pieces:
        size += len(piece)
        if size > limit:
            return Refusal(413, Reason.TOO_LARGE)
        if not room(len(piece)):
            return Refusal(503, Reason.QUEUE_FULL)
        found.append(piece)
    return b"".join(found)


@dataclass
class Readiness:
    """GET /readyz: whether each thing that the service needs is there. `checks` raise, or answer False, where it is not."""

    checks: Mapping[str, Callable[[], object]]
    seconds: float = 3.0
    _running: dict[str, Future[object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Threads of its own, and never two for one check: where something hangs, asking again and again must not use up others'.
        self._threads = ThreadPoolExecutor(max(1, len(self.checks)), thread_name_prefix="assay-ready")

    async def answer(self, request: Request) -> Response:
        """200 where all is ready, else 503; the names of what is not, and nothing about it."""
        states = await asyncio.gather(*(self._state(name, check) for name, check in self.checks.items()))
        ready = all(state == "ok" for state in states)
        return JSONResponse(dict(zip(self.checks, states, strict=True)), 200 if ready else 503)

    async def _state(self, name: str, check: Callable[[], object]) -> str:
        running = self._running.get(name)
        if running is None or running.done():
            running = self._running[name] = self._threads.submit(check)
        try:
            found = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(running)), self.seconds)
        except Exception:  # whatever it is, it is not ready; the reason is not for everybody
            return "unusable"
        return "unusable" if found is False else "ok"


async def healthy(request: Request) -> Response:
    """GET /healthz: the process answers."""
    return JSONResponse({"status": "ok"})


def exposing(metrics: Metrics) -> Callable[[Request], Response]:
    """GET /metrics, for Prometheus."""

    def exposed(request: Request) -> Response:
        return Response(metrics.exposition(), headers={"content-type": CONTENT_TYPE_LATEST})

    return exposed
