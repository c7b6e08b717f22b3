"""Asking opens one issue for each model and environment, once, and says where it is."""

from bot import sweeping
from bot.promotion.asked import LABEL
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.promotion.court import Court


def test_the_answer_leads_to_the_issue(there: Court) -> None:
    number = there.ask()
    assert f"See #{number}." in there.chat.answer()
    found = there.gateway.issue(number)
    assert found.title == "Promote flight-delay version 3 to staging" and found.labels == (LABEL,)


def test_handling_the_asking_twice_opens_one_issue(there: Court) -> None:
    number = there.ask()
    assert there.chat.handle(there.chat.comments[-1]) is Reason.REQUEST_OPENED
    assert [each.number for each in there.gateway.issues(LABEL)] == [number]


def test_asking_for_the_same_again_says_where_it_is_asked_for(there: Court) -> None:
    number = there.ask()
    assert there.chat.say("/promote flight-delay@3 to staging", "alice") is Reason.REQUEST_STANDS
    assert f"See #{number}." in there.chat.answer()


def test_a_newer_version_ends_the_request_for_an_older_one_and_says_so(there: Court) -> None:
    old = there.ask("/promote flight-delay@2 to staging")
    new = there.ask("/promote flight-delay@3 to staging")
    assert there.gateway.issue(old).state == "closed" and there.gateway.issue(new).state == "open"
    assert f"#{new} asks for a newer version" in there.chat.here.github.comments(REPOSITORY, old)[-1].body


def test_an_older_asking_that_comes_once_more_does_not_end_the_request_for_a_newer_version(there: Court) -> None:
    there.ask("/promote flight-delay@2 to staging")
    first = there.chat.comments[-1]
    new = there.ask("/promote flight-delay@3 to staging")
    there.chat.handle(first)
    assert [each.number for each in there.gateway.issues(LABEL)] == [new]
    assert "instead" not in there.chat.here.github.comments(REPOSITORY, new)[-1].body


def test_an_asking_that_is_heard_only_after_a_later_one_for_another_version_opens_nothing(there: Court) -> None:
    lost = there.chat.comment("/promote flight-delay@2 to staging")
    new = there.ask("/promote flight-delay@3 to staging")
    assert there.chat.handle(lost) is Reason.REQUEST_SUPERSEDED
    assert [each.number for each in there.gateway.issues(LABEL, "all")] == [new]
    assert f"See #{new}." in there.chat.answer()


def test_whoever_may_not_write_asks_for_nothing(there: Court) -> None:
    assert there.chat.say("/promote flight-delay to staging", "eve") is Reason.NOT_ALLOWED
    assert there.gateway.issues(LABEL) == []


def test_a_vote_on_an_issue_that_asks_for_nothing_is_told_so(there: Court) -> None:
    issue = there.chat.here.github.issue(REPOSITORY)
    assert there.chat.say("/approve 7f3a9c2e51d0", "carol", issue.number) is Reason.REQUEST_NONE


def test_ap_02_where_the_answer_was_lost_there_is_one_issue_all_the_same(there: Court) -> None:
    there.chat.here.github.fail("drop", "POST", "/issues", after=True)
    number = there.ask()
    assert [each.number for each in there.gateway.issues(LABEL, "all")] == [number]


def test_a_sweep_weighs_what_waits(there: Court) -> None:
    number = there.ask()
    there.chat.comment(f"/approve {there.code(number)}", "carol", number).updated_at = "2030-01-01T00:00:00Z"
    sweeping.sweep(there.chat.around)
    assert "was edited" in there.card(number)


def test_an_asking_that_comes_once_more_after_its_request_is_over_opens_none(there: Court) -> None:
    number = there.ask()
    there.gateway.close_issue(number, "not_planned")
    there.chat.handle(there.chat.comments[-1])
    assert [each.number for each in there.gateway.issues(LABEL, "all")] == [number]


def test_an_issue_that_somebody_copied_is_not_taken_for_the_request(there: Court) -> None:
    number = there.ask()
    github = there.chat.here.github
    issue = github.repository(REPOSITORY).issues[number]
    copied = github.issue(REPOSITORY, body=issue.body or "", author="eve")
    there.gateway.add_label(copied.number, LABEL)
    issue.labels.clear()  # so that only the copy is found
    there.chat.handle(there.chat.comments[-1])
    assert [each.number for each in there.gateway.issues(LABEL)] != [copied.number]


def test_an_asking_that_found_a_request_opens_none_when_it_comes_once_more_after_that_is_over(there: Court) -> None:
    number = there.ask()
    there.chat.say("/promote flight-delay@3 to staging", "alice")
    there.gateway.close_issue(number, "completed")
    there.chat.here.github.repository(REPOSITORY).issues[number].closed_at = "2030-01-01T00:00:00Z"
    assert there.chat.handle(there.chat.comments[-1]) is Reason.REQUEST_STANDS
    assert [each.number for each in there.gateway.issues(LABEL, "all")] == [number]


def test_an_asking_that_is_heard_late_opens_nothing_also_where_what_was_asked_for_after_it_is_over(there: Court) -> None:
    lost = there.chat.comment("/promote flight-delay@2 to staging")
    new = there.ask("/promote flight-delay@3 to staging")
    there.gateway.close_issue(new, "completed")
    assert there.chat.handle(lost) is Reason.REQUEST_SUPERSEDED
    assert [each.number for each in there.gateway.issues(LABEL, "all")] == [new]
