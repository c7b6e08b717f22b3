"""What was taken in, once for each id and each body, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bot.receiving.database import Database, bodies, deliveries
from bot.receiving.delivery import Delivery
from bot.receiving.journal import Admission, Ending, Journal
from bot.receiving.queue import Place, Queue, client
from bot.receiving.reasons import Outcome, Reason
from tests.bot.receiving.payloads import comment, pull_request, push
from tests.bot.receiving.scene import together
from tests.bot.receiving.test_delivery import delivered


@dataclass
class Scene:
    """A journal, its queue and its database."""

    database: Database
    queue: Queue
    journal: Journal

    def take_in(self, *given: Delivery, ignored: Reason | None = None) -> list[Reason]:
        return self.journal.take_in([Admission(each, ignored) for each in given])

    def end(self, name: str, outcome: Outcome, reason: str = "done", round_: int = 1) -> None:
        self.journal.end([Ending(name, round_, outcome, reason)])

    def stored(self) -> set[str]:
        with self.database.reads.connect() as connection:
            return set(connection.execute(sa.select(bodies.c.id)).scalars())

    def debouncing(self, seconds: float) -> "Scene":
        return Scene(self.database, self.queue, Journal(self.database, self.queue, seconds))


@pytest.fixture
def here(database: Database) -> Iterator[Scene]:
    queue = Queue(database, client(database))
    yield Scene(database, queue, Journal(database, queue))
    queue.close()


def test_a_delivery_is_there_with_its_body_and_its_place_in_the_queue(here: Scene) -> None:
    one = delivered("issue_comment", comment())
    assert here.take_in(one) == [Reason.ACCEPTED]
    held = here.journal.load("d-1")
    assert held is not None and held.waits(1) and not held.waits(2)
    assert (held.event, held.body) == ("issue_comment", one.body)
    assert here.queue.statuses(["d-1"]) == {"d-1": "ENQUEUED"}
    assert here.journal.depth() == 1


def test_wh_14_an_id_is_taken_once_one_after_another_and_all_at_once(here: Scene) -> None:
    first = delivered("issue_comment", comment())
    assert here.take_in(first) == [Reason.ACCEPTED]
    assert here.take_in(first, first) == [Reason.DUPLICATE] * 2
    second = delivered("issue_comment", comment(), "d-2")
    answers = together([lambda: here.take_in(second)] * 20)
    assert sorted(reason.value for [reason] in answers) == ["accepted"] + ["duplicate"] * 19
    assert here.journal.depth() == 2


def test_wh_14_twenty_of_one_id_in_one_batch_are_one(here: Scene) -> None:
    one = delivered("issue_comment", comment())
    assert here.take_in(*[one] * 20) == [Reason.ACCEPTED] + [Reason.DUPLICATE] * 19


def test_wh_14_another_body_under_a_known_id_changes_nothing(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment(body="/help")))
    assert here.take_in(delivered("issue_comment", comment(body="/train"))) == [Reason.DUPLICATE]
    held = here.journal.load("d-1")
    assert held is not None and held.body is not None and b"/help" in held.body


def test_wh_15_a_body_under_another_id_or_event_has_no_second_effect(here: Scene) -> None:
    payload = comment()
    assert here.take_in(delivered("issue_comment", payload, "d-1"), delivered("issue_comment", payload, "d-2")) == [
        Reason.ACCEPTED,
        Reason.REPLAYED,
    ]
    assert here.take_in(delivered("issue_comment", payload, "d-3")) == [Reason.REPLAYED]
    here.end("d-1", Outcome.HANDLED)
    assert here.take_in(delivered("star", payload, "d-4")) == [Reason.REPLAYED]
    here.end("d-1", Outcome.FAILED)
    assert here.take_in(delivered("issue_comment", payload, "d-5")) == [Reason.REPLAYED]
    assert here.journal.load("d-2") is None


def test_wh_16_two_comments_with_one_text_are_two(here: Scene) -> None:
    assert (
        here.take_in(delivered("issue_comment", comment(), "d-1"), delivered("issue_comment", comment(), "d-2"))
        == [Reason.ACCEPTED] * 2
    )


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.IGNORED])
def test_wh_16_a_redelivery_of_what_failed_is_processed_again_and_once(here: Scene, outcome: Outcome) -> None:
    one = delivered("issue_comment", comment())
    here.take_in(one)
    here.end("d-1", outcome)
    assert here.journal.load("d-1").body is None  # type: ignore[union-attr]
    answers = together([lambda: here.take_in(one)] * 8)
    assert sorted(reason.value for [reason] in answers) == ["again"] + ["duplicate"] * 7
    held = here.journal.load("d-1")
    assert held is not None and held.waits(2) and held.body == one.body
    assert here.queue.statuses(["d-1~2"]) == {"d-1~2": "ENQUEUED"}


def test_a_redelivery_of_what_was_handled_is_not(here: Scene) -> None:
    one = delivered("issue_comment", comment())
    here.take_in(one)
    here.end("d-1", Outcome.HANDLED)
    assert here.take_in(one) == [Reason.DUPLICATE]


def test_what_is_ignored_is_recorded_and_stands_in_nobodys_way(here: Scene) -> None:
    payload = comment()
    assert here.take_in(delivered("star", payload, "d-1"), ignored=Reason.UNKNOWN_EVENT) == [Reason.UNKNOWN_EVENT]
    assert here.take_in(delivered("star", payload, "d-1"), ignored=Reason.UNKNOWN_EVENT) == [Reason.DUPLICATE]
    assert (here.journal.depth(), here.stored(), here.queue.statuses(["d-1"])) == (0, set(), {})
    assert here.take_in(delivered("issue_comment", payload, "d-2")) == [Reason.ACCEPTED]
    assert here.take_in(delivered("issue_comment", payload, "d-1")) == [Reason.REPLAYED]


def test_ending_forgets_the_body_and_happens_once(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment(), "d-1"), delivered("issue_comment", comment(), "d-2"))
    here.journal.end([Ending("d-1", 1, Outcome.HANDLED, "done"), Ending("d-2", 1, Outcome.FAILED, "bug")])
    here.end("d-1", Outcome.FAILED, "late")
    held = here.journal.load("d-1")
    assert held is not None and (held.outcome, held.reason, held.body) == ("handled", "done", None)
    assert here.stored() == set()
    assert here.journal.depth() == 0


def test_an_ending_of_an_earlier_round_changes_nothing(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment()))
    assert here.journal.again("d-1", 1, 0.0)
    assert not here.journal.again("d-1", 1, 0.0)
    here.end("d-1", Outcome.HANDLED, round_=1)
    held = here.journal.load("d-1")
    assert held is not None and held.waits(2)
    assert here.queue.statuses(["d-1", "d-1~2"]) == {"d-1": "ENQUEUED", "d-1~2": "ENQUEUED"}


def test_waiting_again_is_delayed(here: Scene) -> None:
    here.take_in(delivered("issue_comment", comment()))
    assert here.journal.again("d-1", 1, 60.0)
    assert here.queue.statuses(["d-1~2"]) == {"d-1~2": "DELAYED"}


def test_pushes_within_a_window_are_due_together_and_only_the_newest_counts(here: Scene) -> None:
    quick = here.debouncing(0.4)
    quick.take_in(delivered("push", push(), "d-1"))
    quick.take_in(delivered("push", push(), "d-2"), delivered("push", push("other"), "d-3"))
    with here.database.reads.connect() as connection:
        due = {row.id: row.due for row in connection.execute(sa.select(deliveries.c.id, deliveries.c.due))}
    assert due["d-1"] == due["d-2"]
    assert here.queue.statuses(["d-1", "d-2", "d-3"]) == dict.fromkeys(["d-1", "d-2", "d-3"], "DELAYED")
    assert not quick.journal.superseded("d-1"), "the newer one is not due yet, so it may be superseded itself for ever"
    with here.database.durably() as connection:
        connection.execute(sa.update(deliveries).values(due=0))
    assert [quick.journal.superseded(name) for name in ("d-1", "d-2", "d-3")] == [True, False, False]


def test_a_stream_of_pushes_is_handled_window_by_window(here: Scene) -> None:
    quick = here.debouncing(30.0)
    quick.take_in(delivered("push", push(), "d-1"))
    with here.database.durably() as connection:
        connection.execute(sa.update(deliveries).values(due=0))  # the first window has ended
    quick.take_in(delivered("push", push(), "d-2"))
    assert not quick.journal.superseded("d-1"), "d-2 belongs to the next window"


def test_other_events_never_wait_for_company(here: Scene) -> None:
    quick = here.debouncing(30.0)
    quick.take_in(delivered("pull_request", pull_request()), delivered("issue_comment", comment(), "d-2"))
    assert here.queue.statuses(["d-1", "d-2"]) == {"d-1": "ENQUEUED", "d-2": "ENQUEUED"}


def test_known_are_those_that_did_not_fail(here: Scene) -> None:
    here.take_in(*(delivered("issue_comment", comment(), f"d-{number}") for number in range(3)))
    here.end("d-1", Outcome.FAILED)
    here.end("d-2", Outcome.HANDLED)
    assert here.journal.known(["d-0", "d-1", "d-2", "d-3"]) == {"d-0", "d-2"}
    assert here.journal.known([]) == set()


def test_pruning_forgets_what_ended_long_ago_with_its_workflows(here: Scene) -> None:
    payload = comment()
    here.take_in(*(delivered("issue_comment", comment(), f"d-{number}") for number in range(3)))
    here.take_in(delivered("issue_comment", payload, "d-9"))
    here.journal.again("d-1", 1, 0)
    here.end("d-0", Outcome.HANDLED)
    here.end("d-1", Outcome.FAILED, round_=2)
    with here.database.durably() as connection:
        connection.execute(sa.update(deliveries).where(deliveries.c.id != "d-9").values(received=deliveries.c.received - 10_000))
    here.end("d-9", Outcome.HANDLED)
    assert here.journal.prune(5_000) == 2
    assert [here.journal.load(f"d-{number}") is None for number in (0, 1, 2, 9)] == [True, True, False, False]
    assert here.queue.statuses(["d-0", "d-1", "d-1~2", "d-2"]) == {"d-2": "ENQUEUED"}
    assert here.take_in(delivered("issue_comment", payload, "d-10")) == [Reason.REPLAYED], "within the window"


def test_wh_25_what_nothing_will_handle_is_found(here: Scene) -> None:
    here.take_in(*(delivered("issue_comment", comment(), f"d-{number}") for number in range(3)))
    here.queue.delete(["d-1"])
    [(place, status)] = here.journal.stranded()
    assert (place.id, place.round, place.partition, status) == ("d-1", 1, "4711/7", "")
    assert isinstance(place, Place)
    here.end("d-1", Outcome.HANDLED)
    assert here.journal.stranded() == []


def test_deliveries_are_listed_a_part_at_a_time_the_newest_first_and_without_bodies(here: Scene) -> None:
    here.take_in(*(delivered("issue_comment", comment(), f"d-{number}") for number in range(5)))
    here.end("d-3", Outcome.FAILED, "bug")
    first = here.journal.newest(2)
    assert [each.id for each in first] == ["d-4", "d-3"]
    assert [each.id for each in here.journal.newest(9, first[-1].seq)] == ["d-2", "d-1", "d-0"]
    (failed,) = here.journal.newest(9, outcome="failed")
    assert (failed.id, failed.reason, failed.event, failed.repository) == ("d-3", "bug", "issue_comment", "acme/flights")
    assert failed.ended is not None and failed.ended >= failed.received and "body" not in vars(failed)
