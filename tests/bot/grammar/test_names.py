"""Names of ours, slips of the pen, and what belongs to others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar.names import Call, Names, Prefix, closest
from tests.bot.grammar.material import work

OURS = ["help", "train", "lock", "unlock", "compare", "promote", "approve", "evaluate", "assign-reviewers"]
NAMES = Names(OURS, {"retrain": "train"})


def named(line: str) -> str:
    call = NAMES.call(line)
    return call.name if call else ""


@pytest.mark.parametrize("name", ["promoted", "promote-all", "promot\u0435", "promo\u200bte", "promote\u200b", "\uff50romote"])
def test_cp_08_what_only_looks_like_a_command_is_none(name: str) -> None:
    assert not named(f"/{name} prod")


def test_cp_08_other_letters_for_the_slash_begin_no_command() -> None:
    assert NAMES.call("\uff0fpromote prod") is None
    assert NAMES.call("\u2215promote prod") is None


def test_cp_08_letters_that_become_ours_in_lower_case_are_not_ours() -> None:
    assert not named("/loc\u212a")  # the Kelvin sign
    assert not named("/approv\u0435")
    assert "\u212a".lower() == "k"


@pytest.mark.parametrize("written", ["promote", "PROMOTE", "Promote", "pRoMoTe"])
def test_cp_09_case_does_not_count_in_names(written: str) -> None:
    assert NAMES.call(f"/{written} Prod") == Call("promote", 1, 8)


def test_an_alias_leads_to_its_command_and_never_hides_one() -> None:
    assert named("/retrain") == "train"
    assert Names(["train", "lock"], {"lock": "train"}).call("/lock") == Call("lock", 1, 5)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/aprove", "/approve"),
        ("/APROVE", "/approve"),
        ("/promtoe", "/promote"),
        ("/hlep", "/help"),
        ("/promot\u0435", "/promote"),
        ("/\uff50\uff52\uff4f\uff4d\uff4f\uff54\uff45", "/promote"),
        ("/asign-reviewer", "/assign-reviewers"),
        ("/approve,", "/approve"),
        ("/assay aprove", "/assay approve"),
    ],
)
def test_cp_16_a_slip_gets_one_suggestion_and_is_not_run(written: str, meant: str) -> None:
    call = NAMES.call(f"{written} x")
    assert call is not None
    assert (call.name, call.suggestion) == ("", meant)


@pytest.mark.parametrize(
    "line", ["/lgtm", "/retest", "/rebase", "/merge", "/home", "/tmp", "/usr/bin/train", "/x", "/promote-all", "/a" * 99]
)
def test_names_of_others_are_left_alone(line: str) -> None:
    assert NAMES.call(line) is None


def test_a_prefix_says_whose_command_it_is() -> None:
    assert NAMES.call("/assay train lr=0.1") == Call("train", 7, 12)
    assert NAMES.call("/ASSAY \t Train") == Call("train", 9, 14)
    assert NAMES.call("/assay lgtm") == Call("", 7, 11)
    assert NAMES.call("/assay") == Call("", 6, 6, "/assay help")


def test_a_prefix_can_be_made_the_only_way() -> None:
    names = Names(OURS, prefix=Prefix("models", mandatory=True))
    assert names.call("/models train") == Call("train", 8, 13)
    assert names.call("/train") is None
    assert names.call("/trian") is None
    assert names.call("/assay train") is None


def test_the_closest_is_one_and_the_same_whatever_the_order() -> None:
    assert closest("loc", ["lock", "log"]) == closest("loc", ["log", "lock"]) == "lock"
    assert closest("stat", []) == ""


@given(st.sampled_from(OURS), st.data())
def test_one_slip_in_a_name_still_finds_it(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(st.sampled_from("zjx"))
    for slip in (name[:at] + name[at + 1 :], name[:at] + other + name[at:], name[:at] + other + name[at + 1 :]):
        assert closest(slip, [name]) == name


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_line_is_ours_or_not(first: str, second: str) -> None:
    for line in (first, f"/{first}", f"/{first} {second}", f"/assay {first}", f"/assay\t{second}"):
        call = NAMES.call(line)
        assert call is None or call.name in OURS or not call.name
        assert call is None or 0 <= call.start <= call.end <= len(line)


def test_a_long_name_is_compared_with_none() -> None:
    assert work(lambda: closest("promote" * 9_000, OURS)) < 50
