"""The record of a training run: what a runner may say, and what is refused."""

import pytest
from pydantic import ValidationError

from policy.facts.training import StageRun, TrainingFacts
from policy.reasons import Reason


def test_a_record_survives_the_way_through_json() -> None:
    stage = StageRun(name="train ü", outcome="failed", wall_seconds=1.5, peak_bytes=10**10, exit_code=-9, tail=["last"])
    facts = TrainingFacts(targets=["train ü"], stages=[stage], budget_seconds=60, problem=Reason.TRAINING_FAILED)
    assert TrainingFacts.model_validate_json(facts.model_dump_json(exclude_defaults=True)) == facts


def test_what_a_newer_runner_adds_is_passed_over() -> None:
    assert TrainingFacts.model_validate({"energy_joules": 5}) == TrainingFacts()


@pytest.mark.parametrize(
    "said",
    [
        {"stages": [{"name": "a", "outcome": "great"}]},
        {"stages": [{"name": "", "outcome": "executed"}]},
        {"stages": [{"name": "a", "outcome": "failed", "tail": ["x"] * 31}]},
        {"stages": [{"name": "a", "outcome": "failed", "tail": ["x" * 2_001]}]},
        {"stages": [{"name": "a", "outcome": "executed"}] * 2_001},
        {"wall_seconds": float("nan")},
        {"problem": "all-is-well"},
    ],
)
def test_what_is_beyond_the_limits_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrainingFacts.model_validate(said)
