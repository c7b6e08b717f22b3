"""What a distance means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.drift import DEFAULTS, MOST_QUIET, ColumnDriftRule, Drift, decide, thresholds
from policy.facts.data import ColumnDrift, DriftFacts
from policy.reasons import Reason
from policy.result import Result, Status


def column(name: str = "x", value: float | None = 0.0, **more: object) -> ColumnDrift:
    return ColumnDrift.model_validate({"column": name, "kind": "number", "measure": "wasserstein", "value": value, **more})


def facts(*columns: ColumnDrift, rows_base: int = 100, rows_head: int = 100) -> DriftFacts:
    return DriftFacts(mode="profile", rows_base=rows_base, rows_head=rows_head, columns=list(columns))


def judged(*columns: ColumnDrift, **section: object) -> Result:
    return decide(Drift.model_validate(section), facts(*columns))


def test_a_data_set_whose_columns_stay_passes() -> None:
    found = judged(column("a", 0.05), column("b", 0.0))
    assert (found.status, found.reason, found.why) == (Status.PASSED, Reason.DRIFT_HOLDS, "none of 2 columns moved")
    assert found.children[0].why == "a stayed: Wasserstein, normed 0.05, below 0.1"


def test_a_column_that_moved_warns_and_speaks_for_the_data_set() -> None:
    found = judged(column("a", 0.2), column("b"), column("c"))
    assert (found.status, found.reason) == (Status.WARNED, Reason.DRIFT_MOVED)
    assert found.why == "a moved: Wasserstein, normed 0.2, and 0.1 is worth a look"


def test_one_of_many_columns_that_moved_far_only_warns() -> None:
    found = judged(column("a", 0.9), column("b"), column("c"))
    assert (found.status, found.reason) == (Status.WARNED, Reason.DRIFT_MOVED_FAR)


def test_half_of_the_columns_moved_far_fail_the_data_set() -> None:
    found = judged(column("a", 0.9), column("b"))
    assert (found.status, found.reason) == (Status.FAILED, Reason.DRIFT_SHARE)
    assert found.why == "1 of 2 columns moved far; from 50% of them on the data set fails"
    assert [child.status for child in found.children] == [Status.FAILED, Status.PASSED]


def test_the_share_is_of_the_judged_columns() -> None:
    skipped = column("b", None, skipped=Reason.DRIFT_IDENTIFIER)
    assert judged(column("a", 0.9), skipped, skipped, skipped, share=1.0).status is Status.FAILED


def test_a_column_that_matters_alone_fails_alone() -> None:
    rules = {"a": {"alone": True}}
    assert judged(column("a", 0.9), *(column(f"c{at}") for at in range(9)), columns=rules).status is Status.FAILED
    assert judged(column("a", 0.2), *(column(f"c{at}") for at in range(9)), columns=rules).status is Status.WARNED


def test_the_policy_of_the_example_means_what_it_says() -> None:
    section = {"warn": 0.10, "fail": 0.30, "share": 0.5}
    assert judged(column("a", 0.21), column("b"), **section).reason is Reason.DRIFT_MOVED
    assert judged(column("a", 0.31), column("b"), **section).reason is Reason.DRIFT_SHARE


@pytest.mark.parametrize("measure", DEFAULTS)
def test_every_measure_has_its_own_defaults(measure: str) -> None:
    warn, fail = DEFAULTS[measure]
    for value, status in ((warn * 0.99, Status.PASSED), (warn, Status.WARNED), (fail, Status.FAILED)):
        assert judged(column(value=value, measure=measure)).status is status


def test_thresholds_of_a_column_go_before_those_of_the_data_set_and_these_before_the_measures() -> None:
    section = Drift(warn=0.2, columns={"a": ColumnDriftRule(fail=0.9), "b": ColumnDriftRule(warn=0.3, fail=0.4)})
    assert thresholds(section, "a", "wasserstein") == (0.2, 0.9)
    assert thresholds(section, "b", "wasserstein") == (0.3, 0.4)
    assert thresholds(section, "c", "wasserstein") == (0.2, 0.5)


def test_a_threshold_that_is_set_moves_a_default_that_is_in_its_way() -> None:
    assert thresholds(Drift(warn=0.8), "x", "wasserstein") == (0.8, 0.8)
    assert thresholds(Drift(fail=0.05), "x", "wasserstein") == (0.05, 0.05)
    assert thresholds(Drift(fail=0.3, columns={"x": ColumnDriftRule(warn=0.6)}), "x", "ks") == (0.6, 0.6)


@pytest.mark.parametrize(
    "section", [{"warn": 0.3, "fail": 0.1}, {"columns": {"x": {"warn": 2, "fail": 1}}}, {"warn": 0}, {"warn": "nan"}]
)
def test_thresholds_in_disorder_are_refused(section: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Drift.model_validate(section)


@pytest.mark.parametrize(("value", "threshold"), [(0.099, 0.1), (0.101, 0.1), (0.499, 0.5), (0.501, 0.5)])
def test_a_profile_that_cannot_tell_says_so(value: float, threshold: float) -> None:
    found = judged(column(value=value, bound=0.003))
    assert (found.status, found.reason, found.values["threshold"]) == (Status.WARNED, Reason.DRIFT_UNSURE, threshold)
    assert "mode: exact" in found.advice


def test_a_profile_that_can_tell_is_believed() -> None:
    assert judged(column(value=0.09, bound=0.003)).status is Status.PASSED
    assert judged(column(value=0.6, bound=0.003)).status is Status.FAILED


@settings(deadline=None)
@given(st.floats(0, 2), st.floats(0, 1), st.floats(-1, 1))
def test_whatever_the_error_within_its_bound_a_sure_profile_agrees_with_the_exact_value(
    value: float, bound: float, error: float
) -> None:
    by_profile = judged(column(value=value, bound=bound)).children[0]
    exact = judged(column(value=max(0.0, value + error * bound * 0.999))).children[0]
    if by_profile.reason is not Reason.DRIFT_UNSURE:
        assert by_profile.reason is exact.reason


@pytest.mark.parametrize(
    "broken",
    [
        column(value=None),
        column(value=None, problem=Reason.DRIFT_RETYPED),
        column(value=0.0, problem=Reason.DRIFT_COLUMN_GONE),
        column(value=None, problem=Reason.ERROR),
        column(value=None, skipped=Reason.HOLDS),
        column(value=None, skipped=Reason.ERROR),
    ],
)
def test_ga_05_a_column_without_a_distance_is_red(broken: ColumnDrift) -> None:
    found = judged(broken, column("a"), column("b"), column("c"))
    assert found.status is Status.FAILED
    assert found.why
    assert found.children[0].name == "x"


@pytest.mark.parametrize("reason", list(Reason))
def test_ga_05_no_reason_that_a_runner_may_write_breaks_the_sentence(reason: Reason) -> None:
    for field in ("problem", "skipped"):
        found = judged(column(value=None, **{field: reason}), column("a"))
        assert all(leaf.why is not None for leaf in [found, *found.leaves()])


@pytest.mark.parametrize(
    "reason", [Reason.DRIFT_COLUMN_NEW, Reason.DRIFT_NO_VALUES, Reason.DRIFT_NESTED, Reason.DRIFT_IDENTIFIER]
)
def test_a_column_that_need_not_be_judged_is_skipped(reason: Reason) -> None:
    found = judged(column(value=None, skipped=reason), column("a"))
    assert found.status is Status.PASSED
    assert found.children[-1].status is Status.SKIPPED


def test_a_time_is_judged_only_where_the_policy_names_it() -> None:
    time = column("when", 3.0, kind="time")
    assert judged(time, column("a")).status is Status.PASSED
    assert judged(time, column("a"), columns={"when": {"warn": 1}}).status is Status.FAILED


def test_an_ignored_column_is_not_judged_even_where_it_is_broken() -> None:
    assert judged(column(value=None), column("a"), columns={"x": {"ignore": True}}).status is Status.PASSED


def test_a_name_in_the_policy_that_no_data_has_is_red() -> None:
    found = judged(column("a"), columns={"typo": {"warn": 0.5}})
    assert (found.status, found.reason) == (Status.FAILED, Reason.DRIFT_NO_SUCH_COLUMN)
    assert judged(column("a"), columns={"gone": {"ignore": True}}).status is Status.PASSED


def test_missing_values_that_appear_warn() -> None:
    found = judged(column(nulls_base=0.0, nulls_head=0.2))
    assert (found.status, found.reason) == (Status.WARNED, Reason.DRIFT_NULLS)
    assert found.why == "x: the share of missing values went from 0.0% to 20.0%"
    assert judged(column(nulls_base=0.2, nulls_head=0.0)).status is Status.WARNED
    assert judged(column(nulls_base=0.0, nulls_head=0.2), nulls=0.3).status is Status.PASSED


def test_new_categories_warn_unless_they_are_ordinary() -> None:
    word = {"kind": "category", "measure": "jensen_shannon", "new_categories": ["p", "q", "r", "s"], "new_categories_total": 40}
    found = judged(column(**word))
    assert (found.status, found.reason) == (Status.WARNED, Reason.DRIFT_NEW_CATEGORIES)
    assert found.why == "x has new categories (40): p, q, r, …"
    assert judged(column(**word), new_categories="ignore").status is Status.PASSED
    assert judged(column(**word), columns={"x": {"new_categories": "ignore"}}).status is Status.PASSED
    assert judged(column(**word), new_categories="ignore", columns={"x": {"new_categories": "warn"}}).status is Status.WARNED


def test_a_column_with_several_findings_lists_them_and_the_distance_speaks() -> None:
    found = judged(column("a", 0.2, nulls_head=0.5), column("b"), column("c")).children[0]
    assert (found.status, found.reason) == (Status.WARNED, Reason.DRIFT_MOVED)
    assert [child.reason for child in found.children] == [Reason.DRIFT_MOVED, Reason.DRIFT_NULLS]


def test_the_worst_columns_come_first() -> None:
    found = judged(column("a", 0.01), column("b", 0.2), column("c", 0.4), column("d", None), column("e", 0.02))
    assert [child.name for child in found.children] == ["d", "c", "b", "e", "a"]


def test_of_the_quiet_columns_only_some_are_listed_and_of_the_others_all() -> None:
    found = judged(*(column(f"q{at}") for at in range(500)), *(column(f"w{at}", 0.2) for at in range(100)))
    assert len(found.children) == 100 + MOST_QUIET
    assert found.why == "100 of 600 checks need a look"


def test_nothing_judged_is_red() -> None:
    assert judged().reason is Reason.DRIFT_NOTHING_JUDGED
    found = judged(column(value=None, skipped=Reason.DRIFT_NESTED))
    assert (found.status, found.reason) == (Status.FAILED, Reason.DRIFT_NOTHING_JUDGED)


@pytest.mark.parametrize(("side", "rows"), [("base", {"rows_base": 0}), ("head", {"rows_head": 0})])
def test_data_without_rows_is_red(side: str, rows: dict[str, int]) -> None:
    found = decide(Drift(), facts(column(), **rows))
    assert (found.status, found.reason, found.values) == (Status.FAILED, Reason.DRIFT_NO_ROWS, {"side": side})


def test_drift_that_the_policy_wants_and_the_runner_left_out_is_red() -> None:
    assert decide(Drift(), None).reason is Reason.MISSING_PART


def test_without_a_section_drift_is_skipped() -> None:
    assert decide(None, facts(column())).reason is Reason.NOT_CONFIGURED


def test_unchanged_data_passes_without_facts() -> None:
    found = decide(Drift(), None, name="data/flights.parquet", unchanged=True)
    assert (found.name, found.status, found.reason) == ("data/flights.parquet", Status.PASSED, Reason.DRIFT_UNCHANGED)
