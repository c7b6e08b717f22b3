"""Open requests: decided anew as the bot decides them, and nothing written."""

import re

from bot.pages import approvals
from bot.pages.approvals import REQUESTS, SIZE
from bot.promotion.asked import LABEL
from reports.pages import Frame, render
from tests.bot.pages.furnished import HOSTILE
from tests.bot.pages.visiting import REPOSITORY, Visiting

ADDRESS = f"/repos/{REPOSITORY}/approvals"


def test_each_open_request_shows_its_code_who_can_approve_and_its_rules(lived_in: Visiting) -> None:
    text = lived_in.browser("octocat").get(ADDRESS).text
    for said in ("Approved if", "1 × ml-lead", "1 × model-risk", "carol, dan", "alice, bob", "rule-pending", "review-overdue"):
        assert said in text
    codes = set(re.findall(r"/approve ([0-9a-f]{12})", text))
    cards = {
        found[1]
        for number in lived_in.github.repository(REPOSITORY).issues
        for each in lived_in.github.comments(REPOSITORY, number)
        if (found := re.search(r"/approve ([0-9a-f]{12})", each.body))
    }
    assert codes == cards and len(codes) == 2, "the codes are those on the cards"


def test_hostile_text_in_the_title_of_an_issue_is_only_text(lived_in: Visiting) -> None:
    text = lived_in.browser("octocat").get(ADDRESS).text
    assert "Promote &lt;img" in text and "<img" not in text and "\u202e" not in text
    assert HOSTILE not in text


def test_looking_changes_nothing_and_takes_a_bounded_number_of_requests(lived_in: Visiting) -> None:
    browser = lived_in.browser("octocat")
    before = [vars(each).copy() for each in lived_in.github.comments(REPOSITORY, 1)]
    lived_in.github.forget_requests()
    browser.get(ADDRESS)
    assert not lived_in.changed() and len(lived_in.asked()) <= REQUESTS
    assert [vars(each) for each in lived_in.github.comments(REPOSITORY, 1)] == before


def test_a_page_that_would_take_more_requests_than_it_may_says_so(lived_in: Visiting, monkeypatch) -> None:
    monkeypatch.setattr(approvals, "REQUESTS", 3)
    lived_in.github.commit(REPOSITORY, {"README.md": "moved, so that what GitHub said is not known any more"})
    for gateway in list(lived_in.ways._transports._held.values()):
        gateway.memory.__init__()
    lived_in.github.forget_requests()
    answer = lived_in.browser("mona").get(ADDRESS)
    assert answer.status_code == 200 and "more than the 3 requests" in answer.text
    assert len([each for each in lived_in.asked() if "/user" not in each]) <= 5


def test_an_issue_of_a_stranger_with_our_label_is_no_request(there: Visiting) -> None:
    issue = there.github.issue(REPOSITORY, "Promote me", author="eve")
    issue.labels.append(LABEL)
    text = there.browser("octocat").get(ADDRESS).text
    there.github.repository(REPOSITORY).issues.pop(issue.number)
    assert "No request for a promotion is open" in text and "Promote me" not in text


def test_where_there_is_none_the_page_says_what_to_do() -> None:
    assert "/promote MODEL" in render(approvals.draw(approvals.Present((), False)), Frame())
    assert SIZE * 12 < REQUESTS


def test_a_request_that_cannot_be_decided_says_why_and_hides_no_other(lived_in: Visiting) -> None:
    kept = lived_in.registry.pop(REPOSITORY)
    try:
        text = lived_in.browser("octocat").get(ADDRESS).text
    finally:
        lived_in.registry[REPOSITORY] = kept
    assert text.count("it cannot be told how this stands") == 2 and "no registry is named" in text
