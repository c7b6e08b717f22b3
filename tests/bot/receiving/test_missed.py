"""Deliveries that never arrived are sent again; those that were not finished are taken up again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.app.deliveries import Delivery
from bot.gateway.problems import NotThere
from bot.receiving.database import Database
from bot.receiving.journal import Admission, Ending, Journal
from bot.receiving.missed import ATTEMPTS, RETENTION, Missed, lost, revive
from bot.receiving.queue import Place, Queue, client
from bot.receiving.reasons import Outcome
from policy.problems import OutsideProblem
from tests.bot.app.scene import NAME
from tests.bot.app.scene import Scene as AppScene
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.scene import SECRET, Bot, Noting, free_port, serving, until
from tests.bot.receiving.test_delivery import delivered
from tests.loopback.server import running

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def sent(number: int, guid: str, status: int = 502, ago: timedelta = timedelta(hours=1), redelivery: bool = False) -> Delivery:
    moment = (NOW - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Delivery(number, guid, "issue_comment", "created", moment, redelivery, status, 99, 4711)


@dataclass
class Github:
    """What GitHub remembers; `asked` are the attempts that it was asked for."""

    attempts: list[Delivery]
    asked: list[int]
    gone: set[int]
    away: bool = False
    looked_at: int = 0

    def newest_first(self) -> Iterator[Delivery]:
        if self.away:
            raise OutsideProblem("GitHub failed (502)")
        for each in sorted(self.attempts, key=lambda one: -one.id):
            self.looked_at += 1
            yield each

    def attempt(self, number: int) -> None:
        if number in self.gone:
            raise NotThere("gone")
        self.asked.append(number)


def github(*attempts: Delivery) -> Github:
    return Github(list(attempts), [], set())


def test_wh_25_only_what_never_arrived_and_is_young_enough_is_sent_again() -> None:
    attempts = [
        sent(1, "later-arrived"), sent(2, "later-arrived", 202, redelivery=True),
        sent(3, "still-failing"), sent(4, "still-failing", 504, redelivery=True),
        sent(5, "too-old", ago=RETENTION + timedelta(minutes=1)),
        sent(6, "held"),
        sent(7, "on-its-way", ago=timedelta(seconds=10)),
        sent(8, "fine", 200),
    ]  # fmt: skip
    assert [each.id for each in lost(attempts, {"held"}, NOW)] == [4]


def test_wh_25_what_fails_again_and_again_is_given_up() -> None:
    attempts = [sent(number, "hopeless", redelivery=number > 1) for number in range(1, ATTEMPTS)]
    assert [each.id for each in lost(attempts, (), NOW)] == [ATTEMPTS - 1]
    assert lost([*attempts, sent(ATTEMPTS, "hopeless")], (), NOW) == []


attempted = st.builds(
    sent,
    st.integers(1, 50),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([200, 202, 401, 502, 0]),
    st.timedeltas(timedelta(), timedelta(days=5)),
)


@given(st.lists(attempted, max_size=12, unique_by=lambda each: each.id), st.sets(st.sampled_from(["a", "b"])))
def test_wh_25_nothing_that_arrived_or_is_held_is_ever_sent_again(attempts: list[Delivery], held: set[str]) -> None:
    found = lost(attempts, held, NOW)
    assert len({each.guid for each in found}) == len(found)
    for each in found:
        assert each.guid not in held
        assert not any(other.arrived for other in attempts if other.guid == each.guid)


@pytest.fixture
def journal(database: Database) -> Iterator[Journal]:
    queue = Queue(database, client(database))
    yield Journal(database, queue)
    queue.close()


def test_it_looks_back_to_where_it_was_and_no_further(journal: Journal, database: Database) -> None:
    there = github(*(sent(number, f"g-{number}", 202, timedelta(hours=50 - number)) for number in range(1, 40)))
    missed = Missed(there, journal, database)
    assert missed(NOW) == 0
    first = there.looked_at
    there.attempts.append(replace(sent(100, "new"), delivered_at=(NOW + timedelta(minutes=1)).isoformat()))
    there.looked_at = 0
    assert missed(NOW + timedelta(minutes=10)) == 1
    assert there.asked == [100]
    assert there.looked_at <= 2 < first


def test_what_is_still_missing_stays_in_sight(journal: Journal, database: Database) -> None:
    there = github(sent(1, "missing", ago=timedelta(hours=5)), sent(2, "fine", 202))
    missed = Missed(there, journal, database)
    for round_ in range(3):
        assert missed(NOW + timedelta(minutes=10 * round_)) == 1
    assert there.asked == [1, 1, 1]


def test_what_the_journal_holds_is_not_asked_for_but_what_failed_there_is(journal: Journal, database: Database) -> None:
    for name in ("held", "failed"):
        journal.take_in([Admission(delivered("issue_comment", comment(), name))])
    journal.end([Ending("failed", 1, Outcome.FAILED, "bug")])
    there = github(sent(1, "held"), sent(2, "failed"))
    assert Missed(there, journal, database)(NOW) == 1
    assert there.asked == [2]


def test_a_github_that_is_away_is_asked_from_the_same_place_later(journal: Journal, database: Database) -> None:
    there = github(sent(1, "missing"))
    missed = Missed(there, journal, database)
    there.away = True
    with pytest.raises(OutsideProblem):
        missed(NOW)
    there.away = False
    assert missed(NOW) == 1


def test_what_github_keeps_no_more_does_not_stop_the_others(journal: Journal, database: Database) -> None:
    there = github(sent(1, "gone"), sent(2, "missing"))
    there.gone.add(1)
    assert Missed(there, journal, database)(NOW) == 1
    assert there.asked == [2]


def test_wh_25_what_was_taken_in_and_never_finished_is_found_in_our_own_journal(journal: Journal, database: Database) -> None:
    journal.take_in([Admission(delivered("issue_comment", comment(), name)) for name in ("lost", "waiting")])
    journal._queue.delete(["lost"])
    assert revive(journal) == 1
    assert journal._queue.statuses(["lost~2", "waiting"]) == {"lost~2": "ENQUEUED", "waiting": "ENQUEUED"}
    assert revive(journal) == 0


def test_what_the_process_died_with_too_often_is_given_up(journal: Journal, database: Database) -> None:
    journal.take_in([Admission(delivered("issue_comment", comment(), "poison"))])
    system = journal._queue._client._sys_db
    with database.durably() as connection:
        system._apply_caller_schema(connection)
        connection.execute(sa.update(system.tables.workflow_status).values(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED"))
    assert revive(journal) == 0
    held = journal.load("poison")
    assert held is not None and (held.outcome, held.reason) == ("failed", "poison")


def test_what_never_ends_in_any_way_is_given_up(journal: Journal) -> None:
    journal.take_in([Admission(delivered("issue_comment", comment(), "lost"))])
    revived = 0
    for round_ in range(1, 40):
        journal._queue.delete([Place("lost", round_, 0, "").workflow])
        revived += revive(journal)
    held = journal.load("lost")
    assert held is not None and (held.outcome, held.reason, held.round, revived) == ("failed", "bug", 20, 19)


def test_wh_25_deliveries_of_a_downtime_arrive_when_the_service_is_back(sqlite: str) -> None:
    """GitHub on loopback, an App, a service that is down, then up: every comment is handled, once."""
    with running() as github_:
        there = AppScene.of(github_)
        port, hook = free_port(), there.app.hook
        hook.url, hook.secret = f"http://127.0.0.1:{port}/webhooks/github", SECRET
        for number in range(3):
            github_.announce(NAME, github_.comment(NAME, there.number, f"/help {number}"), "created")
        github_.sender.drain()
        assert [each.status for each in github_.sender.deliveries[-3:]] == [None] * 3
        deliveries = there.gateways().deliveries
        assert deliveries is not None
        bot = Bot(sqlite, Noting(), app_id=there.app.id)
        with serving(bot.app, port):
            missed = Missed(deliveries, bot.service.journal, bot.service.database)
            soon = datetime.now(UTC) + timedelta(minutes=2)
            assert missed(soon) >= 3
            github_.sender.drain()
            until(lambda: sum(each.event == "issue_comment" for each in bot.seen) == 3)
            bot.settle()
            missed(soon)
            github_.sender.drain()
        comments = [each.status for each in github_.sender.deliveries if each.event == "issue_comment"]
        assert comments == [None] * 3 + [202] * 3, "what arrived is not asked for again"
        said = sorted(each.payload["comment"]["body"] for each in bot.seen if each.event == "issue_comment")
        assert said == ["/help 0", "/help 1", "/help 2"]
