"""`policy.facts.evaluation`: what the record refuses, whatever a runner sends."""

import pytest
from pydantic import ValidationError

from policy.facts.evaluation import Confidence, EvaluationFacts, MetricFact


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), "0.9x", [1]])
def test_ga_05_a_value_that_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        MetricFact.model_validate({"metric": "auc", "source": "metrics.json", "head": value})


@pytest.mark.parametrize(
    "found",
    [
        {"method": "guessed", "standard_error": 0.1},
        {"method": "delong", "standard_error": -0.1},
        {"method": "delong", "standard_error": float("nan")},
        {"method": "bootstrap_bca", "grid": [(0.5, float("nan"))]},
        {"method": "bootstrap_bca", "grid": [(0.5, 0.1)] * 401},
    ],
)
def test_ga_05_a_confidence_that_cannot_be_is_refused(found: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Confidence.model_validate(found)


def test_ga_03_more_metrics_than_anybody_has_are_refused() -> None:
    with pytest.raises(ValidationError):
        EvaluationFacts.model_validate({"metrics": [{"metric": "m", "source": "s"}] * 10_001})
