"""What the policy says of a data set: contract, rows, keys, columns, overlap, leakage, and everything that is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.data import Dataset, decide
from policy.facts.data import (
    ContractFacts,
    ContractFailure,
    DataFacts,
    DiffFacts,
    Example,
    LeakageFinding,
    OverlapFacts,
    SchemaChange,
)
from policy.reasons import Reason
from policy.result import Result, Status

PATH = "data/flights.parquet"
CONTRACT = "contracts/flights.py:Flights"


def section(**given: Any) -> Dataset:
    return Dataset(path=PATH, **given)


def facts(**given: Any) -> DataFacts:
    given = {"base_digest": "md5:a", "head_digest": "md5:b", "file": "dvc.lock", "line": 7, "diff": diff()} | given
    return DataFacts(path=PATH, **given)


def diff(**given: Any) -> DiffFacts:
    given = {"rows_base": 1_000, "rows_head": 1_000, "removed": 0, "added": 0, "changed": 0, "duplicates_head": 0} | given
    return DiffFacts(**given)


def contract(*failures: ContractFailure, **given: Any) -> ContractFacts:
    given = {"contract": CONTRACT, "backend": "polars", "rows": 1_000, "line": 12, "failures_total": len(failures)} | given
    return ContractFacts(failures=list(failures), **given)


def failure(**given: Any) -> ContractFailure:
    return ContractFailure(**({"rule": "greater_than(0)", "column": "distance", "count": 12, "share": 0.012} | given))


def only(result: Result, status: Status) -> Result:
    (found,) = [leaf for leaf in result.leaves() if leaf.status is status]
    return found


def test_a_data_set_that_keeps_everything_passes():
    result = decide(section(contract=CONTRACT, key=["id"]), facts(contract=contract()))
    assert (result.name, result.status, result.reason) == (PATH, Status.PASSED, Reason.HOLDS)
    assert [leaf.why for leaf in result.leaves()] == [
        f"{CONTRACT} holds for all 1,000 rows",
        f"no row of {PATH} is gone; 0 are new",
    ]


def test_the_same_bytes_were_judged_when_they_were_merged():
    result = decide(section(contract=CONTRACT, key=["id"]), DataFacts(path=PATH, base_digest="md5:a", head_digest="md5:a"))
    assert (result.status, result.reason) == (Status.PASSED, Reason.DATA_UNCHANGED)


def test_the_same_bytes_under_an_edited_contract_are_judged_by_it():
    same = DataFacts(path=PATH, base_digest="md5:a", head_digest="md5:a", contract=contract(failure(), changed=True))
    result = decide(section(contract=CONTRACT, key=["id"]), same)
    assert [(leaf.status, leaf.reason) for leaf in result.leaves()] == [
        (Status.FAILED, Reason.CONTRACT_FAILURE),
        (Status.WARNED, Reason.CONTRACT_CHANGED),
    ]


# --- missing is red ---


def test_no_facts_at_all_fail():
    result = decide(section(), None)
    assert (result.status, result.reason, result.name) == (Status.FAILED, Reason.MISSING_PART, PATH)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"contract": CONTRACT}, {}),
        ({}, {"diff": None}),
        ({"disjoint_from": ["eval.parquet"]}, {}),
        ({"personal": "block"}, {}),
    ],
)
def test_what_the_policy_asks_and_the_runner_did_not_answer_fails(asked: dict[str, Any], found: dict[str, Any]):
    result = decide(section(**asked), facts(**found))
    assert result.status is Status.FAILED
    assert only(result, Status.FAILED).reason is Reason.MISSING_PART


@pytest.mark.parametrize("reason", list(Reason))
def test_whatever_reason_a_runner_gives_for_unreadable_data_is_red_and_can_be_said(reason: Reason):
    result = decide(section(), facts(problem=reason, problem_detail="it is no whole Parquet file"))
    assert result.status is Status.FAILED
    assert PATH in result.why
    assert result.advice


def test_data_of_no_rows_fails_whatever_else_holds():
    nothing = facts(contract=contract(rows=0), diff=diff(rows_head=0, removed=1_000))
    result = decide(section(contract=CONTRACT, key=["id"], max_removed=1.0), nothing)
    assert [leaf.reason for leaf in result.leaves()] == [Reason.CONTRACT_NO_ROWS, Reason.DATA_EMPTY]
    assert result.status is Status.FAILED


# --- the contract ---


def test_a_single_failing_rule_is_said_with_its_rows_at_the_line_of_the_model():
    found = only(decide(section(contract=CONTRACT), facts(contract=contract(failure()))), Status.FAILED)
    assert found.why == "distance: greater_than(0) does not hold: 12 rows, 1.2 %"
    assert (found.file, found.line) == ("contracts/flights.py", 12)
    assert CONTRACT in found.advice


def test_of_several_failing_rules_the_widest_is_said_and_all_are_counted():
    rules = contract(
        failure(count=1, share=0.001), failure(rule="unique", column="id", count=40, share=0.04), failures_total=1_500
    )
    found = only(decide(section(contract=CONTRACT), facts(contract=rules)), Status.FAILED)
    assert found.why == f"1,500 rules of {CONTRACT} do not hold, the widest id: unique: 40 rows, 4 %"


def test_a_rule_about_the_whole_column_says_what_was_found():
    whole = failure(rule="type Int64", whole=True, count=1_000, share=1.0, examples=[Example(value="String")])
    found = only(decide(section(contract=CONTRACT), facts(contract=contract(whole))), Status.FAILED)
    assert found.why == "distance: type Int64 does not hold: String"


def test_a_rule_that_only_warns_warns():
    result = decide(section(contract=CONTRACT), facts(contract=contract(failure(warning=True))))
    assert result.status is Status.WARNED


def test_failures_that_were_counted_but_not_listed_still_fail():
    result = decide(section(contract=CONTRACT), facts(contract=contract(failures_total=3)))
    assert result.status is Status.FAILED


def test_an_edit_of_the_contract_beside_the_data_is_said():
    result = decide(section(contract=CONTRACT), facts(contract=contract(changed=True)))
    assert (result.status, result.reason) == (Status.WARNED, Reason.CONTRACT_CHANGED)


# --- rows, keys and columns ---


@pytest.mark.parametrize(
    ("removed", "allowed", "status", "reason"),
    [
        (0, None, Status.PASSED, Reason.NO_ROWS_REMOVED),
        (1, None, Status.WARNED, Reason.ROWS_REMOVED),
        (10, 0.01, Status.PASSED, Reason.ROWS_REMOVED_WITHIN),
        (11, 0.01, Status.FAILED, Reason.ROWS_REMOVED_TOO_MANY),
        (1, 0.0, Status.FAILED, Reason.ROWS_REMOVED_TOO_MANY),
        (1_000, 1.0, Status.PASSED, Reason.ROWS_REMOVED_WITHIN),
    ],
)
def test_removed_rows_are_allowed_warned_of_or_refused(removed: int, allowed: float | None, status: Status, reason: Reason):
    result = decide(section(key=["id"], max_removed=allowed), facts(diff=diff(removed=removed)))
    (rows,) = [leaf for leaf in result.leaves() if leaf.name == "rows"]
    assert (rows.status, rows.reason) == (status, reason)


@given(removed=st.integers(0, 1_000), allowed=st.floats(0, 1))
def test_more_removals_never_fare_better(removed: int, allowed: float):
    def fails(rows: int) -> bool:
        return decide(section(key=["id"], max_removed=allowed), facts(diff=diff(removed=rows))).status is Status.FAILED

    assert fails(removed) <= fails(removed + 1)


def test_without_a_key_a_shrunken_data_set_lost_at_least_the_difference():
    shrunk = diff(rows_head=900, removed=None, added=None, changed=None, duplicates_head=None)
    found = only(decide(section(max_removed=0.05), facts(diff=shrunk)), Status.FAILED)
    assert found.why == f"100 rows of {PATH} are gone (10 %), and 5 % may be"


def test_a_key_that_cannot_match_rows_fails():
    found = decide(section(key=["id", "day"]), facts(diff=diff(removed=None, added=None, duplicates_head=None)))
    assert only(found, Status.FAILED).reason is Reason.KEY_UNUSABLE


def test_duplicated_and_missing_keys_fail_and_duplicates_can_be_allowed():
    bad = facts(diff=diff(duplicates_head=4, null_keys_head=2))
    assert {leaf.reason for leaf in decide(section(key=["id"]), bad).leaves() if leaf.status is Status.FAILED} == {
        Reason.ROWS_SHARE_KEY,
        Reason.ROWS_WITHOUT_KEY,
    }
    assert only(decide(section(key=["id"], allow_duplicates=True), bad), Status.FAILED).reason is Reason.ROWS_WITHOUT_KEY


def test_columns_that_go_or_change_type_break_readers_and_new_ones_do_not():
    changes = [
        SchemaChange(column="tail", change="removed", before="String"),
        SchemaChange(column="id", change="retyped", before="Int64", after="String"),
        SchemaChange(column="extra", change="added", after="Int64"),
    ]
    found = only(decide(section(), facts(diff=diff(schema_changes=changes))), Status.FAILED)
    assert found.why == f"columns of {PATH} broke: tail is gone, id was Int64 and is String"
    assert decide(section(allow_schema_breaks=True), facts(diff=diff(schema_changes=changes))).status is Status.WARNED
    assert decide(section(), facts(diff=diff(schema_changes=changes[2:]))).status is Status.PASSED


def test_removals_stand_before_the_other_differences():
    changes = [SchemaChange(column="tail", change="removed")]
    result = decide(section(key=["id"]), facts(diff=diff(removed=5, duplicates_head=1, schema_changes=changes)))
    assert [child.name for child in result.children] == ["rows", "schema", "duplicates"]


# --- promises ---


def test_shared_keys_with_a_data_set_that_must_be_apart_fail():
    shared = OverlapFacts(other="eval.parquet", key=["id"], rows=3, share=0.00001)
    found = only(decide(section(key=["id"], disjoint_from=["eval.parquet"]), facts(overlaps=[shared])), Status.FAILED)
    assert found.why == f"3 rows of {PATH} (less than 0.01 %) stand in eval.parquet too, by key"
    apart = shared.model_copy(update={"rows": 0, "share": 0.0})
    assert decide(section(disjoint_from=["eval.parquet"]), facts(overlaps=[apart])).status is Status.PASSED


def test_a_column_that_tells_the_label_fails():
    told = [
        LeakageFinding(column="arr_delay", label="late", strength=0.99),
        LeakageFinding(column="hour", label="late", strength=0.3),
    ]
    found = only(decide(section(leakage={"label": "late"}), facts(leakage=told)), Status.FAILED)
    assert found.why == "arr_delay tells late almost alone (strength 0.99)"


def test_every_failing_leaf_points_at_a_line():
    result = decide(
        section(contract=CONTRACT, key=["id"]), facts(contract=contract(failure()), diff=diff(removed=5, null_keys_head=1))
    )
    assert all(leaf.file and leaf.line for leaf in result.leaves() if leaf.status is not Status.PASSED)
