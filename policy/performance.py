"""How well the model does in production: what the policy asks of it, and what the numbers say.

Two sources give numbers of one form: rows whose labels have arrived, and an estimate for rows whose labels have not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policy.confidence import interval, p_above, p_below
from policy.evaluation import Predictions
from policy.facts.monitoring import PerformanceFact
from policy.margins import Margin
from policy.metrics import BETTER, NEEDS_SCORE, Better
from policy.models import Name, Number, Section
from policy.reasons import Reason
from policy.result import Value

ESTIMATED = frozenset({"roc_auc", "accuracy", "f1"})
"""Metrics that can be estimated without labels."""
LEVEL = 0.95
"""Of the intervals that are shown."""
_NORMAL = NormalDist()

Known = Literal["roc_auc", "pr_auc", "accuracy", "f1", "log_loss", "brier", "calibration_error", "rmse", "mae", "r2", "mape"]


class Expectation(Section):
    """What one metric must be in production. At least one of floor, ceiling, may_lose, may_gain is needed."""

    metric: Known
    """A metric that can be computed from predictions, as in the gates."""
    floor: Number | None = None
    """The value must be at least this."""
    ceiling: Number | None = None
    """The value must be at most this."""
    may_lose: Margin | None = None
    """How far a higher-is-better metric may lie below its value on the reference: absolute (0.02) or relative ('3%')."""
    may_gain: Margin | None = None
    """How far a lower-is-better metric may lie above its value on the reference."""

    @property
    def better(self) -> Better:
        """Which direction is good."""
        return BETTER[self.metric]

    @property
    def margin(self) -> Margin | None:
        """How much worse than on the reference it may be; None where only limits are asked for."""
        return self.may_lose if self.better == "higher" else self.may_gain

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if all(each is None for each in (self.floor, self.ceiling, self.may_lose, self.may_gain)):
            raise ValueError(f"{self.metric} is asked nothing: add `floor`, `ceiling`, `may_lose` or `may_gain`")
        if self.better == "higher" and self.may_gain is not None:
            raise ValueError(f"{self.metric} is better higher, so write `may_lose` instead of `may_gain`")
        if self.better == "lower" and self.may_lose is not None:
            raise ValueError(f"{self.metric} is better lower, so write `may_gain` instead of `may_lose`")
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError("the floor lies above the ceiling, so no value can pass")
        return self


class MonitoredPredictions(Section):
    """The columns of production's data with what the model said and, once it has arrived, what really happened."""

    label: Name
    """The column with what really happened; rows where it is missing are those whose label has not arrived."""
    score: Name | None = None
    """A probability for a two-valued label, a number for regression."""
    prediction: Name | None = None
    """A hard prediction; where absent, a score of 0.5 or more predicts the positive label."""
    positive: str | int | None = None
    """The label that the score is the probability of. Not needed where labels are 0 and 1, -1 and 1, or true and false."""
    metrics: Annotated[list[Expectation], Field(min_length=1, max_length=10)]
    """What each metric must be."""
    estimate: bool = False
    """Estimate `roc_auc`, `accuracy` and `f1` of rows whose labels have not arrived, from the score (see docs/monitor.md)."""

    @model_validator(mode="after")
    def _can_be_computed(self) -> Self:
        if self.score is None and self.prediction is None:
            raise ValueError("`score` or `prediction` is needed: the column with what the model said")
        for each in self.metrics:
            if each.metric in NEEDS_SCORE and self.score is None:
                raise ValueError(f"{each.metric} needs `score`, the column with the probability")
        if self.estimate and (self.score is None or not any(each.metric in ESTIMATED for each in self.metrics)):
            raise ValueError(f"`estimate` needs `score`, and one of {', '.join(sorted(ESTIMATED))} among the metrics")
        if len({each.metric for each in self.metrics}) < len(self.metrics):
            raise ValueError("a metric is asked twice: put its limits together")
        return self

    @property
    def columns(self) -> list[str]:
        """The columns that are read, once each."""
        return list(dict.fromkeys(each for each in (self.label, self.score, self.prediction) if each))

    @property
    def compares(self) -> bool:
        """Whether anything is asked of the reference."""
        return any(each.margin is not None for each in self.metrics)

    @property
    def as_predictions(self) -> Predictions:
        """The same columns as those of an evaluation, which computes the metrics."""
        return Predictions(
            path="production",
            key=[self.label],
            label=self.label,
            score=self.score,
            prediction=self.prediction,
            positive=self.positive,
        )


@dataclass(frozen=True)
class Question:
    """One limit of one metric: whether the value lies beyond it, and how surprising that is where it truly does not.

    `p` is None where nothing can be said; `certain` marks what is wrong whatever chance does (a metric that these rows do
    not have). `beyond` is how far over the limit the value lies, in standard errors, for the order.
    """

    name: str
    reason: Reason
    values: dict[str, Value]
    over: bool = False
    p: float | None = None
    certain: bool = False
    beyond: float = 0.0


def questions(
    section: MonitoredPredictions, facts: Sequence[PerformanceFact], worse: Reason = Reason.MONITOR_WORSE
) -> list[Question]:
    """Every limit that the policy sets, with what the facts say of it, in the order of the policy.

    `worse` is what is said of a value beyond its limit: measured, or estimated.
    """
    known = {fact.metric: fact for fact in facts}
    return [asked for each in section.metrics if each.metric in known for asked in _asked(each, known[each.metric], worse)]


def _asked(wanted: Expectation, fact: PerformanceFact, reason: Reason) -> Iterator[Question]:
    if fact.problem is not None or fact.value is None or fact.confidence is None:
        values: dict[str, Value] = {"metric": wanted.metric, "detail": fact.detail, "side": "production", "rows": fact.rows}
        why = fact.problem or Reason.MONITOR_NO_INTERVAL
        # Rows of one class, or few, are no fault; what cannot be measured in any number of rows is.
        quiet = (Reason.ONE_CLASS, Reason.NO_ROWS, Reason.UNDEFINED_METRIC, Reason.MONITOR_NO_INTERVAL)
        yield Question(wanted.metric, why, values, certain=why not in quiet)
        return
    low, high = interval(fact.confidence, fact.value, LEVEL)
    said: dict[str, Value] = {"metric": wanted.metric, "rows": fact.rows, "value": fact.value, "low": low, "high": high}
    error = max(high - low, 1e-12) / (2 * _NORMAL.inv_cdf((1 + LEVEL) / 2))
    if wanted.floor is not None:
        values = said | {"limit": f"the floor is {wanted.floor:.6g}"}
        p = p_below(fact.confidence, fact.value, wanted.floor)
        beyond = (wanted.floor - fact.value) / error
        yield Question(f"{wanted.metric}: floor", reason, values, fact.value < wanted.floor, p, beyond=beyond)
    if wanted.ceiling is not None:
        values = said | {"limit": f"the ceiling is {wanted.ceiling:.6g}"}
        p = p_above(fact.confidence, fact.value, wanted.ceiling)
        beyond = (fact.value - wanted.ceiling) / error
        yield Question(f"{wanted.metric}: ceiling", reason, values, fact.value > wanted.ceiling, p, beyond=beyond)
    if wanted.margin is not None and fact.reference is not None and fact.error is not None:
        margin = wanted.margin.at(fact.reference)
        values = said | {"limit": f"it is {fact.reference:.4g} on the reference, and may be {wanted.margin} worse"}
        loss = fact.reference - fact.value if wanted.better == "higher" else fact.value - fact.reference
        p = _NORMAL.cdf(-loss / fact.error) if fact.error > 0 else float(loss <= 0)
        beyond = (loss - margin) / error
        yield Question(f"{wanted.metric}: reference", reason, values, loss > margin, p, beyond=beyond)
