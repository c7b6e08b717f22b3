"""Monitoring: its section of `assay.yml`, where production's data is and what of it is worth a word."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from policy.drift import ColumnDriftRule, Drift, Measure, Threshold
from policy.durations import Duration
from policy.models import Name, Section
from policy.performance import MonitoredPredictions
from policy.queries import Query
from policy.sighting import Severity

Level = Literal["low", "medium", "high"]
Kind = Literal["schema", "volume", "late", "missing", "drift", "multivariate", "performance", "estimate", "unreadable"]


class MonitoredColumnRule(Section):
    """What is different for one column. A column named here is judged even where it is a time or an identifier."""

    warn: Threshold | None = None
    """As the section's `warn`, for this column."""
    fail: Threshold | None = None
    """As the section's `fail`, for this column."""
    measure: Measure | None = None
    """Another distance for this column; categories and booleans have only jensen_shannon and psi."""
    ignore: bool = False
    """Leave the column out altogether, such as a label that production does not have."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_disorder(self.warn, self.fail)
        return self


WEIGHTS: dict[Kind, Level] = {
    "schema": "high",
    "volume": "medium",
    "late": "medium",
    "missing": "medium",
    "drift": "medium",
    "multivariate": "medium",
    "performance": "high",
    "estimate": "medium",
    "unreadable": "high",
}
"""What each kind of finding weighs where the policy does not say. A new column, and one that only reaches `warn`, weigh low."""


class Monitor(Section):
    """Where the model's data in production is, which part of it is looked at, and what is worth a word."""

    data: Annotated[str, Field(min_length=1, max_length=1_000)] | None = None
    """Parquet, CSV, JSON Lines or Arrow, a file or a folder: a path, a DVC out or import, or an address for fsspec (`s3://...`)."""
    query: Query | None = None
    """In the place of `data`: a query to a database."""
    reference: Name | None = None
    """The data set of this repository that the model was made with; None: `data`, at the revision of the reference."""
    champion: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")] | None = None
    """The registry's alias, such as `production`, of the version whose reference counts, as it was when that was registered."""
    time: Name | None = None
    """The column with the time of a row; a time without a zone is UTC."""
    window: Duration | None = None
    """How much is looked at, counted back from the newest row, such as `30 days`."""
    rows: Annotated[int, Field(ge=1)] | None = None
    """How much is looked at, as the last so many rows, by `time` or else in the order of the data."""
    least: Annotated[int, Field(ge=30)] = 200
    """With fewer rows than this nothing is said about drift."""
    late_after: Duration | None = None
    """How old the newest row may be, such as `2 days`."""
    volume: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """The rows a day, as a share of the reference's, below which there are too few; above 1 / this there are too many."""
    warn: Threshold | None = None
    """The distance from which a column is worth a look; None: the default of its measure (see docs/drift.md)."""
    fail: Threshold | None = None
    """The distance from which a column has moved far; None: the default of its measure."""
    numbers: Literal["wasserstein", "ks", "psi", "jensen_shannon"] = "wasserstein"
    """The distance by which numbers and times are judged."""
    categories: Literal["jensen_shannon", "psi"] = "jensen_shannon"
    """The distance by which categories and booleans are judged."""
    nulls: Annotated[float, Field(ge=0, le=1)] = 0.05
    """The largest change of a column's share of missing values that is not worth a word."""
    domain_auc: Annotated[float, Field(gt=0.5, lt=1)] = 0.65
    """How well a classifier may tell reference and window apart (area under the ROC curve) without a word."""
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """The chance of any finding of drift or missing values where nothing changed."""
    columns: dict[Name, MonitoredColumnRule] = {}
    """What is different for single columns. A time or an identifier is judged only where it is named here."""
    predictions: MonitoredPredictions | None = None
    """How well the model must do in production, where labels have arrived."""
    severity: dict[Kind, Level] = {}
    """What each kind of finding weighs, where that is not its default (see docs/monitor.md)."""
    fails_at: Level = "medium"
    """The severity from which the verb ends with exit code 1."""

    @field_validator("data")
    @classmethod
    def _without_secret(cls, data: str | None) -> str | None:
        if data and re.search(r"://[^/@]*:[^/@]*@", data):
            raise ValueError("leave credentials out of the address: fsspec finds them in the environment")
        return data

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        _refuse_disorder(self.warn, self.fail)
        if (self.data is None) == (self.query is None):
            raise ValueError("`data` or `query` is needed, and not both: where the data of production is")
        if self.window is not None and self.rows is not None:
            raise ValueError("`window` and `rows` both say how much is looked at: keep one of them")
        if self.time is None and (self.window is not None or self.late_after is not None):
            raise ValueError("`window` and `late_after` need `time`, the column with the time of a row")
        if self.reference is None and (self.elsewhere or (self.data or "").startswith("/")):
            raise ValueError("`reference` is needed where `data` lies outside the repository")
        label = self.predictions.label if self.predictions else None
        if label in self.columns and not self.columns[label].ignore:
            raise ValueError(f"{label} is the label of `predictions`, which is not judged for drift: leave it out of `columns`")
        return self

    def weight(self, kind: Kind) -> Severity:
        """The severity of a kind of finding."""
        return Severity(self.severity.get(kind, WEIGHTS[kind]))

    @property
    def reference_path(self) -> str:
        """The path of the data set that is the reference."""
        return self.reference or str(self.data)

    @property
    def elsewhere(self) -> bool:
        """Whether the data is no path."""
        return self.data is None or "://" in self.data

    @property
    def source(self) -> str:
        """What the data is called, for people."""
        return self.data if self.data is not None else "the query"

    @property
    def as_drift(self) -> Drift:
        """The thresholds and measures as those of drift, which computes the distances."""
        columns = {
            name: ColumnDriftRule(warn=rule.warn, fail=rule.fail, measure=rule.measure, ignore=rule.ignore)
            for name, rule in self.columns.items()
        }
        if self.predictions is not None:  # labels arrive late, and are judged by how well they are predicted
            columns[self.predictions.label] = ColumnDriftRule(ignore=True)
        return Drift(warn=self.warn, fail=self.fail, numbers=self.numbers, categories=self.categories, columns=columns)


def _refuse_disorder(warn: float | None, fail: float | None) -> None:
    if warn is not None and fail is not None and warn > fail:
        raise ValueError(f"warn ({warn:g}) is above fail ({fail:g})")
