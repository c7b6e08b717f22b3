"""The hidden first line of an issue about production comes back as it was written, whatever a model is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.monitoring import noted
from bot.monitoring.noted import LABEL, LATE, Noted
from policy.sighting import Severity
from reports.markdown import Markdown

AT = "2026-07-01T06:00:00+00:00"


@given(st.text(min_size=1, max_size=500), st.sampled_from(["quiet", "over", "risen 0123456789abcdef"]))
def test_it_comes_back(model: str, stage: str) -> None:
    found = Noted(model, AT, stage, "0123456789abcdef")
    body = found.body(Markdown("said"))
    assert noted.read(body) == found and body.split("\n") == [body.split("\n")[0], "said"]
    assert body.split("\n")[0].count("-->") == 1


@pytest.mark.parametrize(
    "source",
    [
        "",
        "said",
        "<!-- assay:monitor v1 {} -->",
        '<!-- assay:monitor v1 {"model": "m", "at": "then", "stage": "over"} -->',
        f'<!-- assay:monitor v1 {{"model": 1, "at": "{AT}", "stage": "over"}} -->',
        f'<!-- assay:monitor v1 {{"model": "m", "at": "{AT}", "stage": "over", "more": "1"}} -->',
        f'\n<!-- assay:monitor v1 {{"model": "m", "at": "{AT}", "stage": "over"}} -->',
        f'<!-- assay:monitor v2 {{"model": "m", "at": "{AT}", "stage": "over"}} -->',
    ],
)
def test_what_is_no_line_of_ours_says_nothing(source: str) -> None:
    assert noted.read(source) is None


def test_a_line_that_a_browser_sent_with_its_own_line_ends_counts() -> None:
    assert noted.read(Noted("m", AT, "over").body(Markdown("said")).replace("\n", "\r\n")) == Noted("m", AT, "over")


@pytest.mark.parametrize(
    ("source", "is_other"), [("<!-- assay:pulse v1 {} -->", True), ("<!-- assay:monitor v1 {} -->", False), ("", False)]
)
def test_a_line_of_another_issue_of_ours_says_that_it_is_about_something_else(source: str, is_other: bool) -> None:
    assert noted.elsewhere(f"{source}\nsaid") is is_other and noted.elsewhere(f"said\n{source}") is False


def test_labels_of_people_stay_and_ours_are_as_they_should_be() -> None:
    found = noted.labels(("bug", LATE, LABEL, "severity: high", "severity: odd"), Severity.LOW, late=False)
    assert found == (LABEL, "severity: low", "bug", "severity: odd")
    assert LATE in noted.labels((), Severity.NONE, late=True)
