"""What a runner says about metrics: values at base and head, and how sure their change is."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policy.models import Column, Name, Number, Record, Text
from policy.reasons import Reason

Rows = Annotated[int, Field(ge=0)]


class Slice(Record):
    """The rows where `column` has `value` (as text; a missing value is `(none)`)."""

    column: Column
    value: Text

    @property
    def label(self) -> str:
        """`carrier=HA`."""
        return f"{self.column}={self.value}"


class Confidence(Record):
    """How sure the change (head minus base) is, as a confidence distribution.

    The pure policy needs more than one interval: it tests margins that only it knows. So the runner hands over
    the whole distribution: either normal around the change (`standard_error`), or `grid`, pairs (p, quantile) with
    both rising, such as the end points of BCa bootstrap intervals. (Xie & Singh, "Confidence distribution, the
    frequentist distribution estimator of a parameter", 2013.)
    """

    method: Literal["delong", "bootstrap_bca", "bootstrap_normal", "mcnemar", "wilson", "infinitesimal_jackknife", "jackknife"]
    standard_error: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    grid: Annotated[list[tuple[Number, Number]], Field(max_length=400)] = []
    resamples: int | None = None

    @model_validator(mode="after")
    def _one_distribution(self) -> Self:
        if (self.standard_error is None) == (not self.grid):
            raise ValueError("either standard_error or grid is needed")
        if self.grid and not (self.grid[0][0] < 0.5 < self.grid[-1][0] and self.grid[0][0] > 0 and self.grid[-1][0] < 1):
            raise ValueError("the grid must lie inside (0, 1) and on both sides of one half")
        if any(b[0] <= a[0] or b[1] < a[1] for a, b in pairwise(self.grid)):
            raise ValueError("the grid must rise")
        return self


class MetricFact(Record):
    """One metric, overall or on a slice, at base and head.

    `rows` is the number of paired rows it was computed from (None for a number read from a metrics file).
    `problem_*` says why a value is missing; a missing value without a reason cannot be expressed by our runner,
    and the verdict treats it as missing.
    """

    metric: Name
    source: Name
    slice: Slice | None = None
    rows: Rows | None = None
    base: Number | None = None
    head: Number | None = None
    confidence: Confidence | None = None
    problem_base: Reason | None = None
    problem_head: Reason | None = None
    detail: Text = ""


class BaselineFact(Record):
    """A metric at the last accepted baseline (champion tag), for the cumulative change.

    `confidence` is that of head minus baseline, where the baseline's predictions could be paired with the head's;
    `head` is then the head's value on the rows both have.
    """

    metric: Name
    source: Name
    reference: Name
    slice: Slice | None = None
    rows: Rows | None = None
    value: Number | None = None
    head: Number | None = None
    confidence: Confidence | None = None
    problem: Reason | None = None
    detail: Text = ""


class GroupFact(Record):
    """One group of a fairness column at head. A rate is None where the group has no row to take it from."""

    value: Text
    rows: Rows
    selection_rate: Number | None = None
    true_positive_rate: Number | None = None
    false_positive_rate: Number | None = None


class FairnessFact(Record):
    """Fairness by one column, at head (and base where it can be computed).

    `demographic_parity` and `equalised_odds` are differences in 0..1: the largest gap between groups.
    """

    column: Column
    threshold: Number
    demographic_parity_base: Number | None = None
    demographic_parity: Number | None = None
    equalised_odds_base: Number | None = None
    equalised_odds: Number | None = None
    groups: Annotated[list[GroupFact], Field(max_length=200)] = []
    groups_total: Rows = 0
    problem: Reason | None = None
    detail: Text = ""


class PairingFacts(Record):
    """How the predictions of base and head were matched by key.

    `missing_*` count keys that only the other side has; `relabelled` counts keys whose label differs.
    """

    rows_base: Rows
    rows_head: Rows
    paired: Rows
    missing_base: Rows = 0
    missing_head: Rows = 0
    relabelled: Rows = 0
    problem: Reason | None = None
    detail: Text = ""


class SliceColumnFact(Record):
    """A column of slices: how many values it has, how many are listed (the largest), and the rows of the others."""

    column: Column
    total: Rows = 0
    listed: Rows = 0
    rows_unlisted: Rows = 0
    problem: Reason | None = None


class MetricsFileFact(Record):
    """A metrics file that could not be read at one side."""

    path: Name
    side: Literal["base", "head"]
    problem: Reason
    detail: Text = ""


class HistoryPoint(Record):
    """A metric's value at an earlier accepted change, for the picture."""

    label: Name
    value: Number


class EvaluationFacts(Record):
    """Everything about metrics."""

    metrics: Annotated[list[MetricFact], Field(max_length=10_000)] = []
    baselines: Annotated[list[BaselineFact], Field(max_length=10_000)] = []
    fairness: Annotated[list[FairnessFact], Field(max_length=20)] = []
    pairing: PairingFacts | None = None
    slices: Annotated[list[SliceColumnFact], Field(max_length=200)] = []
    files: Annotated[list[MetricsFileFact], Field(max_length=400)] = []
    functions_changed: Annotated[list[Name], Field(max_length=200)] = []
    """Files of the user's metric functions that this change edits."""
    history: dict[str, Annotated[list[HistoryPoint], Field(max_length=50)]] = {}
    seed: int | None = None
    problem: Reason | None = None
    problem_detail: Text = ""
