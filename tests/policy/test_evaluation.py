"""The section about metrics: what may be asked, and how a mistake is told."""

import pytest
from pydantic import ValidationError

from policy.evaluation import Evaluate, Gate

PREDICTIONS = {"path": "p.parquet", "key": ["id"], "label": "y", "score": "p", "slices": ["carrier"]}


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ({"metric": "roc_auc"}, "the gate asks nothing"),
        ({"metric": "latency_ms", "ceiling": 5}, "`better: higher` or `better: lower` is needed"),
        ({"metric": "roc_auc", "better": "lower", "floor": 0.5}, "roc_auc is better higher"),
        ({"metric": "log_loss", "may_lose": 0.1}, "write `may_gain` instead of `may_lose`"),
        ({"metric": "roc_auc", "may_gain": 0.1}, "write `may_lose` instead of `may_gain`"),
        ({"metric": "roc_auc", "floor": 0.9, "ceiling": 0.8}, "no value can pass"),
        ({"metric": "roc_auc", "floor": float("nan")}, "finite number"),
        ({"metric": "roc_auc", "floor": 0.5, "every": "a", "where": {"a": "b"}}, "exclude each other"),
        ({"metric": "roc_auc", "floor": 0.5, "where": {"a": "b", "c": "d"}}, "at most 1 item"),
        ({"metric": "roc_auc", "florr": 0.5}, "Extra inputs"),
    ],
)
def test_a_gate_that_cannot_be_meant_says_what_would_be_right(gate: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Gate.model_validate(gate)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"gates": [{"metric": "roc_auc", "floor": 0.5, "every": "carrier"}]}, "only metrics computed from `predictions`"),
        ({"gates": [{"metric": "x", "better": "higher", "floor": 0.5, "function": "a.py:f"}]}, "needs `predictions`"),
        ({"fairness": {"by": "carrier", "equalised_odds": 0.1}}, "needs `predictions`"),
        ({"metrics": ["a.json", "a.json"]}, "named twice"),
        ({"predictions": {key: value for key, value in PREDICTIONS.items() if key != "score"}}, "`score` or `prediction`"),
        (
            {
                "predictions": PREDICTIONS,
                "gates": [{"metric": "x", "better": "higher", "floor": 1, "function": f"{name}.py:f"} for name in "ab"],
            },
            "in two ways",
        ),
    ],
)
def test_a_section_that_cannot_be_computed_says_why(section: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Evaluate.model_validate(section)


def test_known_metrics_come_from_predictions_that_can_give_them_and_else_from_files() -> None:
    scored = Evaluate.model_validate({"predictions": PREDICTIONS})
    hard = Evaluate.model_validate({"predictions": {**PREDICTIONS, "score": None, "prediction": "said"}})
    area, accuracy = (Gate.model_validate({"metric": name, "floor": 0.5}) for name in ("roc_auc", "accuracy"))
    assert scored.computes(area)
    assert not hard.computes(area)
    assert hard.computes(accuracy)
    assert not Evaluate().computes(accuracy)


def test_columns_and_references_are_listed_once_in_order() -> None:
    gates = [
        {"metric": "f1", "floor": 0.1, "every": "origin"},
        {"metric": "f1", "floor": 0.1, "where": {"carrier": "HA"}, "since": "v1"},
        {"metric": "f1", "floor": 0.1, "since": "champion"},
    ]
    section = Evaluate.model_validate({"predictions": PREDICTIONS, "gates": gates, "baseline": "champion"})
    assert section.slice_columns == ["carrier", "origin"]
    assert section.references == ["champion", "v1"]
