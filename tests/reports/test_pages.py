"""The frame of the pages, and that nothing of a user's becomes markup."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from policy.reasons import Reason
from policy.result import Result, Status
from reports.pages import POLICY, Card, Frame, Notice, Sheet, Tab, link, listed, marked, render, style, when, words


def test_a_page_has_landmarks_one_heading_and_a_way_past_its_navigation() -> None:
    tabs = (Tab("Models", "/m", True), Tab("Ledger", "/l"))
    html = render(
        Sheet("Models", choices=(Tab("All", "/a", True),), older="?page=2"), Frame("mona", "c" * 8, "acme/flights", tabs)
    )
    for said in ('<html lang="en">', 'href="#content"', '<main id="content"', "<header", "<footer", '<nav aria-label="Pages">'):
        assert said in html
    assert html.count("<h1>") == 1 and html.count('aria-current="page"') == 1 and html.count('aria-current="true"') == 1
    assert 'method="post" action="/logout"' in html and 'name="csrf" value="cccccccc"' in html
    assert "<script" not in html and "style=" not in html and "<style" not in html


def test_who_is_not_signed_in_has_nothing_to_sign_out_of() -> None:
    assert "<form" not in render(Sheet("Sign in"), Frame())


@given(st.text(max_size=60))
def test_whatever_users_wrote_stays_text(text: str) -> None:
    rule = Result(name=text[:60] or "x", status=Status.WARNED, reason=Reason.HOLDS)
    sheet = Sheet(
        "T", words(text), (Notice(Status.FAILED, words(text)),), (Tab(text, "/x"),),
        cards=(Card(words(text), Status.WARNED, words(text), (link(text, text),), text, (rule,)),), empty=text,
    )  # fmt: skip
    html = render(sheet, Frame(text, "c", text))
    plain = render(
        Sheet(
            "T", words("a"), (Notice(Status.FAILED, words("a")),), (Tab("a", "/x"),),
            cards=(Card(words("a"), Status.WARNED, words("a"), (link("a", "a"),), "a", (rule,)),), empty="a",
        ),
        Frame("a", "c", "a"),
    )  # fmt: skip
    assert html.count("<script") == 0 and html.count("<img") == 0
    assert abs(html.count("<") - plain.count("<")) <= 40


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "data:text/html,x", " /x", "", "ftp://x"])
def test_only_our_own_pages_and_the_web_are_linked_to(address: str) -> None:
    assert link("there", address) == Markup("there")
    assert "href" in link("there", "/x") and "href" in link("there", "https://github.com/x")


def test_moments_are_told_in_utc_to_people_and_machines() -> None:
    there = datetime(2026, 5, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert when(there) == '<time datetime="2026-05-01T10:00:00Z">2026-05-01 10:00 UTC</time>'
    assert "not known" in when(None) and "still" in when(None, "still runs") and when(datetime.now(UTC))


def test_a_mark_never_stands_alone_and_lists_say_when_they_are_empty() -> None:
    assert marked(Status.FAILED, "fails").endswith("fails") and 'aria-label="fails"' in marked(Status.FAILED, "x")
    assert listed([]) == "nobody" and listed(["<a>", Markup("<b>")]) == "&lt;a&gt;, <b>"


def test_the_policy_forbids_scripts_and_everything_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'") and "script" not in POLICY and "unsafe" not in POLICY and "*" not in POLICY
    assert "url(" not in style() and "@import" not in style()
