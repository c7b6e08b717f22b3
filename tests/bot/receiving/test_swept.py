"""What a sweep found goes through the queue as everything else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.gateway.records import IssueComment, Repository
from bot.receiving.delivery import Delivery
from bot.receiving.relevance import Own, unwanted
from bot.receiving.swept import delivery, into

FLIGHTS = Repository(7, "acme/flights", "main", True)
COMMENT = IssueComment(11, "/train", 5, "mona", None, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", number=3)


def test_it_waits_behind_what_is_in_hand_of_its_pull_request() -> None:
    made = delivery(COMMENT, True, FLIGHTS, 9)
    assert (made.partition, made.repository, made.installation_id) == ("7/3", "acme/flights", 9)
    assert made.payload["issue"]["pull_request"] and "pull_request" not in delivery(COMMENT, False, FLIGHTS, 9).payload["issue"]


def test_the_same_comment_is_the_same_delivery() -> None:
    queue: list[Delivery] = []
    take_up = into(queue.append, FLIGHTS, None)
    take_up(COMMENT, True)
    take_up(COMMENT, True)
    assert queue[0] == queue[1] and queue[0].installation_id is None


@pytest.mark.parametrize("own", [Own(), Own(1, "assay")])
def test_its_age_was_judged_by_the_sweep(own: Own) -> None:
    made = delivery(COMMENT, True, FLIGHTS, 9)
    assert unwanted(made, own, datetime(2026, 1, 4, tzinfo=UTC), timedelta(hours=24)) is None
