"""The FastAPI application: everything in this folder put together, started and stopped in the right order."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from bot import settings as configuration
from bot.receiving import leases, missed, mlflow, tracing, worker
from bot.receiving.allowed import AllowList, networks
from bot.receiving.batches import Batches
from bot.receiving.database import Database, connect, reachable
from bot.receiving.delivery import Delivery, Handler
from bot.receiving.endpoints import Readiness, Webhook, exposing, healthy
from bot.receiving.handling import Handling, Patience
from bot.receiving.journal import Admission, Ending, Journal
from bot.receiving.metrics import Metrics
from bot.receiving.missed import Deliveries, Missed
from bot.receiving.periodic import Periodic, Task, Turns
from bot.receiving.pressure import Buffered, Pressure
from bot.receiving.queue import Queue, client
from bot.receiving.reasons import Reason
from bot.receiving.recent import Recent
from bot.receiving.relevance import Own, unwanted
from bot.receiving.swept import TakeIn
from bot.settings import Settings
from policy.problems import UserProblem

_DAY_MS = 24 * 3600 * 1000
_COUNT_SECONDS = 1.0
_RECENT_BYTES = 64 * 1024 * 1024
_REGISTRY_BYTES = 8 * 1024 * 1024
_log = structlog.get_logger("assay.service")


@dataclass(frozen=True)
class Outside:
    """What the service asks of the world, each left out where there is none to ask.

    `deliveries` are what GitHub says it sent to the App. `sweep` reconciles what is open, and is given what puts
    a delivery into the queue. `addresses` are the networks that /meta
    names, needed with `allow_github_only`. `pages` makes the addresses that people look at, and what
    closes them and says whether nobody waits for one any more.
    """

    deliveries: Deliveries | None = None
    sweep: Callable[[TakeIn], object] | None = None
    addresses: Callable[[], Iterable[str]] | None = None
    pages: Callable[[Database, Journal], tuple[Sequence[BaseRoute], Callable[[], bool]]] | None = None


class Service:
    """The parts of one process, in the role that the settings name: web, worker or both."""

    def __init__(self, settings: Settings, handler: Handler, outside: Outside) -> None:
        self.settings, self.metrics, self.outside = settings, Metrics(), outside
        self.web, self.works = settings.role in ("web", "both"), settings.role in ("worker", "both")
        self.own = Own(settings.app_id, settings.app_slug)
        self.database = connect(settings.database_url.get_secret_value())
        with reachable(self.database):
            worker.prepare(self.database)
            self.queue = Queue(self.database, client(self.database))
        self.journal = Journal(self.database, self.queue, settings.debounce_seconds)
        self.recent = Recent(_RECENT_BYTES, settings.lease_seconds / 3)
        self.pressure = Pressure(self.journal.depth, settings.max_queue, self.metrics.waiting)
        self.intake: Batches[Admission, Reason] = Batches("assay-intake", self.journal.take_in)
        self.endings: Batches[Ending, None] = Batches("assay-endings", self.journal.end, linger=0.03)
        self.allowed = self._allowed()
        self.webhook = self._webhook()
        self.registry = self._registry()
        self.lease = leases.Lease(self.database, leases.executor_id(), settings.lease_seconds)
        self._worker = worker.Worker(self.database, self.queue, self._handling(handler), self.lease, self.metrics)
        self._periodic = Periodic(self._tasks(), Turns(self.database), self.metrics)
        shown = outside.pages if self.web else None
        self.pages, self._close_pages = shown(self.database, self.journal) if shown else ((), lambda: True)
        self.idle = True

    def start(self) -> None:
        """Take up work, and what is done every few minutes. Raises a Problem where the database is not there."""
        with reachable(self.database):
            self.pressure.refresh()
            if self.works:
                self._worker.start(self.settings.workers_concurrency, self.settings.poll_seconds)
        self._periodic.start()
        # What is there now stays; a collector that looks at all of it again and again stops everything for a quarter of a second.
        gc.collect()
        gc.freeze()
        _log.info("started", role=self.settings.role, database=self.database.shown, worker=self.lease.owner)

    def stop(self) -> None:
        """Take in no more, let what is at work end in time, leave the rest to others. `idle` says whether nothing is left."""
        self._periodic.stop()
        self.idle = self._close_pages()
        self.intake.close()
        if self.works:
            self.idle = self._worker.stop(self.settings.shutdown_seconds) and self.idle
        self.endings.close()
        self.queue.close()
        self.database.close()
        _log.info("stopped", idle=self.idle)

    def _webhook(self) -> Webhook:
        freshness = self.settings.freshness
        return Webhook(
            secrets=self.settings.secrets,
            limit=self.settings.max_body,
            judge=lambda delivery, now: unwanted(delivery, self.own, now, freshness),
            batches=self.intake,
            pressure=self.pressure,
            metrics=self.metrics,
            allowed=self.allowed,
            accepted=self._accepted,
        )

    def _registry(self) -> Webhook:
        """The webhook of the registry, which writes from addresses of its own."""
        of_ours = replace(self.webhook, allowed=None, buffered=Buffered(_REGISTRY_BYTES))
        return replace(of_ours, secrets=self.settings.registry_secrets, limit=mlflow.LIMIT, read=mlflow.receive)

    def readiness(self) -> Readiness:
        """The endpoint that says whether all is there."""
        checks: dict[str, Callable[[], object]] = {
            "database": self.database.ping,
            "queue": lambda: self.intake.alive and self.endings.alive and not self.pressure.full,
        }
        if self.settings.app:
            checks["key"] = lambda: configuration.key_is_usable(self.settings)
        if self.works:
            checks["worker"] = lambda: self.lease.sure
        if self.allowed is not None:
            checks["addresses"] = lambda: self.allowed is not None and self.allowed.ready
        return Readiness(checks)

    def _accepted(self, admission: Admission, reason: Reason) -> None:
        self.pressure.added()
        if self.works and reason is Reason.ACCEPTED and not admission.delivery.fold:
            self.recent.keep(admission.delivery, admission.trace)

    def _allowed(self) -> AllowList | None:
        if not self.settings.allow_github_only:
            return None
        if self.outside.addresses is None:
            raise UserProblem(
                "nobody says what GitHub's addresses are", "ASSAY_ALLOW_GITHUB_ONLY", "Turn it off, or use `assay serve`"
            )
        return AllowList(self.outside.addresses, networks(self.settings.trusted_proxies))

    def _handling(self, handler: Handler) -> Handling:
        given = self.settings
        return Handling(
            journal=self.journal,
            endings=self.endings,
            handler=handler,
            metrics=self.metrics,
            own=self.own,
            freshness=given.freshness,
            patience=Patience(given.retry_attempts, given.retry_seconds, given.retry_rounds),
            recent=self.recent,
        )

    def _tasks(self) -> list[Task]:
        given, outside = self.settings, self.outside
        tasks = [Task("count", _COUNT_SECONDS, self.pressure.refresh, everywhere=True)]
        if self.database.sqlite:
            tasks.append(Task("tidy", _COUNT_SECONDS, self.database.tidy, everywhere=True))
        if self.allowed is not None:
            tasks.append(Task("addresses", 3600, self.allowed.refresh, everywhere=True))
        if not self.works:
            return tasks
        tasks += [
            Task("revive", given.missed_minutes * 60, lambda: missed.revive(self.journal)),
            Task("prune", 3600, self._prune),
        ]
        if outside.deliveries is not None:
            tasks.append(Task("missed", given.missed_minutes * 60, Missed(outside.deliveries, self.journal, self.database)))
        if outside.sweep is not None:
            tasks.append(Task("sweep", given.sweep_minutes * 60, partial(outside.sweep, self._take_in)))
        return tasks

    def _take_in(self, delivery: Delivery) -> Reason:
        return self.journal.take_in([Admission(delivery)])[0]

    def _prune(self) -> None:
        self.journal.prune(int(self.settings.retention_days * _DAY_MS))
        self.lease.forget()


WEBHOOK = "/webhooks/github"
REGISTRY = "/webhooks/mlflow"


class Application(FastAPI):
    """The addresses of one process. Deliveries go past what FastAPI puts around a route, which takes a fifth of their time."""

    webhook: Webhook | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self.webhook is not None and scope["type"] == "http" and scope["path"] == WEBHOOK and scope["method"] == "POST":
            response = await self.webhook.answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def build(settings: Settings, handler: Handler, outside: Outside | None = None) -> FastAPI:
    """The application. Its parts are started and stopped with it; `app.state.service` holds them.

    Raises a Problem where the database cannot be used.
    """
    service = Service(settings, handler, outside or Outside())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        provider = tracing.start(os.environ)
        await asyncio.to_thread(service.start)
        try:
            yield
        finally:
            await asyncio.to_thread(service.stop)
            if provider is not None:
                await asyncio.to_thread(provider.shutdown)

    app = Application(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = service
    if service.web:
        app.webhook = service.webhook
        app.add_route(WEBHOOK, service.webhook.answer, methods=["POST"])  # which knows that other methods are not allowed
        if settings.registry_secrets:
            app.add_route(REGISTRY, service.registry.answer, methods=["POST"])
    app.router.routes.extend(service.pages)
    app.add_route("/healthz", healthy, methods=["GET"])
    app.add_route("/readyz", service.readiness().answer, methods=["GET"])
    app.add_route("/metrics", exposing(service.metrics), methods=["GET"])
    return app
