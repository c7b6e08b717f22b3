"""A review is entered when its issue is closed by somebody who may; a closing that nobody told of, by the next request."""

from datetime import timedelta

import pytest

from bot.handlers import issues
from bot.promotion import signing
from bot.promotion.reviewing import REVIEW
from bot.promotion.weighing import weigh
from policy.ledger import Decision
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.gateway.test_entering import chain
from tests.bot.promotion.court import Court
from tests.bot.promotion.test_reviewing import setting


def closed(there: Court, by: str) -> int:
    """Somebody closes the issue that asks for a review."""
    number = max(each.number for each in there.gateway.issues(REVIEW, "all"))
    there.gateway.close_issue(number, "completed")
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    issue.closed_by = there.chat.here.github.user(by)
    return number


def tell(there: Court, number: int) -> None:
    issues.handle(there.chat.around, {"action": "closed", "issue": {"number": number, "labels": [{"name": REVIEW}]}})


def entered(there: Court) -> list[str]:
    """Who reviewed what, as far as it is entered."""
    found = [each for each in chain(there.chat.here) if each.entry.decision is Decision.REVIEWED]
    return [f"{each.personal and each.personal.login} {each.entry.subject.version}" for each in found]


def test_a_review_is_entered_by_whom_once_and_again_where_it_is_closed_again(there: Court) -> None:
    setting(there)
    number = closed(there, "mona")
    tell(there, number)
    assert entered(there) == [], "mona may not approve there"
    closed(there, "bob")
    for _ in range(2):
        tell(there, number)
    assert entered(there) == ["bob 1"]
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    issue.closed_at = "2027-01-01T00:00:00Z"
    issue.closed_by = there.chat.here.github.user("carol")
    assert signing.sign(there.chat.around, number) and not signing.sign(there.chat.around, number + 1)
    assert entered(there) == ["bob 1", "carol 1"]


def test_a_closing_that_nobody_told_of_is_entered_with_the_next_look_at_a_request(there: Court) -> None:
    request = setting(there)
    number = closed(there, "bob")
    weigh(there.chat.around, request)
    weigh(there.chat.around, request)
    assert entered(there) == ["bob 1"]
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    issue.closed_at = (there.chat.around.clock() - timedelta(days=8)).isoformat()
    weigh(there.chat.around, request)
    assert entered(there) == ["bob 1"], "what is that old was not missed just now"


def test_where_the_ledger_cannot_be_written_a_review_counts_all_the_same(there: Court) -> None:
    request = setting(there)
    number = closed(there, "bob")
    there.chat.here.github.fail("status", "PUT", "/contents/entries", status=422, times=None)
    with pytest.raises(UserProblem):
        signing.sign(there.chat.around, number)
    tell(there, number)
    assert "waits for its review" not in there.card(request) and "ledger" in there.card(request)
    there.chat.here.github.faults.clear()
