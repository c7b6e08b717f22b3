"""The worst slice is always named."""

from policy import slices
from policy.facts.evaluation import EvaluationFacts, MetricFact, Slice
from policy.gates import Evaluate
from policy.reasons import Reason
from policy.result import Result

SECTION = Evaluate.model_validate({"predictions": {"path": "p", "key": ["id"], "label": "y", "score": "s", "min_rows": 30}})


def fact(value: str, base: float | None, head: float | None, rows: int = 100, metric: str = "roc_auc") -> MetricFact:
    return MetricFact(metric=metric, source="p", slice=Slice(column="c", value=value), rows=rows, base=base, head=head)


def told(*facts: MetricFact) -> Result:
    (note,) = slices.worst(SECTION, EvaluationFacts(metrics=list(facts)))
    return note


def test_the_lowest_and_the_one_that_lost_most_are_named() -> None:
    note = told(fact("A", 0.9, 0.7), fact("B", 0.5, 0.6), fact("C", 0.8, 0.8))
    assert note.reason is Reason.WORST_SLICES
    assert note.why == "roc_auc is worst on c=B: 0.6 on 100 rows; c=A lost most: −0.2"


def test_for_a_loss_the_highest_is_the_worst() -> None:
    note = told(fact("A", 0.1, 0.2, metric="log_loss"), fact("B", 0.9, 0.9, metric="log_loss"))
    assert (note.values["slice"], note.values["loser"], note.values["change"]) == ("c=B", "c=A", "+0.1")


def test_small_slices_are_counted_but_not_ranked() -> None:
    note = told(fact("A", 0.9, 0.7), fact("tiny", 0.1, 0.0, rows=29), fact("odd", None, None))
    assert (note.values["slice"], note.values["small"], note.values["undefined"]) == ("c=A", 1, 1)


def test_without_any_large_slice_that_is_said() -> None:
    assert told(fact("tiny", 0.1, 0.0, rows=2)).reason is Reason.NO_WORST_SLICE


def test_without_a_base_the_worst_is_still_named() -> None:
    note = told(fact("A", None, 0.7), fact("B", None, 0.6))
    assert (note.reason, note.values["slice"]) == (Reason.WORST_SLICE, "c=B")
