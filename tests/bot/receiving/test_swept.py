"""What a sweep found goes through the queue as everything else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.gateway.records import IssueComment, Repository
from bot.receiving.delivery import Delivery
from bot.receiving.relevance import Own, unwanted
from bot.receiving.swept import Queued

FLIGHTS = Repository(7, "acme/flights", "main", True)
COMMENT = IssueComment(11, "/train", 5, "mona", None, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", number=3)


AT = datetime(2026, 1, 3, tzinfo=UTC)


def queued(installation: int | None = 9, at: datetime = AT) -> tuple[Queued, list[Delivery]]:
    queue: list[Delivery] = []
    return Queued(queue.append, FLIGHTS, installation, at), queue


def test_it_waits_behind_what_is_in_hand_of_its_pull_request() -> None:
    hands, queue = queued()
    hands.answer(COMMENT, True)
    hands.answer(COMMENT, False)
    hands.judge(3)
    hands.tell(3)
    hands.weigh(3)
    assert {(each.partition, each.repository, each.installation_id) for each in queue} == {("7/3", "acme/flights", 9)}
    assert queue[0].payload["issue"]["pull_request"] and "pull_request" not in queue[1].payload["issue"]


def test_the_registry_is_looked_at_behind_what_it_told_itself() -> None:
    hands, queue = queued()
    hands.watch()
    assert [(each.event, each.partition, each.fold) for each in queue] == [("mlflow", "registry", "mlflow registry")]
    assert unwanted(queue[0], Own(), AT, timedelta(hours=72)) is None


def test_the_same_comment_is_the_same_delivery() -> None:
    hands, queue = queued(installation=None)
    hands.answer(COMMENT, True)
    hands.answer(COMMENT, True)
    assert queue[0] == queue[1] and queue[0].installation_id is None


def test_a_pull_request_is_judged_once_for_each_sweep() -> None:
    hands, queue = queued()
    hands.judge(3)
    hands.judge(3)
    hands.judge(4)
    hands.tell(4)
    later, more = queued(at=AT + timedelta(days=1))
    later.judge(3)
    assert queue[0] == queue[1]
    assert len({each.id for each in [*queue, *more]}) == len({each.digest for each in [*queue, *more]}) == 4


@pytest.mark.parametrize("own", [Own(), Own(1, "assay")])
def test_its_age_was_judged_by_the_sweep(own: Own) -> None:
    hands, queue = queued()
    hands.answer(COMMENT, True)
    hands.judge(3)
    assert [unwanted(each, own, datetime(2026, 1, 4, tzinfo=UTC), timedelta(hours=24)) for each in queue] == [None, None]
