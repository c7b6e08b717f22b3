"""A retraining is merged by itself only where every single thing is known to hold."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.merging import LOUD, Standing, again, decide, ended, kept
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.result import Status

GOOD = Standing(True, Status.PASSED, True, "well", True, True, False, "clean")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ready": False}, Reason.MERGE_NOT_OURS),
        ({"verdict": Status.WARNED}, Reason.MERGE_NOT_PASSED),
        ({"verdict": Status.FAILED}, Reason.MERGE_NOT_PASSED),
        ({"verdict": Status.SKIPPED}, Reason.MERGE_NOT_PASSED),
        ({"verdict": None}, Reason.MERGE_NOT_PASSED),
        ({"shown": False}, Reason.MERGE_NOT_PASSED),
        ({"others": "pending"}, Reason.MERGE_PENDING),
        ({"others": None}, Reason.MERGE_PENDING),
        ({"others": "badly"}, Reason.MERGE_CHECKS),
        ({"pushed": False}, Reason.MERGE_PUSHED),
        ({"pushed": None}, Reason.MERGE_PUSHED),
        ({"files": None}, Reason.MERGE_FILES),
        ({"frozen": True}, Reason.MERGE_FROZEN),
        ({"frozen": None}, Reason.MERGE_FROZEN),
        ({"mergeable": "dirty"}, Reason.MERGE_CONFLICT),
        ({"mergeable": ""}, Reason.MERGE_PENDING),
        ({"mergeable": "unknown"}, Reason.MERGE_PENDING),
        ({"mergeable": "unstable"}, Reason.MERGE_PENDING),
        ({"mergeable": "behind"}, Reason.MERGE_BLOCKED),
        ({"mergeable": "blocked"}, Reason.MERGE_BLOCKED),
        ({"mergeable": "a new word"}, Reason.MERGE_BLOCKED),
        ({"mergeable": "has_hooks"}, Reason.MERGE_GOES),
        ({}, Reason.MERGE_GOES),
    ],
)
def test_one_thing_that_does_not_hold_or_is_not_known_is_enough(changed: dict[str, Any], why: Reason) -> None:
    assert decide(replace(GOOD, **changed)) is why


MAYBE = st.sampled_from([True, False, None])


@given(
    st.builds(
        Standing,
        st.booleans(),
        st.sampled_from([*Status, None]),
        MAYBE,
        st.sampled_from(["well", "badly", "pending", None]),
        MAYBE,
        MAYBE,
        MAYBE,
        st.sampled_from(["clean", "has_hooks", "blocked", "behind", "dirty", "draft", "unknown", "unstable", ""]),
    )
)
def test_nothing_but_all_of_it_lets_it_go(found: Standing) -> None:
    assert (decide(found) is Reason.MERGE_GOES) == (
        replace(found, mergeable="clean") == GOOD and found.mergeable in ("clean", "has_hooks")
    )


@given(st.lists(st.sampled_from(["success", "neutral", "skipped", "failure", "cancelled", "timed_out", "action_required", None])))
def test_what_ended_badly_outweighs_what_waits_and_both_outweigh_what_ended_well(conclusions: list[str | None]) -> None:
    bad = {"failure", "cancelled", "timed_out", "action_required"} & set(conclusions)
    assert ended(conclusions) == ("badly" if bad else "pending" if None in conclusions else "well")


@pytest.mark.parametrize("conclusion", ["stale", "startup_failure", "error", "a new word", ""])
def test_an_end_that_nobody_knows_is_no_good_one(conclusion: str) -> None:
    assert ended(["success", conclusion]) == "badly"


def test_what_passes_by_itself_or_shows_already_is_not_said_loudly() -> None:
    assert not LOUD & {Reason.MERGE_NOT_OURS, Reason.MERGE_NOT_PASSED, Reason.MERGE_PENDING, Reason.MERGE_CHECKS}


def test_nobody_merges_unless_the_policy_says_so() -> None:
    read = document.read("version: 1\nretrain: {merge: passed}\n").retrain
    assert read is not None and read.merge == "passed"
    plain = document.read("version: 1\nretrain: {keep: passed}\n").retrain
    assert plain is not None and plain.merge == "never"
    with pytest.raises(UserProblem, match="merge"):
        document.read("version: 1\nretrain: {merge: always}\n")


@given(
    st.builds(
        Standing,
        st.booleans(),
        st.sampled_from([None, *Status]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "well", "badly", "pending"]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, True, False]),
        st.sampled_from(["", "clean", "blocked", "dirty"]),
    )
)
def test_what_the_ledger_keeps_gives_the_same_decision_again(found: Standing) -> None:
    assert again(json.loads(json.dumps(kept(found)))) is decide(found)


@pytest.mark.parametrize("broken", [None, [], {}, {**kept(GOOD), "verdict": "fine"}, {**kept(GOOD), "others": "perhaps"}])
def test_what_is_no_such_record_is_told(broken: Any) -> None:
    with pytest.raises(ValueError, match="Standing"):
        again(broken)
