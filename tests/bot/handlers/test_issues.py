"""What happens to the issue of a request counts; what happens to others does not."""

from bot.promotion.asked import LABEL
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court


def test_a_request_that_is_opened_again_is_weighed(there: Court) -> None:
    number = there.ask()
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    assert there.chat.happen(issue, "reopened") is Reason.REFRESHED


def test_an_issue_without_the_label_is_nothing_to_us(there: Court) -> None:
    there.chat.here.github.forget_requests()
    assert there.chat.happen(there.chat.here.github.issue(REPOSITORY), "edited") is Reason.NOT_OURS
    assert there.chat.asked == []


def test_the_label_alone_makes_no_request(there: Court) -> None:
    issue = there.chat.here.github.issue(REPOSITORY, body="promote it")
    there.gateway.add_label(issue.number, LABEL)
    assert there.chat.happen(issue, "edited") is Reason.NOT_OURS


def test_what_somebody_else_closed_is_over(there: Court) -> None:
    number = there.ask()
    issue = there.chat.here.github.repository(REPOSITORY).issues[number]
    assert there.chat.happen(issue, "closed") is Reason.NOT_OURS
