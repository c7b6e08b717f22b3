"""What a look at production means, by policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.data import ColumnDrift
from policy.facts.monitoring import ApartFacts, MonitoredColumn, MonitorFacts
from policy.monitoring import ROWS, Monitor, adjusted, decide, fails
from policy.reasons import Reason
from policy.result import Status
from policy.sighting import Severity, Sighting

SECTION = Monitor.model_validate(
    {"data": "live.parquet", "reference": "train.parquet", "time": "at", "window": "30 days", "late_after": "2 days"}
)
AT = "2026-01-31T06:00:00+00:00"


def column(
    name: str = "heat", value: float | None = 0.0, p: float | None = 1.0, p_missing: float | None = 1.0, **more: object
) -> MonitoredColumn:
    drift = {"column": name, "kind": "number", "measure": "wasserstein", "value": value} | more
    return MonitoredColumn(drift=ColumnDrift.model_validate(drift), p_moved=p, p_missing=p_missing)


def facts(*columns: MonitoredColumn, **more: object) -> MonitorFacts:
    return MonitorFacts.model_validate({"rows": 1_000, "rows_reference": 9_000, "columns": columns} | more)


def seen(found: MonitorFacts, section: Monitor = SECTION) -> Sighting:
    return decide(section, found, model="flight-delay", at=AT)


def test_a_window_like_the_reference_is_quiet() -> None:
    sighting = seen(facts(column(), column("rain", 0.05, 0.4)))
    assert (sighting.severity, sighting.result.status) == (Severity.NONE, Status.PASSED)
    assert sighting.result.why == "1,000 rows of production look as the reference does in 2 columns"
    assert not fails(SECTION, sighting)


def test_a_column_that_moved_far_and_surely_is_a_finding() -> None:
    sighting = seen(facts(column(value=0.8, p=1e-9), column("rain")))
    assert (sighting.severity, sighting.result.status) == (Severity.MEDIUM, Status.FAILED)
    assert sighting.result.reason is Reason.MONITOR_MOVED_FAR
    assert fails(SECTION, sighting)
    assert sighting.numbers["furthest"] == pytest.approx(1.6)


def test_a_column_that_moved_a_little_weighs_low() -> None:
    sighting = seen(facts(column(value=0.2, p=1e-9)))
    assert (sighting.severity, sighting.result.status) == (Severity.LOW, Status.WARNED)
    assert not fails(SECTION, sighting)


def test_a_large_distance_that_can_be_chance_is_none() -> None:
    sighting = seen(facts(column(value=0.8, p=0.2)))
    assert sighting.severity is Severity.NONE
    assert sighting.result.children[0].reason is Reason.MONITOR_CHANCE


def test_a_difference_that_is_sure_and_tiny_is_no_finding() -> None:
    assert seen(facts(column(value=0.01, p=0.0))).severity is Severity.NONE


def test_a_distance_that_its_profile_leaves_open_counts_as_the_least_it_can_be() -> None:
    assert seen(facts(column(value=0.55, p=0.0, bound=0.1))).severity is Severity.LOW


def test_one_p_value_of_many_needs_to_be_smaller() -> None:
    many = [column(f"c{each}", 0.01, 0.9) for each in range(30)]
    assert seen(facts(column(value=0.8, p=0.01))).severity is Severity.MEDIUM
    assert seen(facts(column(value=0.8, p=0.01), *many)).severity is Severity.NONE


def test_missing_values_need_to_be_many_and_no_chance() -> None:
    emptier = {"nulls_base": 0.0, "nulls_head": 0.2}
    assert seen(facts(column(p_missing=1e-9, **emptier))).result.reason is Reason.MONITOR_MISSING
    assert seen(facts(column(p_missing=0.3, **emptier))).severity is Severity.NONE
    assert seen(facts(column(p_missing=1e-9, nulls_head=0.01))).severity is Severity.NONE


def test_a_column_without_any_value_is_missing_and_not_also_something_else() -> None:
    gone = column(value=None, p=None, p_missing=0.0, nulls_head=1.0, problem=Reason.DRIFT_EMPTIED)
    (finding, aside) = seen(facts(gone)).result.children
    assert (finding.reason, finding.status) == (Reason.MONITOR_MISSING, Status.FAILED)
    assert (aside.reason, aside.status) == (Reason.DRIFT_EMPTIED, Status.SKIPPED)


@pytest.mark.parametrize(
    ("problem", "reason"), [("drift-column-gone", Reason.MONITOR_GONE), ("drift-retyped", Reason.MONITOR_RETYPED)]
)
def test_a_broken_schema_weighs_high_even_in_few_rows(problem: str, reason: Reason) -> None:
    sighting = seen(facts(column(value=None, p=None, p_missing=None, problem=problem), rows=3))
    assert (sighting.severity, sighting.result.reason) == (Severity.HIGH, reason)


def test_a_new_column_weighs_low() -> None:
    new = column(value=None, p=None, p_missing=None, skipped=Reason.DRIFT_COLUMN_NEW)
    assert (seen(facts(new)).severity, seen(facts(new)).result.reason) == (Severity.LOW, Reason.MONITOR_NEW)


def test_a_reference_without_the_column_of_times_is_no_finding() -> None:
    time = column("at", value=None, p=None, p_missing=None, kind="time", skipped=Reason.DRIFT_COLUMN_NEW)
    assert seen(facts(column(), time)).severity is Severity.NONE


def test_limits_for_a_column_that_is_nowhere_are_told() -> None:
    section = SECTION.model_validate(SECTION.model_dump() | {"columns": {"haet": {"fail": 1}, "label": {"ignore": True}}})
    sighting = seen(facts(column()), section)
    assert [each.name for each in sighting.result.children if each.status is Status.FAILED] == ["haet"]


def test_a_measure_that_a_column_does_not_have_is_told() -> None:
    sighting = seen(facts(column(value=None, problem=Reason.DRIFT_MEASURE)))
    assert (sighting.severity, sighting.result.reason) == (Severity.HIGH, Reason.DRIFT_MEASURE)


def test_too_few_rows_are_neither_good_nor_bad() -> None:
    sighting = seen(facts(column(value=3.0, p=0.0), rows=199))
    assert (sighting.severity, sighting.result.status) == (Severity.NONE, Status.SKIPPED)
    assert sighting.result.why == "199 rows are too few to tell whether anything drifted; 200 are needed"
    assert "furthest" not in sighting.numbers


@pytest.mark.parametrize("rows", [1_000, 3])
def test_what_was_left_out_for_want_of_rows_is_one_line_and_no_finding(rows: int) -> None:
    parts = ["all columns together", "the estimate"]
    withheld = column("mail", None, None, skipped="drift-withheld")
    sighting = seen(facts(column(), withheld, rows=rows, left_out=parts, rows_problem="train.csv: nowhere"))
    assert sighting.severity is Severity.NONE
    (line,) = [each for each in sighting.result.leaves() if each.name == ROWS]
    assert line.status is Status.SKIPPED
    assert line.why.endswith("cannot be had (train.csv: nowhere): all columns together, the estimate")
    assert (Reason.DRIFT_WITHHELD in [each.reason for each in sighting.result.leaves()]) is (rows == 1_000)


def test_late_data_is_late_also_in_few_rows() -> None:
    sighting = seen(facts(column(), rows=3, age_days=2.5, end="2026-01-28T18:00:00+00:00"))
    assert (sighting.severity, sighting.result.reason) == (Severity.MEDIUM, Reason.MONITOR_LATE)
    assert "2.5 days old" in sighting.result.why
    assert seen(facts(column(), age_days=1.9)).severity is Severity.NONE


def test_rows_of_the_future_and_rows_without_a_time_are_told() -> None:
    sighting = seen(facts(column(), future=4, untimed=0.2))
    assert [each.reason for each in sighting.result.children[:2]] == [Reason.MONITOR_UNTIMED, Reason.MONITOR_FUTURE]


@pytest.mark.parametrize(("per_day", "found"), [(49, True), (50, False), (200, False), (201, True)])
def test_too_few_or_too_many_rows_a_day_are_a_finding(per_day: float, found: bool) -> None:
    sighting = seen(facts(column(), per_day=per_day, per_day_reference=100))
    assert (sighting.result.reason is Reason.MONITOR_VOLUME) is found


def test_rows_that_can_be_told_apart_are_a_finding_where_no_column_moved() -> None:
    sighting = seen(facts(column(), apart=ApartFacts(auc=0.8, p=0.0, rows=1_000)))
    assert (sighting.severity, sighting.result.reason) == (Severity.MEDIUM, Reason.MONITOR_APART)
    assert sighting.numbers["domain_auc"] == 0.8
    assert seen(facts(column(), apart=ApartFacts(auc=0.8, p=0.4, rows=20))).severity is Severity.NONE
    assert seen(facts(column(), apart=ApartFacts(auc=0.55, p=0.0, rows=5_000))).severity is Severity.NONE


def test_data_that_cannot_be_read_weighs_high() -> None:
    sighting = seen(MonitorFacts(problem=Reason.DATA_CORRUPT, problem_detail="live.parquet: cut off"))
    assert (sighting.severity, sighting.rows, sighting.numbers) == (Severity.HIGH, None, {})
    assert "live.parquet: cut off" in sighting.result.why


def test_the_worst_comes_first_and_the_policy_says_what_that_is() -> None:
    section = SECTION.model_copy(update={"severity": {"drift": "high", "schema": "low"}})
    gone = column("sky", value=None, p=None, p_missing=None, problem=Reason.DRIFT_COLUMN_GONE)
    sighting = seen(facts(gone, column(value=0.8, p=0.0)), section)
    assert [each.name for each in sighting.result.children] == ["heat", "sky"]
    assert sighting.result.why == "2 findings in production, the worst of severity high"
    assert [each.status for each in sighting.result.children] == [Status.FAILED, Status.WARNED]


def test_a_time_is_not_judged_unless_the_policy_names_it() -> None:
    time = column("at", 9.0, 0.0, kind="time")
    assert seen(facts(time)).severity is Severity.NONE
    named = SECTION.model_validate(SECTION.model_dump() | {"columns": {"at": {}}})
    assert seen(facts(time), named).severity is Severity.MEDIUM


def test_a_thousand_columns_leave_a_record_that_can_be_kept() -> None:
    sighting = seen(facts(*(column(f"c{each}", 0.9, 0.0) for each in range(1_000))))
    assert len(sighting.result.children) == 50
    assert sighting.result.values["count"] == 1_000
    assert len(sighting.model_dump_json()) < 40_000


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_p_values_take_what_the_step_up_rule_takes(p_values: list[float]) -> None:
    alpha, ordered = 0.05, sorted(p_values)
    last = max((at for at, p in enumerate(ordered, 1) if p * (len(p_values) / at) <= alpha), default=0)
    taken = sum(p <= alpha for p in adjusted(p_values))
    assert taken == last
    assert all(after >= before for before, after in zip(p_values, adjusted(p_values), strict=True))
