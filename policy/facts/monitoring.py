"""What a look at production found, before anything is judged: the window, its columns, and how surprising they are."""

from typing import Annotated

from pydantic import Field

from policy.facts.data import ColumnDrift, Count, Share
from policy.facts.evaluation import Confidence
from policy.models import Name, Number, Record, Text
from policy.reasons import Reason


class MonitoredColumn(Record):
    """One column of the window against the reference."""

    drift: ColumnDrift
    p_moved: Share | None = None
    """How surprising the difference of values would be if nothing had changed; None where it cannot be tested."""
    p_missing: Share | None = None
    """The same for the share of missing values."""


class ApartFacts(Record):
    """How well the rows of reference and window can be told apart by all their columns together."""

    auc: Share
    """0.5: not at all; 1: every row betrays where it is from."""
    p: Share
    rows: Count
    """How many rows of each side were looked at."""


class PerformanceFact(Record):
    """One metric on rows of the window. `confidence` is that of its value; `problem` says why there is none.

    `reference` is its value on the reference, and `error` the standard error of the difference of both: they are other rows.
    """

    metric: Name
    rows: Count
    value: Number | None = None
    confidence: Confidence | None = None
    reference: Number | None = None
    error: Number | None = None
    problem: Reason | None = None
    detail: Text = ""


class MonitorFacts(Record):
    """One look at one window.

    `start` and `end` are the oldest and newest time of the window in ISO 8601 and UTC, empty where it has no times;
    `age_days` is how old the newest row was when we looked.
    """

    rows: Count | None = None
    """Rows of the window; None where it could not be read."""
    rows_reference: Count = 0
    start: Text = ""
    end: Text = ""
    age_days: Number | None = None
    future: Count = 0
    """Rows that claim to be from after the look; they are left out."""
    untimed: Share = 0.0
    """The share of all rows that have no time; they are left out too."""
    per_day: Number | None = None
    per_day_reference: Number | None = None
    columns: Annotated[list[MonitoredColumn], Field(max_length=2_000)] = []
    apart: ApartFacts | None = None
    labelled: Count | None = None
    """Rows of the window with a prediction and a label; None where nobody asked."""
    performance: Annotated[list[PerformanceFact], Field(max_length=50)] = []
    """What the metrics are on them."""
    unlabelled: Count | None = None
    """Rows of the window with a prediction whose label has not arrived."""
    estimates: Annotated[list[PerformanceFact], Field(max_length=50)] = []
    """What the metrics are on those, by the model's confidence."""
    left_out: Annotated[list[Text], Field(max_length=50)] = []
    """What needs the rows of the reference, and was left out because they cannot be had."""
    rows_problem: Text = ""
    """Why they cannot."""
    problem: Reason | None = None
    """Why the data could not be read; then nothing else is said."""
    problem_detail: Text = ""
