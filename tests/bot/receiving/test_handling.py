"""One delivery from the queue to its end."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app.installations import NotInstalled
from bot.receiving import shapes
from bot.receiving.batches import Batches
from bot.receiving.database import deliveries
from bot.receiving.delivery import Delivery
from bot.receiving.handling import Handling, Patience, Stopped
from bot.receiving.journal import Admission, Ending, Held, Journal
from bot.receiving.metrics import Metrics
from bot.receiving.queue import Queue, client
from bot.receiving.recent import Recent
from bot.receiving.relevance import Own
from policy.problems import OutsideProblem, UserProblem
from tests.bot.receiving.payloads import ago, comment, push, said
from tests.bot.receiving.scene import Noting, until
from tests.bot.receiving.test_delivery import delivered


@dataclass
class Scene:
    """A journal with handling on it, and no worker: the test is the queue."""

    journal: Journal
    handling: Handling
    metrics: Metrics
    handler: Noting = field(default_factory=Noting)

    def take_in(self, *given: Delivery) -> None:
        self.journal.take_in([Admission(each) for each in given])

    def then(self, does: Callable[[Delivery], str]) -> None:
        self.handler.then = does

    def ended(self, name: str = "d-1") -> tuple[str, str, int]:
        held = self.journal.load(name)
        assert held is not None
        return held.outcome, held.reason, held.round

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def here(database: Any) -> Iterator[Scene]:
    queue = Queue(database, client(database))
    journal, metrics, handler = Journal(database, queue), Metrics(), Noting()
    endings: Batches[Ending, None] = Batches("test", journal.end, linger=0)
    handling = Handling(
        journal, endings, handler, metrics, Own(1234, "assay"), timedelta(hours=72), Patience(3, 0.001, 2), Recent(10_000, 60)
    )
    yield Scene(journal, handling, metrics, handler)
    endings.close()
    queue.close()


def raising(*errors: BaseException) -> Callable[[Delivery], str]:
    """A handler that raises these, one at each call, and then succeeds."""
    left = list(errors)

    def does(delivery: Delivery) -> str:
        if left:
            raise left.pop(0)
        return "done"

    return does


def test_a_delivery_is_handled_and_its_reason_written_down(here: Scene) -> None:
    one = delivered("issue_comment", comment())
    here.take_in(one)
    assert here.handling("d-1", 1) == "noted"
    assert here.handler.seen == [one]
    assert here.handler.seen[0].payload == one.payload
    assert here.ended() == ("handled", "noted", 1)
    assert here.counted("assay_handled_total", event="issue_comment", outcome="handled", reason="noted") == 1


def test_what_ended_before_is_not_handled_again(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment()))
    assert [here.handling("d-1", 1), here.handling("d-1", 1), here.handling("d-1", 2)] == ["noted"] * 3
    assert len(here.handler.seen) == 1
    assert here.handling("never", 1) == "forgotten"


def test_what_was_just_taken_in_is_not_read_again(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    one = delivered("issue_comment", comment())
    here.take_in(one)
    here.handling.recent.keep(one, "")
    monkeypatch.setattr(here.journal, "load", lambda name: pytest.fail("it was read"))
    assert here.handling("d-1", 1) == "noted"


def test_ap_01_what_fails_outside_is_tried_again(here: Scene) -> None:
    here.then(raising(OutsideProblem("502"), OutsideProblem("timeout")))
    here.take_in(delivered("issue_comment", comment()))
    assert here.handling("d-1", 1) == "done"
    assert len(here.handler.seen) == 3
    assert here.counted("assay_retries_total", event="issue_comment") == 2
    assert here.ended() == ("handled", "done", 1)


def test_what_fails_outside_for_long_waits_its_turn_again_and_then_ends_as_failed(here: Scene) -> None:
    here.then(raising(*[OutsideProblem("502")] * 6))
    here.take_in(delivered("issue_comment", comment()))
    assert here.handling("d-1", 1) == "outside"
    assert here.ended() == ("queued", "", 2)
    assert here.handling("d-1", 1) == "", "the first round is over"
    assert here.handling("d-1", 2) == "outside"
    assert here.ended() == ("failed", "outside", 2)
    assert len(here.handler.seen) == 6


@pytest.mark.parametrize(
    ("error", "reason"),
    [(UserProblem("no such role", "assay.yml"), "problem"), (KeyError("hunter2"), "bug"), (SystemExit(1), "bug")],
)
def test_what_trying_again_does_not_help_ends_as_failed(here: Scene, error: BaseException, reason: str) -> None:
    here.then(raising(error))
    here.take_in(delivered("issue_comment", comment()))
    assert here.handling("d-1", 1) == reason
    assert here.ended() == ("failed", reason, 1)
    assert len(here.handler.seen) == 1
    assert here.counted("assay_handled_total", event="issue_comment", outcome="failed", reason=reason) == 1


@pytest.mark.parametrize(
    ("why", "reason"), [("unknown", "no-installation"), ("suspended", "suspended"), ("elsewhere", "foreign-repository")]
)
def test_wh_20_where_the_app_may_not_act_it_is_ignored(here: Scene, why: Any, reason: str) -> None:
    here.then(raising(NotInstalled(why, "acme/flights")))
    here.take_in(delivered("issue_comment", comment()))
    assert here.handling("d-1", 1) == reason
    assert here.ended() == ("ignored", reason, 1)


def test_what_cannot_be_read_any_more_ends_as_failed(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    here.take_in(delivered("issue_comment", comment()))
    monkeypatch.setitem(shapes.SHAPES, "issue_comment", shapes.Push)  # as after an upgrade that asks for more
    assert here.handling("d-1", 1) == "shape"
    assert here.ended() == ("failed", "shape", 1)


def test_wh_19_a_comment_that_grew_old_in_the_queue_is_not_executed(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment() | {"comment": said(created_at=ago(hours=73))}))
    assert here.handling("d-1", 1) == "stale"
    assert here.handler.seen == []
    assert here.ended() == ("ignored", "stale", 1)


def test_a_push_that_a_newer_one_stands_for_is_not_handled(here: Scene) -> None:
    here.take_in(delivered("push", push(), "d-1"), delivered("push", push(), "d-2"), delivered("push", push("other"), "d-3"))
    assert [here.handling(name, 1) for name in ("d-1", "d-2", "d-3")] == ["superseded", "noted", "noted"]
    assert here.handler.ids == ["d-2", "d-3"]


def test_a_handler_that_waits_for_its_next_attempt_is_stopped_and_stays_in_the_queue(here: Scene) -> None:
    here.handling.patience = Patience(3, 600.0, 1)
    here.then(raising(OutsideProblem("502")))
    here.take_in(delivered("issue_comment", comment()))
    raised: list[BaseException] = []

    def work() -> None:
        try:
            here.handling("d-1", 1)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: len(here.handler.seen) == 1)
    here.handling.stop.set()
    thread.join(10)
    assert [type(error) for error in raised] == [Stopped]
    assert not isinstance(raised[0], Exception), "DBOS would write it down as an outcome"
    assert here.ended() == ("queued", "", 1)


def test_whoever_is_not_sure_to_be_alive_does_not_act(here: Scene) -> None:
    def sure(workflow: str) -> None:
        assert workflow == "d-1"
        raise Stopped

    here.handling.sure = sure
    here.take_in(delivered("issue_comment", comment()))
    with pytest.raises(Stopped):
        here.handling("d-1", 1)
    assert here.handler.seen == []


def test_a_database_that_is_away_is_waited_for(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    away, load = [2], here.journal.load
    monkeypatch.setattr("bot.receiving.handling.random.uniform", lambda low, high: 0.001)

    def loading(name: str) -> Held | None:
        if away[0]:
            away[0] -= 1
            raise sa.exc.OperationalError("SELECT", {}, Exception("away"))
        return load(name)

    monkeypatch.setattr(here.journal, "load", loading)
    here.take_in(delivered("issue_comment", comment()))
    assert here.handling("d-1", 1) == "noted"
    assert len(here.handler.seen) == 1


def test_waits_double_are_bounded_and_the_next_round_comes_later() -> None:
    patience = Patience(5, 2.0, 8)
    assert all(1.5 * 2 ** (attempt - 1) <= patience.wait(attempt) <= 2.0 * 2 ** (attempt - 1) for attempt in range(1, 6))
    assert patience.pause(1) >= patience.wait(5)
    assert patience.pause(50) == patience.wait(100) * 0 + 600.0
    assert len({patience.wait(3) for _ in range(20)}) > 1, "without jitter all would come back at once"


def test_the_trace_is_remembered_with_the_delivery(here: Scene, database: Any) -> None:
    here.journal.take_in([Admission(delivered("issue_comment", comment()), trace="00-" + "a" * 32 + "-" + "b" * 16 + "-01")])
    with database.reads.connect() as connection:
        assert connection.execute(sa.select(deliveries.c.trace)).scalar_one().startswith("00-aaaa")
    assert here.handling("d-1", 1) == "noted"
