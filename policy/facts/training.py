"""What a runner says about reproducing the pipeline."""

from typing import Annotated, Literal

from pydantic import Field

from policy.models import Name, Number, Record, Text
from policy.reasons import Reason


class StageRun(Record):
    """One stage of a run. Times in seconds, memory in bytes (the peak of the stage's process tree)."""

    name: Name
    outcome: Literal["executed", "restored", "unchanged", "failed", "stopped", "not_reached"]
    wall_seconds: Number | None = None
    cpu_seconds: Number | None = None
    peak_bytes: int | None = None
    command: Text | None = None
    exit_code: int | None = None
    tail: Annotated[list[Text], Field(max_length=30)] = []
    """The last lines the stage printed, only where it failed."""


class TrainingFacts(Record):
    """A `dvc repro` of what changed."""

    targets: Annotated[list[Name], Field(max_length=200)] = []
    stages: Annotated[list[StageRun], Field(max_length=2_000)] = []
    wall_seconds: Number = 0.0
    budget_seconds: Number | None = None
    problem: Reason | None = None
    problem_detail: Text = ""
