"""Deliveries are for operators, and hold no body."""

import re

import pytest

from bot.pages.deliveries import SIZE, operates
from bot.pages.sessions import Person
from bot.receiving.journal import Admission, Ending
from bot.receiving.reasons import Outcome, Reason
from tests.bot.pages.visiting import Visiting
from tests.bot.receiving.payloads import comment
from tests.bot.receiving.test_delivery import delivered


@pytest.mark.parametrize(
    ("operators", "who", "answer"),
    [
        ((), Person(7, "olga"), False), (("olga",), Person(7, "Olga"), True), (("@olga",), Person(7, "olga"), True),
        (("olga",), Person(7, "olgа"), False), (("7",), Person(7, "other"), True), (("7",), Person(8, "7"), False),
        (("17",), Person(7, "x"), False), (("", "@"), Person(7, ""), False),
    ],
)  # fmt: skip
def test_an_operator_is_told_by_id_or_by_the_exact_login(operators: tuple[str, ...], who: Person, answer: bool) -> None:
    assert operates(who, operators) is answer


def test_an_operator_page_for_a_non_operator_is_not_there(there: Visiting) -> None:
    answer = there.browser("octocat").get("/deliveries")
    assert answer.status_code == 404 and "may not see it" in answer.text
    assert "/deliveries" not in there.browser("octocat").get("/").text
    assert 'href="/deliveries"' in there.browser("olga").get("/").text


def test_where_nothing_came_the_page_says_what_to_do(there: Visiting) -> None:
    text = there.browser("olga").get("/deliveries").text
    assert "No delivery has come in yet" in text and "/webhooks/github" in text


def test_every_delivery_has_a_line_with_how_it_ended_and_no_body(there: Visiting) -> None:
    made = [delivered("issue_comment", comment(body=f"hunter2 {number}"), f"d-{number}") for number in range(4)]
    there.journal.take_in([Admission(each) for each in made[:3]] + [Admission(made[3], Reason.BOT_COMMENT)])
    there.journal.end([Ending("d-0", 1, Outcome.HANDLED, "answered"), Ending("d-1", 1, Outcome.FAILED, "bug")])
    browser = there.browser("olga")
    text = browser.get("/deliveries").text
    for said in ("handled (answered)", "failed (bug)", "waits or is at work", "ignored (bot-comment)", "at work now: 1."):
        assert said in text
    assert "hunter2" not in text and "An error of Assay" in text
    assert re.findall(r"<code>(d-\d)</code>", text) == ["d-3", "d-2", "d-1", "d-0"]
    failed = browser.get("/deliveries?show=failed").text
    assert re.findall(r"<code>(d-\d)</code>", failed) == ["d-1"] and 'aria-current="true">Failed' in failed
    assert browser.get("/deliveries?show='; drop table&before=x").status_code == 200


def test_a_long_list_has_pages_that_show_each_line_once(there: Visiting) -> None:
    there.journal.take_in([Admission(delivered("issue_comment", comment(), f"d-{n}")) for n in range(SIZE + 5)])
    browser = there.browser("olga")
    first = browser.get("/deliveries").text
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    there.journal.take_in([Admission(delivered("issue_comment", comment(), "d-late"))])
    second = browser.get(older.replace("&amp;", "&")).text
    seen = re.findall(r"<code>(d-[a-z0-9]+)</code>", first + second)
    assert sorted(seen) == sorted(f"d-{n}" for n in range(SIZE + 5)) and 'rel="prev"' in second


def test_hostile_text_in_a_delivery_is_only_text(there: Visiting) -> None:
    payload = comment()
    payload["sender"]["login"] = "<img src=x onerror=alert(1)>"
    there.journal.take_in([Admission(delivered("issue_comment", payload, "d-1"))])
    text = there.browser("olga").get("/deliveries").text
    assert "<img" not in text and "&lt;img" in text
