"""One request for each model and environment, whoever asks."""

from dataclasses import replace

from bot.effects import AskFor
from bot.gateway.records import Identity
from bot.gateway.requesting import Issue
from bot.promotion import wanting
from bot.promotion.asked import body
from tests.bot.promotion.test_asked import ASKED, FOUND

OLDER = replace(ASKED, version=2, key="4000-0")
ELSEWHERE = replace(ASKED, environment="staging", key="4001-0")


def issue(number: int, body: str, author: int) -> Issue:
    """An open issue."""
    return Issue(number, "", body, "open", None, author, "", None, (), (), False, "", "", "")


def test_the_same_version_asked_for_by_another_stands_already() -> None:
    other = replace(ASKED, key="4000-0")
    assert wanting.standing(ASKED, [(3, ELSEWHERE), (4, OLDER), (5, other)]) == 5
    assert wanting.standing(ASKED, [(5, ASKED), (4, OLDER)]) is None


def test_a_newer_version_takes_the_place_of_the_older_one_of_that_environment() -> None:
    effect = wanting.wish(ASKED, FOUND, None, [(3, ELSEWHERE), (4, OLDER), (5, ASKED)])
    assert isinstance(effect, AskFor) and effect.instead == (4,)
    assert effect.body == body(ASKED, FOUND)


def test_what_is_heard_late_gives_way_to_what_was_asked_for_after_it() -> None:
    newest = replace(ASKED, version=4, key="100000-0")
    assert wanting.later(OLDER, [(3, ELSEWHERE), (4, newest)]) == 4
    assert wanting.later(newest, [(4, OLDER)]) is None and wanting.later(OLDER, [(4, replace(OLDER, key="100000-0"))]) is None
    assert wanting.later(replace(OLDER, key="merge"), [(4, newest)]) is None, "what no comment asks for has no such order"


def test_only_what_our_own_account_opened_is_a_request() -> None:
    mine, theirs = issue(7, body(ASKED, FOUND), 5), issue(8, body(OLDER, FOUND), 6)
    assert wanting.known([mine, theirs, issue(9, "hello", 5)], Identity("assay[bot]", 5)) == [(7, ASKED)]


def test_what_was_open_at_a_moment_is_open_or_was_closed_after_it() -> None:
    early, late = "2026-11-01T08:00:00Z", "2026-11-03T08:00:00Z"
    still = replace(issue(1, "", 5), created_at=late)
    over = replace(issue(2, "", 5), state="closed", created_at=early, closed_at=late)
    found = {at: [each.number for each in wanting.open_at([still, over], at)] for at in (early, "2026-11-02T08:00:00Z", late, "")}
    assert list(found.values()) == [[1, 2], [1, 2], [1], [1]]
