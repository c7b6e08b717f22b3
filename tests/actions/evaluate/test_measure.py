"""From frames of predictions to facts."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from actions.evaluate.functions import Answer
from actions.evaluate.measure import Measured, measure
from actions.evaluate.plan import plan
from actions.evaluate.trouble import Undefined
from policy.evaluation import Evaluate
from policy.facts.evaluation import MetricFact
from policy.reasons import Reason
from tests.actions.evaluate.predictions import frame, section


def mean_score(_: str, frames: Sequence[pl.DataFrame]) -> list[Answer]:
    """Stands for a metric of the user: the mean of the scores of late rows."""
    return [Answer(float((each["p"] * each["late"]).mean())) for each in frames]  # type: ignore[arg-type]


def measured(base: object, head: object, asked: Evaluate) -> Measured:
    return measure(base, head, asked, plan(asked), mean_score)  # type: ignore[arg-type]


def facts(result: Measured, name: str) -> dict[str, MetricFact]:
    return {fact.slice.label if fact.slice else "": fact for fact in result.metrics if fact.metric == name}


ASKED = section({"metric": "roc_auc", "may_lose": 0.1}, {"metric": "brier", "may_gain": 0.1, "every": "carrier"})


def test_every_metric_has_a_value_overall_and_on_every_slice() -> None:
    result = measured(frame(model=1), frame(model=2), ASKED)
    for name in ("roc_auc", "brier"):
        assert set(facts(result, name)) == {"", "carrier=AA", "carrier=HA", "carrier=UA"}
        assert all(fact.base is not None and fact.head is not None for fact in facts(result, name).values())
    assert sum(fact.rows for fact in facts(result, "brier").values()) == 800


def test_intervals_are_computed_overall_and_where_a_gate_judges() -> None:
    result = measured(frame(model=1), frame(model=2), ASKED)
    assert facts(result, "roc_auc")[""].confidence is not None
    assert facts(result, "roc_auc")["carrier=AA"].confidence is None
    assert facts(result, "brier")["carrier=AA"].confidence is not None


def test_the_order_of_rows_in_the_files_changes_nothing() -> None:
    base, head = frame(model=1), frame(model=2)
    shuffled = [each.sample(fraction=1, shuffle=True, seed=seed) for seed, each in enumerate((base, head))]
    assert measured(base, head, ASKED).metrics == measured(*shuffled, ASKED).metrics


def test_the_same_seed_gives_the_same_facts_and_another_seed_others() -> None:
    base, head = frame(model=1), frame(model=2)
    again = section(*(gate.model_dump(exclude_defaults=True) for gate in ASKED.gates), seed=1)
    assert measured(base, head, ASKED).metrics == measured(base, head, ASKED).metrics
    assert facts(measured(base, head, ASKED), "brier")[""] != facts(measured(base, head, again), "brier")[""]


def test_swapping_the_sides_swaps_the_values() -> None:
    base, head = frame(model=1), frame(model=2)
    for one, other in zip(measured(base, head, ASKED).metrics, measured(head, base, ASKED).metrics, strict=True):
        assert (one.base, one.head) == (other.head, other.base)


def test_without_a_base_there_are_values_of_the_head_and_the_reason() -> None:
    fact = facts(measured(Undefined(Reason.MISSING_BASELINE, " (no file)"), frame(), ASKED), "roc_auc")[""]
    assert fact.head is not None
    assert (fact.base, fact.problem_base, fact.problem_head) == (None, Reason.MISSING_BASELINE, None)


@pytest.mark.parametrize(
    "head",
    [
        Undefined(Reason.MISSING_METRIC, " (no file)"),
        frame().with_columns(p=pl.lit(np.nan)),
        frame().with_columns(p=pl.lit("high")),
        frame()[:0],
    ],
)
def test_without_a_usable_head_there_are_only_reasons(head: object) -> None:
    result = measured(frame(), head, ASKED)
    assert {fact.metric for fact in result.metrics} == {"roc_auc", "brier"}
    assert all(fact.head is None and fact.problem_head is not None for fact in result.metrics)


def test_sides_about_other_rows_have_values_but_may_not_be_compared() -> None:
    result = measured(frame(), frame()[10:], ASKED)
    fact = facts(result, "roc_auc")[""]
    assert fact.base is not None
    assert fact.head is not None
    assert (fact.problem_base, fact.problem_head, fact.confidence) == (Reason.MISMATCHED_KEYS, Reason.MISMATCHED_KEYS, None)
    assert set(facts(result, "brier")) == {""}


def test_a_slice_of_one_class_has_a_reason_and_the_others_values() -> None:
    def only_late(table: pl.DataFrame) -> pl.DataFrame:
        return table.with_columns(late=pl.when(pl.col("carrier") == "HA").then(1).otherwise("late"))

    found = facts(measured(only_late(frame(model=1)), only_late(frame(model=2)), ASKED), "roc_auc")
    assert found["carrier=HA"].problem_head is Reason.ONE_CLASS
    assert found["carrier=AA"].head is not None


def test_a_metric_of_the_user_is_asked_overall_and_where_a_gate_judges() -> None:
    own = {"metric": "own", "better": "higher", "function": "own.py:f", "may_lose": 0.1}
    result = measured(frame(model=1), frame(model=2), section(own, own | {"where": {"carrier": "HA"}}))
    assert set(facts(result, "own")) == {"", "carrier=HA"}
    for fact in facts(result, "own").values():
        assert fact.confidence.method == "jackknife"
        assert 0 < fact.confidence.standard_error < 0.1
    same = measured(frame(), frame(), section(own))
    assert facts(same, "own")[""].confidence.standard_error == 0


def test_without_gates_the_usual_metrics_are_reported() -> None:
    assert {fact.metric for fact in measured(frame(), frame(), section()).metrics} == {"roc_auc", "log_loss", "accuracy"}
    numbers = frame().with_columns(late=pl.col("p") * 7)
    assert {fact.metric for fact in measured(numbers, numbers, section()).metrics} == {"rmse", "mae", "r2"}


def test_many_labels_with_hard_predictions() -> None:
    rng = np.random.default_rng(0)
    table = pl.DataFrame({"id": range(200), "late": rng.choice(list("abc"), 200), "p": rng.choice(list("abc"), 200)})
    asked = section({"metric": "f1", "may_lose": 0.2}, predictions={"score": None, "prediction": "p", "slices": []})
    other = table.with_columns(p=pl.Series(rng.choice(list("abc"), 200)))
    (fact,) = measured(table, other, asked).metrics
    assert fact.confidence is not None
