"""What the policy asks of the model in production, and what the numbers say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.facts.evaluation import Confidence
from policy.facts.monitoring import MonitorFacts, PerformanceFact
from policy.monitoring import Monitor, decide
from policy.performance import MonitoredPredictions, Question, questions
from policy.reasons import Reason
from policy.result import Status
from policy.sighting import Severity, Sighting

COLUMNS = {"label": "late", "score": "p"}


def section(**metric: object) -> MonitoredPredictions:
    return MonitoredPredictions.model_validate(COLUMNS | {"metrics": [{"metric": "roc_auc"} | metric]})


def fact(value: float | None = 0.7, **more: object) -> PerformanceFact:
    sure = Confidence(method="delong", standard_error=0.01) if value is not None else None
    plain: dict[str, Any] = {"metric": "roc_auc", "rows": 1_000, "value": value, "confidence": sure}
    return PerformanceFact.model_validate(plain | more)


def asked(wanted: MonitoredPredictions, found: PerformanceFact) -> Question:
    (question,) = questions(wanted, [found])
    return question


def test_a_value_below_its_floor_is_over_and_surprising_by_how_far() -> None:
    far, near = asked(section(floor=0.75), fact()), asked(section(floor=0.701), fact())
    assert far.over and far.p is not None and far.p < 1e-5
    assert near.over and near.p == pytest.approx(0.46, abs=0.01)
    assert "the floor is 0.75" in str(far.values["limit"])
    assert not asked(section(floor=0.69), fact()).over


def test_a_drop_counts_where_it_is_larger_than_the_margin_and_is_tested_against_none() -> None:
    drop = fact(reference=0.73, error=0.02)
    assert asked(section(may_lose=0.02), drop).over
    assert not asked(section(may_lose=0.05), drop).over
    assert asked(section(may_lose=0.02), drop).p == pytest.approx(0.0668, abs=1e-3)
    assert asked(section(may_lose="10%"), drop).over is False


def test_a_metric_that_is_better_lower_is_the_other_way_round() -> None:
    wanted = MonitoredPredictions.model_validate(COLUMNS | {"metrics": [{"metric": "brier", "may_gain": 0.01, "ceiling": 0.25}]})
    ceiling, reference = questions(wanted, [fact(0.27, metric="brier", reference=0.2, error=0.01)])
    assert ceiling.over and reference.over
    assert reference.p is not None and reference.p < 1e-6


@given(st.floats(-0.3, 0.3), st.floats(0.001, 0.1))
def test_a_larger_drop_is_never_less_surprising(drop: float, more: float) -> None:
    one, other = (asked(section(may_lose=0.0), fact(reference=0.7 + each, error=0.02)).p for each in (drop, drop + more))
    assert one is not None and other is not None and other <= one


def test_what_cannot_be_measured_is_certain_and_what_chance_withholds_is_not() -> None:
    assert asked(section(floor=0.5), fact(None, problem=Reason.SCORE_OUT_OF_RANGE, detail=" (3 of 9)")).certain
    assert not asked(section(floor=0.5), fact(None, problem=Reason.ONE_CLASS)).certain
    assert asked(section(floor=0.5), fact(confidence=None)).reason is Reason.MONITOR_NO_INTERVAL


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metrics": []}, "at least 1"),
        ({"metrics": [{"metric": "roc_auc"}]}, "asked nothing"),
        ({"metrics": [{"metric": "roc_auc", "may_gain": 0.1}]}, "may_lose"),
        ({"metrics": [{"metric": "rmse", "may_lose": 0.1}]}, "may_gain"),
        ({"metrics": [{"metric": "rmse", "floor": 2, "ceiling": 1}]}, "no value can pass"),
        ({"metrics": [{"metric": "rmse", "ceiling": 1}, {"metric": "rmse", "ceiling": 2}]}, "asked twice"),
        ({"score": None, "metrics": [{"metric": "rmse", "ceiling": 1}]}, "`score` or `prediction`"),
        ({"score": None, "prediction": "said", "metrics": [{"metric": "roc_auc", "floor": 0.7}]}, "needs `score`"),
        ({"metrics": [{"metric": "glory", "floor": 1}]}, "roc_auc"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        MonitoredPredictions.model_validate(COLUMNS | wrong)


def seen(wanted: MonitoredPredictions, *facts: PerformanceFact, labelled: int = 1_000, **more: Any) -> Sighting:
    monitor = Monitor.model_validate({"data": "live.parquet", "reference": "train.parquet", "predictions": wanted.model_dump()})
    found = MonitorFacts.model_validate({"rows": 1_000, "performance": list(facts), "labelled": labelled} | more)
    return decide(monitor, found, model="flight-delay", at="2026-01-31T06:00:00+00:00")


def test_a_worse_model_weighs_high_and_its_number_is_kept() -> None:
    sighting = seen(section(floor=0.75), fact())
    assert (sighting.severity, sighting.result.reason) == (Severity.HIGH, Reason.MONITOR_WORSE)
    assert sighting.result.why == "roc_auc on 1,000 labelled rows of production is 0.7 (0.68 to 0.72); the floor is 0.75"
    assert sighting.numbers["performance_roc_auc"] == 0.7


def test_a_limit_that_chance_can_explain_is_kept() -> None:
    sighting = seen(section(floor=0.705), fact())
    assert (sighting.severity, sighting.result.children[0].reason) == (Severity.NONE, Reason.MONITOR_PERFORMS)


def test_labels_that_have_not_arrived_are_told_and_are_no_fault() -> None:
    sighting = seen(section(floor=0.75), labelled=12)
    (child,) = sighting.result.children
    assert (sighting.severity, child.status, child.reason) == (Severity.NONE, Status.SKIPPED, Reason.MONITOR_UNLABELLED)
    assert child.why.startswith("12 rows have their label so far, and 200 are needed")


def test_a_metric_that_these_rows_do_not_have_is_skipped_and_a_score_that_is_none_is_red() -> None:
    assert seen(section(floor=0.7), fact(None, problem=Reason.ONE_CLASS)).severity is Severity.NONE
    sighting = seen(section(floor=0.7), fact(None, problem=Reason.MISSING_COLUMN, detail=" (p)"))
    assert sighting.severity is Severity.HIGH
    assert "a column is missing in the predictions of production (p)" in sighting.result.why


def test_its_p_values_are_adjusted_together_with_the_others() -> None:
    wanted = MonitoredPredictions.model_validate(
        COLUMNS
        | {"metrics": [{"metric": "roc_auc", "floor": 0.72}, *({"metric": each, "floor": 0} for each in ("f1", "accuracy"))]}
    )
    fine = [fact(0.9, metric=each) for each in ("f1", "accuracy")]
    assert seen(section(floor=0.72), fact()).severity is Severity.HIGH  # p = 0.023
    assert seen(wanted, fact(), *fine).severity is Severity.NONE


def test_an_estimate_weighs_less_than_a_measurement_and_says_what_it_is() -> None:
    wanted = section(floor=0.75).model_copy(update={"estimate": True})
    sighting = seen(wanted, labelled=0, unlabelled=1_000, estimates=[fact()])
    assert (sighting.severity, sighting.result.reason) == (Severity.MEDIUM, Reason.MONITOR_ESTIMATED_WORSE)
    assert "roc_auc is estimated at 0.7 (0.68 to 0.72) on 1,000 rows of production without labels" in sighting.result.why
    assert sighting.numbers["estimate_roc_auc"] == 0.7
    assert "performance_roc_auc" not in sighting.numbers


def test_an_estimate_needs_a_score_and_a_metric_that_can_be_estimated() -> None:
    for wrong in ({"score": None, "prediction": "said"}, {"metrics": [{"metric": "brier", "ceiling": 1}]}):
        asks = {"label": "late", "score": "p", "metrics": [{"metric": "accuracy", "floor": 0}], "estimate": True} | wrong
        with pytest.raises(ValidationError, match="`estimate` needs `score`"):
            MonitoredPredictions.model_validate(asks)
