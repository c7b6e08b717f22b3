"""What a search for better parameters leaves: `tuning.json`."""

from typing import Annotated

from pydantic import Field

from policy.facts.override import Scalar
from policy.metrics import Better
from policy.models import Name, Number, Record, Text
from policy.result import Result


class Tried(Record):
    """One point: its values by parameter, and its scores, one an objective."""

    number: int | None = None
    """The trial's number in the study; None for the present parameters."""
    values: dict[Name, Scalar]
    scores: list[Number]
    strategy: Text = ""
    seconds: Number = 0.0


class Arm(Record):
    """What one strategy did: trials that ended, those that failed, the good ones (see docs/tune.md), and the time of all."""

    strategy: Text
    trials: int
    failed: int = 0
    good: int = 0
    seconds: Number = 0.0


class Weight(Record):
    """How much one parameter matters for the first objective; all of them together are 1."""

    key: Name
    share: Number


class Repeated(Record):
    """The winner against the present parameters over seeds: both rows of values, the mean difference and its interval."""

    metric: Name
    present: list[Number]
    winner: list[Number]
    change: Number
    low: Number
    high: Number


class Aim(Record):
    """An objective."""

    metric: Name
    better: Better


class Tuned(Record):
    """The whole record. `trials` counts all of the study that ended well; `restored` the runs that the run cache answered."""

    schema_version: Text = "1.0"
    commit: Name
    study: Name
    space: dict[Name, Text]
    objectives: list[Aim]
    present: Tried
    winner: Tried | None = None
    front: Annotated[list[Tried], Field(max_length=1_000)] = []
    trials: int = 0
    failed: int = 0
    lost: int = 0
    """Trials whose run was killed before it could tell."""
    here: int = 0
    """Trials of this very run."""
    restored: int = 0
    """Trials of this very run of which no stage had to be executed."""
    seeded: int = 0
    """Points that earlier studies of this space handed on."""
    arms: list[Arm] = []
    weights: list[Weight] = []
    repeated: list[Repeated] = []
    seeds: int = 0
    confidence: Number = 0.95
    seconds: Number = 0.0
    patch: Annotated[str, Field(max_length=100_000)] = ""
    """The difference to the files of parameters, as `git apply` reads it; empty where the winner is not better."""
    result: Result
