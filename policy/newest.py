"""Champion against challenger on what production has labels of: its section of `assay.yml`, and what its numbers say. Pure.

It is evidence for whoever decides over a merge, beside the gates, and judges nothing: which rows have their labels by now is
nobody's choice, and neither is how many they are.
"""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from policy.confidence import interval
from policy.durations import Duration
from policy.facts.evaluation import MetricFact
from policy.metrics import BETTER
from policy.models import Name, Section

if TYPE_CHECKING:
    from policy.document import Policy

LEVEL = 0.95
"""Of the interval of the change."""


class Newest(Section):
    """How champion and challenger are compared on the newest rows of production whose labels have arrived."""

    score: Annotated[str, Field(min_length=1, max_length=1_000)]
    """The command that scores a model on a file of rows, such as `python score.py`, run without a shell in the repository."""
    learned_from: Name | None = None
    """A data set of the repository whose rows are left out, by `key`: as it was, and as it is, the models learned from it."""
    key: Annotated[list[Name], Field(max_length=10)] = []
    """The columns that name a row, in production's data and in `learned_from`."""
    limit: Duration = Field(default="10 min", validate_default=True, gt=timedelta(0))
    """How long the command may take for one model."""

    @model_validator(mode="after")
    def _rows_have_names(self) -> Self:
        if bool(self.key) != (self.learned_from is not None):
            raise ValueError("`learned_from` and `key` belong together: which rows are left out, and what names a row")
        return self


class Outcome(StrEnum):
    """What a metric says of the challenger; `NOISE` where zero lies in the interval of the change."""

    BETTER = "better"
    WORSE = "worse"
    NOISE = "no difference beyond chance"
    UNKNOWN = "not to be told"


def outcome(fact: MetricFact) -> Outcome:
    """Whether the challenger is better by the whole interval of the change."""
    bounds = between(fact)
    direction = BETTER.get(fact.metric)
    if bounds is None or direction is None:
        return Outcome.UNKNOWN
    low, high = bounds if direction == "higher" else (-bounds[1], -bounds[0])
    return Outcome.BETTER if low > 0 else Outcome.WORSE if high < 0 else Outcome.NOISE


def between(fact: MetricFact) -> tuple[float, float] | None:
    """The interval of the change (challenger minus champion); None where it is not known."""
    if fact.base is None or fact.head is None or fact.confidence is None:
        return None
    return interval(fact.confidence, fact.head - fact.base, LEVEL)


def contradictions(policy: "Policy") -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What does not fit the rest of the policy: where, what, and what would be right."""
    if policy.retrain is None or policy.retrain.newest is None:
        return
    if policy.model is None:
        yield ("retrain", "newest"), "there is no `model`, so there is nothing to score", "name the model's `artifact`"
    if policy.monitor is None or policy.monitor.predictions is None:
        what = "there is no `monitor.predictions`, so nobody knows which column is the label"
        yield ("retrain", "newest"), what, "add `monitor` with `predictions` as docs/monitor.md shows"
