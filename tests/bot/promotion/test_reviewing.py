"""An emergency is red until somebody who may approve there, and had no part in it, closed the issue that asks for its review."""

from bot.handlers import issues
from bot.promotion.authorizing import authorize
from bot.promotion.reviewing import REVIEW
from bot.promotion.weighing import weigh
from policy.approvals import State
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court
from tests.bot.promotion.test_rolling import back, done, ran


def setting(there: Court) -> int:
    """An open request, and a rollback that alice made since."""
    ran(there, 1, 2)
    number = there.ask("/promote flight-delay@3 to production")
    done(there, authorize(there.chat.around, back(there), 1))
    return number


def reviewed(there: Court, number: int) -> bool:
    found = weigh(there.chat.around, number)
    assert found and found.decision.state is State.BLOCKED  # it never ran in staging
    return "waits for its review" not in there.card(number)


def test_it_counts_who_closed_it_as_they_are_now_and_only_while_it_is_closed(there: Court) -> None:
    number = setting(there)
    (review,) = there.gateway.issues(REVIEW)
    assert not reviewed(there, number)
    issue = there.chat.here.github.repository(REPOSITORY).issues[review.number]
    there.gateway.close_issue(review.number, "completed")
    assert not reviewed(there, number), "a bot is nobody"
    for by, counts in (("bob", True), ("carol", True), ("alice", False), ("mona", False), ("tim", False)):
        issue.closed_by = there.chat.here.github.user(by)
        assert reviewed(there, number) is counts, by
    issue.closed_by = None
    assert not reviewed(there, number)
    issue.closed_by = there.chat.here.github.user("bob")
    payload = {"action": "closed", "issue": {"number": review.number, "labels": [{"name": REVIEW}]}}
    assert issues.handle(there.chat.around, payload) is Reason.REFRESHED
    assert "waits for its review" not in there.card(number), "open requests hear of it at once"
    issue.state = "open"
    assert not reviewed(there, number)
    issue.state = "closed"
    there.chat.here.github.fail("status", path="/collaborators/bob", times=None, status=403)
    assert not reviewed(there, number), "nobody can tell what bob may do"


def test_an_issue_whose_text_was_edited_or_that_somebody_else_opened_is_none(there: Court) -> None:
    number = setting(there)
    (review,) = there.gateway.issues(REVIEW)
    github = there.chat.here.github
    issue = github.repository(REPOSITORY).issues[review.number]
    forged = github.issue(REPOSITORY, body=issue.body, author="bob")
    there.gateway.add_label(forged.number, REVIEW)
    forged.state, forged.closed_by = "closed", github.user("bob")
    assert not reviewed(there, number)
    issue.body, issue.state, issue.closed_by = "fine", "closed", github.user("bob")
    assert not reviewed(there, number)


def test_without_an_emergency_nothing_more_is_asked(there: Court) -> None:
    ran(there, 1, 2)
    number = there.ask("/promote flight-delay@3 to production")
    there.chat.here.github.forget_requests()
    assert reviewed(there, number)
    assert not [each for each in there.chat.asked if "review" in each]
