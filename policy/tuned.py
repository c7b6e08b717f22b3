"""What a search for better parameters leaves: `tuning.json`."""

from typing import Annotated

from pydantic import Field, ValidationError

from policy.facts.override import MOST, Scalar
from policy.facts.reading import strict_json
from policy.metrics import Better
from policy.models import Name, Number, Record, Text
from policy.problems import UserProblem
from policy.result import Result

FILE = "tuning.json"
MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the whole record."""
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Seconds = Annotated[Number, Field(ge=0)]
_MOST_OBJECTIVES = 4
_MOST_ARMS = 20


class Tried(Record):
    """One point: its values by parameter, and its scores, one an objective."""

    number: Count | None = None
    """The trial's number in the study; None for the present parameters."""
    values: Annotated[dict[Name, Scalar], Field(max_length=MOST)]
    scores: Annotated[list[Number], Field(max_length=_MOST_OBJECTIVES)]
    strategy: Text = ""
    seconds: Seconds = 0.0


class Arm(Record):
    """What one strategy did: trials that ended, those that failed, the good ones (see docs/tune.md), and the time of all."""

    strategy: Text
    trials: Count
    failed: Count = 0
    good: Count = 0
    seconds: Seconds = 0.0


class Weight(Record):
    """How much one parameter matters for the first objective; all of them together are 1."""

    key: Name
    share: Annotated[Number, Field(ge=0, le=1)]


class Repeated(Record):
    """The winner against the present parameters over seeds: both rows of values, the mean difference and its interval."""

    metric: Name
    present: Annotated[list[Number], Field(max_length=100)]
    winner: Annotated[list[Number], Field(max_length=100)]
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
    space: Annotated[dict[Name, Text], Field(max_length=MOST)]
    objectives: Annotated[list[Aim], Field(max_length=_MOST_OBJECTIVES)]
    present: Tried
    winner: Tried | None = None
    front: Annotated[list[Tried], Field(max_length=1_000)] = []
    trials: Count = 0
    failed: Count = 0
    lost: Count = 0
    """Trials whose run was killed before it could tell."""
    pruned: Count = 0
    """Trials that were ended early, because they were worse than half of those before."""
    here: Count = 0
    """Trials of this very run."""
    restored: Count = 0
    """Trials of this very run of which no stage had to be executed."""
    seeded: Count = 0
    """Points that earlier studies of this space handed on."""
    arms: Annotated[list[Arm], Field(max_length=_MOST_ARMS)] = []
    weights: Annotated[list[Weight], Field(max_length=MOST)] = []
    repeated: Annotated[list[Repeated], Field(max_length=_MOST_OBJECTIVES)] = []
    seeds: Count = 0
    confidence: Number = 0.95
    seconds: Seconds = 0.0
    patch: Annotated[str, Field(max_length=100_000)] = ""
    """The difference to the files of parameters, as `git apply` reads it; empty where the winner is not better."""
    result: Result


def read(raw: bytes, where: str = FILE) -> Tuned:
    """Read what somebody else wrote; its lists fit each other.

    Raises UserProblem for bytes that are too many, not strict JSON, no such record, or lists that do not fit.
    """
    advice = "Run the search again"
    if len(raw) > MAX_BYTES:
        raise UserProblem(f"{len(raw):,} bytes, more than {MAX_BYTES:,}", where, advice)
    try:
        record = Tuned.model_validate(strict_json(raw, where))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:80] for part in first["loc"][:6])
        raise UserProblem(f"`{place}`: {first['msg']}", where, advice) from None
    if not _fits(record):
        raise UserProblem("it has not one score for each objective, or not one value for each seed", where, advice)
    return record


def _fits(record: Tuned) -> bool:
    tried = [record.present, *([record.winner] if record.winner else []), *record.front]
    rows = [row for each in record.repeated for row in (each.present, each.winner)]
    return (
        len(record.objectives) > 0
        and all(len(each.scores) == len(record.objectives) for each in tried)
        and len(record.repeated) in (0, len(record.objectives))
        and all(len(row) == record.seeds for row in rows)
        and (record.seeds > 0) == bool(record.repeated)
    )
