"""One delivery from the queue to its end: looked up, judged again, handled with patience, written down."""

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog
from opentelemetry import trace
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.app.installations import NotInstalled
from bot.receiving import tracing
from bot.receiving.batches import Batches, Full
from bot.receiving.delivery import Delivery, Handler, read
from bot.receiving.journal import Ending, Journal
from bot.receiving.logs import places
from bot.receiving.metrics import Metrics
from bot.receiving.queue import Place
from bot.receiving.reasons import Outcome, Reason
from bot.receiving.recent import Recent
from bot.receiving.relevance import Own, barred, unwanted
from policy.problems import OutsideProblem, Problem

T = TypeVar("T")
_LONGEST_WAIT = 600.0
_log = structlog.get_logger("assay.handling")


class Stopped(BaseException):
    """This process gives a delivery up: it ends, or another took over. Not an Exception: DBOS would take that for an outcome."""


@dataclass(frozen=True)
class Patience:
    """How often to try again: `attempts` in a row, with waits that double from `seconds`; then later, `rounds` times in all."""

    attempts: int = 5
    seconds: float = 2.0
    rounds: int = 8

    def wait(self, attempt: int) -> float:
        """Seconds before the attempt after this one, counted from 1, with jitter."""
        return min(self.seconds * 2.0 ** (attempt - 1), _LONGEST_WAIT) * random.uniform(0.75, 1.0)  # noqa: S311 - jitter

    def pause(self, round_: int) -> float:
        """Seconds before the round after this one: longer than the waits within one."""
        return min(self.seconds * 2.0 ** (self.attempts + round_ - 1), _LONGEST_WAIT)


@dataclass
class Handling:
    """Handles deliveries that the queue names. `sure` raises where this process may act no more, see `bot.receiving.leases`."""

    journal: Journal
    endings: Batches[Ending, None]
    handler: Handler
    metrics: Metrics
    own: Own
    freshness: timedelta
    patience: Patience
    recent: Recent
    sure: Callable[[str], None] = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self, delivery_id: str, round_: int) -> str:
        """Handle one round of a delivery; the answer is its reason code. Raises Stopped."""
        found = self.recent.take(delivery_id) if round_ == 1 else None
        if found is None:
            held = self._patiently(lambda: self.journal.load(delivery_id))
            if held is None or held.body is None or not held.waits(round_):
                # It ended, and the process died before DBOS heard of it.
                return held.reason if held else "forgotten"
            try:
                found = read(held.id, held.event, held.body), held.trace
            except ValueError as error:
                _log.error("cannot be read any more", delivery=held.id, error=type(error).__name__)
                self._end(Ending(held.id, round_, Outcome.FAILED, Reason.SHAPE.value))
                return Reason.SHAPE.value
        delivery, traceparent = found
        with structlog.contextvars.bound_contextvars(**delivery.context), tracing.handling(traceparent, delivery) as span:
            started = time.perf_counter()
            outcome, reason = self._judge(delivery, round_)
            seconds = time.perf_counter() - started
            span.set_attribute("assay.reason", reason)
            if outcome is Outcome.QUEUED:
                _log.warning("waits its turn again", reason=reason, round=round_)
                return reason
            self._end(Ending(delivery.id, round_, outcome, reason))
            self.metrics.handled(delivery.event, outcome.value, reason, seconds)
            if outcome is Outcome.FAILED:
                span.set_status(trace.StatusCode.ERROR)
            say = _log.error if outcome is Outcome.FAILED else _log.info
            say(outcome.value, reason=reason, seconds=round(seconds, 4), round=round_)
        return reason

    def _judge(self, delivery: Delivery, round_: int) -> tuple[Outcome, str]:
        if delivery.fold and self._patiently(lambda: self.journal.superseded(delivery.id)):
            return Outcome.IGNORED, Reason.SUPERSEDED.value
        if stays := unwanted(delivery, self.own, datetime.now(UTC), self.freshness):
            return Outcome.IGNORED, stays.value
        for attempt in range(1, self.patience.attempts + 1):
            self._patiently(lambda: self.sure(Place(delivery.id, round_, 0, "").workflow))
            try:
                return self._handle(delivery)
            except OutsideProblem as problem:
                self.metrics.retried(delivery.event)
                _log.warning("failed outside", problem=str(problem), attempt=attempt)
                if attempt < self.patience.attempts:
                    self._wait(self.patience.wait(attempt))
        pause = self.patience.pause(round_)
        if round_ < self.patience.rounds and self._patiently(lambda: self.journal.again(delivery.id, round_, pause)):
            return Outcome.QUEUED, Reason.OUTSIDE.value
        return Outcome.FAILED, Reason.OUTSIDE.value

    def _handle(self, delivery: Delivery) -> tuple[Outcome, str]:
        """One attempt. Raises OutsideProblem alone: what trying again does not help has an outcome."""
        try:
            return Outcome.HANDLED, str(self.handler(delivery))
        except OutsideProblem:
            raise
        except NotInstalled as refused:
            return Outcome.IGNORED, barred(refused).value
        except Problem as problem:
            _log.error("cannot be done", problem=str(problem))
            return Outcome.FAILED, Reason.PROBLEM.value
        except BaseException as error:  # a handler that calls sys.exit must not leave its pull request locked
            _log.error("a bug", error=type(error).__name__, at=places(error))
            return Outcome.FAILED, Reason.BUG.value

    def _end(self, ending: Ending) -> None:
        self._patiently(lambda: self.endings.submit(ending).result())

    def _patiently(self, ask: Callable[[], T]) -> T:
        """What the database answers, however long it is away: nothing is decided without it, and nothing is given up."""
        for attempt in itertools.count(1):
            try:
                return ask()
            except (DBAPIError, PoolTimeout, Full) as error:
                _log.error("the database does not answer", error=type(error).__name__, attempt=attempt)
                self._wait(min(2.0 ** min(attempt, 5), 30.0) * random.uniform(0.2, 0.5))  # noqa: S311 - jitter
        raise AssertionError("count never ends")

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise Stopped
