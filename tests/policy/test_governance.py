"""A hold makes red what was green; a waiver makes a warning of what is red, as long as it lasts and never of the unknown."""

from datetime import date

import pytest

from policy.governance import Decided, Hold, Waiver, can_be_waived, held, waived
from policy.reasons import Reason
from policy.result import Result, Status, combine

TODAY = date(2026, 3, 1)


def leaf(name: str, status: Status = Status.FAILED, reason: Reason = Reason.UNFAIR) -> Result:
    values = {"criterion": "parity", "column": "origin", "gap": 0.2, "limit": 0.1, "before": 0.1}
    return Result(name=name, status=status, reason=reason, values=values)


def decided(gate: str, until: date = TODAY) -> Decided:
    return Decided(waivers=[Waiver(gate, "alice", "the next data mends it", until)], today=TODAY)


def test_a_waived_check_is_a_warning_that_says_who_why_and_until_when() -> None:
    part = waived(combine("fairness", [leaf("origin"), leaf("carrier", Status.PASSED)]), decided("origin"))
    assert part.status is Status.WARNED and part.reason is Reason.WAIVED
    assert part.children[0].why.endswith("; waived by alice until 2026-03-01: the next data mends it")
    assert "the largest gap is 0.2" in part.children[0].why


def test_what_is_not_waived_stays_red() -> None:
    part = waived(combine("fairness", [leaf("origin"), leaf("carrier")]), decided("origin"))
    assert part.status is Status.FAILED
    assert [child.status for child in part.children] == [Status.WARNED, Status.FAILED]


def test_a_waiver_that_ran_out_changes_nothing() -> None:
    part = combine("fairness", [leaf("origin")])
    assert waived(part, decided("origin", date(2026, 2, 28))) == part


def test_a_waiver_of_a_check_that_passes_changes_nothing() -> None:
    part = combine("fairness", [leaf("origin", Status.PASSED)])
    assert waived(part, decided("origin")) == part


@pytest.mark.parametrize(
    "reason", [Reason.MISSING_METRIC, Reason.NOT_A_NUMBER, Reason.FACTS_REFUSED, Reason.ERROR, Reason.MISSING_PART]
)
def test_what_is_unknown_cannot_be_waived(reason: Reason) -> None:
    unknown = Result(name="roc_auc", status=Status.FAILED, reason=reason)
    assert not can_be_waived(unknown)
    part = Result(name="evaluation", status=Status.FAILED, reason=reason, children=[unknown])
    assert waived(part, decided("roc_auc")).status is Status.FAILED


def test_governance_itself_cannot_be_waived() -> None:
    part = held(Result(name="governance", status=Status.PASSED, reason=Reason.POLICY_UNCHANGED), Decided(holds=[Hold("bob")]))
    assert waived(part, decided("hold")) == part


def test_a_whole_data_set_can_be_waived_with_all_that_fails_below_it() -> None:
    columns = [leaf("temp"), leaf("dewp", Status.WARNED), leaf("wind", Status.PASSED)]
    part = waived(combine("drift", [combine("data/flights.parquet", columns)]), decided("data/flights.parquet"))
    assert part.status is Status.WARNED
    assert [each.status for each in part.leaves()] == [Status.WARNED, Status.WARNED, Status.PASSED]


def test_a_data_set_with_something_unknown_below_stays_red() -> None:
    columns = [leaf("temp"), Result(name="dewp", status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": "dewp"})]
    part = waived(combine("drift", [combine("data/flights.parquet", columns)]), decided("data/flights.parquet"))
    assert part.status is Status.FAILED


def test_a_data_set_judged_by_the_share_of_its_columns_keeps_that_judgement_when_one_column_is_waived() -> None:
    whole = leaf("data/flights.parquet").model_copy(
        update={"children": [leaf("temp", Status.WARNED), leaf("dewp", Status.WARNED)]}
    )
    assert waived(combine("drift", [whole]), decided("temp")).status is Status.FAILED
    assert waived(combine("drift", [whole]), decided("data/flights.parquet")).status is Status.WARNED


def test_a_hold_turns_governance_red_and_names_who_and_why() -> None:
    quiet = Result(name="governance", status=Status.PASSED, reason=Reason.POLICY_UNCHANGED)
    part = held(quiet, Decided(holds=[Hold("bob", "the labels are being redone")]))
    assert part.status is Status.FAILED
    assert part.why == "bob holds this change: the labels are being redone"
    assert held(quiet, Decided(holds=[Hold("bob")])).why == "bob holds this change"


def test_without_a_decision_nothing_changes() -> None:
    part = Result(name="governance", status=Status.WARNED, reason=Reason.POLICY_CHANGED)
    assert held(part, Decided()) == part
    assert waived(part, Decided()) == part
