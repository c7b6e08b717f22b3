"""The hidden line of an issue about the registry says what it is about, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promotion import told
from bot.promotion.told import Noted
from reports.markdown import Markdown

SOME = Noted("incident", "flight-delay", 3, "production")
SAID = Markdown("something")


@given(st.builds(Noted, st.sampled_from(["incident", "candidate"]), st.text(max_size=200), st.integers(0, 10**9)))
def test_what_is_written_is_read(about: Noted) -> None:
    assert told.read(about.body(SAID)) == about
    assert about.body(SAID).split("\n", 1)[0].count("-->") == 1


def test_github_may_end_the_line_in_its_own_way() -> None:
    assert told.read(SOME.body(SAID).replace("\n", "\r\n")) == SOME


@pytest.mark.parametrize(
    "line",
    [
        "",
        "something",
        "<!-- assay:registry v1 {} -->",
        "<!-- assay:registry v2 {} -->",
        '<!-- assay:registry v1 {"kind": "incident", "model": "m", "version": true} -->',
        '<!-- assay:registry v1 {"kind": "incident", "model": "m", "version": -1} -->',
        '<!-- assay:registry v1 {"kind": "other", "model": "m", "version": 1} -->',
        '<!-- assay:registry v1 {"kind": "incident", "model": 7, "version": 1} -->',
        '<!-- assay:registry v1 {"kind": "incident", "model": "m", "version": 1, "more": 1} -->',
        f"<!-- assay:registry v1 {'{' * 2000} -->",
    ],
)
def test_what_is_not_as_we_write_it_is_about_nothing(line: str) -> None:
    assert told.read(line) is None
    assert told.read(f"a word before\n{line}") is None


def test_titles_and_labels_tell_them_apart() -> None:
    stranger = Noted("candidate", "flight\u202e-delay", 4)
    assert SOME.title == "flight-delay@production points to version 3, which was not promoted"
    assert Noted("incident", "m", 0, "production").title.endswith("points to nothing, which was not promoted")
    assert stranger.title == "flight\\u{202e}-delay version 4 was not registered by Assay"
    assert SOME.labels == ("assay: registry", "assay: incident") and stranger.labels == ("assay: registry", "assay: candidate")
