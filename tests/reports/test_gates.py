"""What is told beside an answer is short, says what to do, and mentions nobody."""

from bot.gateway.gating import COMMENT_LIMIT
from reports import gates


def test_each_says_what_it_is_about() -> None:
    assert "assay-promote.yml of main" in gates.foreign("production", "assay-promote.yml", "main")
    assert "names no request" in gates.unnamed("assay-promote.yml")
    assert "/promote" in gates.no_request(7) and "#7 is closed" in gates.over(7)
    assert "asks for staging" in gates.elsewhere(7, "staging") and "0123456789ab" in gates.changed(7, "0123456789ab")


def test_what_others_wrote_is_cut_and_mentions_nobody() -> None:
    for drawn in (gates.undecided(7, "@team " + "<b>" * 900), gates.decided(7, "@team " + "<b>" * 900)):
        assert len(drawn) <= COMMENT_LIMIT and "`@team" in drawn
