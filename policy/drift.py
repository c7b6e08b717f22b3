"""Drift: its section of `assay.yml`, and what a distance means.

The measures, the sources of the default thresholds and the bounds are explained in docs/drift.md.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from policy.facts.data import ColumnDrift, DriftFacts
from policy.models import Name, Section
from policy.reasons import Reason
from policy.result import Result, Status, Value, worst

Threshold = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Measure = Literal["wasserstein", "ks", "jensen_shannon", "psi"]

DEFAULTS: dict[Measure, tuple[float, float]] = {
    "wasserstein": (0.1, 0.5),
    "ks": (0.1, 0.2),
    "jensen_shannon": (0.1, 0.2),
    "psi": (0.1, 0.25),
}
"""`warn` and `fail` of a measure where the policy names none."""
NAMES: dict[Measure, str] = {
    "wasserstein": "Wasserstein, normed",
    "ks": "Kolmogorov-Smirnov",
    "jensen_shannon": "Jensen-Shannon",
    "psi": "population stability index",
}
MOST_QUIET = 50
"""How many passed or skipped columns the tree lists; the warned and failed ones are all listed."""

_PROBLEMS = (
    Reason.DRIFT_EMPTIED,
    Reason.DRIFT_NO_BASELINE,
    Reason.DRIFT_COLUMN_GONE,
    Reason.DRIFT_RETYPED,
    Reason.DRIFT_MEASURE,
)
_SKIPS = (Reason.DRIFT_COLUMN_NEW, Reason.DRIFT_NO_VALUES, Reason.DRIFT_NESTED, Reason.DRIFT_IDENTIFIER)


class ColumnDriftRule(Section):
    """What is different for one column. A column named here is judged even where it is a time or an identifier."""

    warn: Threshold | None = None
    """As the data set's `warn`, for this column."""
    fail: Threshold | None = None
    """As the data set's `fail`, for this column."""
    measure: Measure | None = None
    """Another distance for this column; categories and booleans have only jensen_shannon and psi."""
    ignore: bool = False
    """Leave the column out altogether."""
    alone: bool = False
    """Whether this column fails the data set alone when it reaches `fail`, whatever `share` says."""
    new_categories: Literal["warn", "ignore"] | None = None
    """As the data set's `new_categories`, for this column."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_disorder(self.warn, self.fail)
        return self


class Drift(Section):
    """When a column has drifted, and when a data set has."""

    warn: Threshold | None = None
    """The distance from which a column is worth a look; None: the default of its measure."""
    fail: Threshold | None = None
    """The distance from which a column has moved far; None: the default of its measure."""
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The data set fails when at least this share of its judged columns reaches `fail`; fewer only warn."""
    numbers: Literal["wasserstein", "ks", "psi", "jensen_shannon"] = "wasserstein"
    """The distance by which numbers and times are judged."""
    categories: Literal["jensen_shannon", "psi"] = "jensen_shannon"
    """The distance by which categories and booleans are judged."""
    nulls: Annotated[float, Field(ge=0, le=1)] = 0.05
    """The largest change of a column's share of missing values that is not worth a word."""
    new_categories: Literal["warn", "ignore"] = "warn"
    """What a category that the base does not have is worth."""
    columns: dict[Name, ColumnDriftRule] = {}
    """What is different for single columns. A time or an identifier is judged only where it is named here."""
    mode: Literal["exact", "profile"] = "profile"
    """`profile` reads every content once ever, with a known error; `exact` reads both sides each time, without one."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_disorder(self.warn, self.fail)
        return self


def decide(section: Drift | None, facts: DriftFacts | None, *, name: str = "drift", unchanged: bool = False) -> Result:
    """Whether a data set has drifted too far from its base, with one child a column, the worst first.

    A column that cannot be compared fails: nobody knows whether it moved. A column that moved far only warns until enough
    of them did (`share`), because one of many moves in most honest changes; `alone` marks those of which this is not true.
    """
    if section is None:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
    if unchanged:
        return Result(name=name, status=Status.PASSED, reason=Reason.DRIFT_UNCHANGED)
    if facts is None:
        return Result(name=name, status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": name})
    for side, rows in (("base", facts.rows_base), ("head", facts.rows_head)):
        if rows == 0:
            return Result(name=name, status=Status.FAILED, reason=Reason.DRIFT_NO_ROWS, values={"side": side})
    return _whole(name, section, facts)


def thresholds(section: Drift, column: str, measure: Measure) -> tuple[float, float]:
    """`warn` and `fail` of a column: its own, else the data set's, else its measure's; the one that is set moves the other."""
    rule = section.columns.get(column, ColumnDriftRule())
    own_warn = rule.warn if rule.warn is not None else section.warn
    own_fail = rule.fail if rule.fail is not None else section.fail
    warn, fail = DEFAULTS[measure]
    warn, fail = own_warn if own_warn is not None else warn, own_fail if own_fail is not None else fail
    return (min(warn, fail), fail) if rule.warn is None and own_fail is not None else (warn, max(warn, fail))


def _whole(name: str, section: Drift, facts: DriftFacts) -> Result:
    """The data set over its columns."""
    judged = [column for column in facts.columns if _is_judged(section, column)]
    far = [column for column in judged if _reach(section, column) is Reason.DRIFT_MOVED_FAR]
    enough = bool(judged) and len(far) >= section.share * len(judged)
    known = {column.column for column in facts.columns}
    children = [
        *(_column(section, column, enough) for column in facts.columns),
        *(
            Result(name=column, status=Status.FAILED, reason=Reason.DRIFT_NO_SUCH_COLUMN, values={"column": column})
            for column, rule in section.columns.items()
            if column not in known and not rule.ignore
        ),
    ]
    status, values = worst(children), {"judged": len(judged), "count": len(far), "share": f"{section.share:.0%}"}
    tree = _listed(children, {column.column: _times_fail(section, column) for column in judged})
    if enough:
        return Result(name=name, status=Status.FAILED, reason=Reason.DRIFT_SHARE, values=values, children=tree)
    if status in (Status.FAILED, Status.WARNED):
        return _offended(name, status, children, tree)
    if not judged:
        return Result(name=name, status=Status.FAILED, reason=Reason.DRIFT_NOTHING_JUDGED, children=tree)
    return Result(name=name, status=Status.PASSED, reason=Reason.DRIFT_HOLDS, values=values, children=tree)


def _offended(name: str, status: Status, children: list[Result], tree: list[Result]) -> Result:
    """The data set where columns fail or warn: a single one speaks for it."""
    bad = [child for child in children if child.status is status]
    if len(bad) == 1:
        return Result(name=name, status=status, reason=bad[0].reason, values=bad[0].values, children=tree)
    total = sum(child.status is not Status.SKIPPED for child in children)
    reason = Reason.PART_FAILED if status is Status.FAILED else Reason.PART_WARNED
    return Result(name=name, status=status, reason=reason, values={"count": len(bad), "total": total}, children=tree)


def _listed(children: list[Result], weight: dict[str, float]) -> list[Result]:
    """The worst first, and of the quiet ones only so many that the others are not buried."""
    by_weight = sorted(children, key=lambda child: -weight.get(child.name, 0.0))
    loud = [child for status in (Status.FAILED, Status.WARNED) for child in by_weight if child.status is status]
    passed = [child for child in by_weight if child.status is Status.PASSED]
    skipped = [child for child in children if child.status is Status.SKIPPED]
    return [*loud, *passed[:MOST_QUIET], *skipped[:MOST_QUIET]]


def _is_judged(section: Drift, column: ColumnDrift) -> bool:
    """Whether a column counts towards the share: one with a distance that the policy wants to know."""
    return column.problem is None and column.value is not None and _skip(section, column) is None


def _skip(section: Drift, column: ColumnDrift) -> Reason | None:
    """Why a column is not judged, where that is right."""
    rule = section.columns.get(column.column)
    if rule is not None and rule.ignore:
        return Reason.DRIFT_IGNORED
    if column.problem is not None:
        return None
    if column.skipped in _SKIPS:
        return column.skipped
    return Reason.DRIFT_TIME if column.kind == "time" and rule is None else None


def _times_fail(section: Drift, column: ColumnDrift) -> float:
    """How many times its limit a column moved, to put different measures in one order."""
    _, fail = thresholds(section, column.column, column.measure)
    return (column.value or 0.0) / fail


def _reach(section: Drift, column: ColumnDrift) -> Reason:
    """What a distance reaches for certain, given how far it can be from the exact one."""
    warn, fail = thresholds(section, column.column, column.measure)
    value = column.value or 0.0
    low, high = value - column.bound, value + column.bound
    if low >= fail:
        return Reason.DRIFT_MOVED_FAR
    if high >= fail or low < warn <= high:
        return Reason.DRIFT_UNSURE
    return Reason.DRIFT_MOVED if low >= warn else Reason.DRIFT_STEADY


def _column(section: Drift, column: ColumnDrift, enough: bool) -> Result:
    """One column: its distance, and where they are worth a word its missing values and its new categories."""
    distance = _distance(section, column, enough)
    if distance.status is Status.SKIPPED or column.problem is not None:
        return distance
    parts = [distance, *_nulls(section, column), *_new(section, column)]
    loud = [part for part in parts if part.status is not Status.PASSED]
    if len(parts) == 1 or not loud:
        return distance
    speaker = distance if distance.status is worst(parts) else loud[0]
    return Result(name=column.column, status=worst(parts), reason=speaker.reason, values=speaker.values, children=parts)


def _distance(section: Drift, column: ColumnDrift, enough: bool) -> Result:
    """What the distance of a column says."""
    warn, fail = thresholds(section, column.column, column.measure)
    values: dict[str, Value] = {
        "column": column.column,
        "measure": NAMES[column.measure],
        "value": column.value,
        "bound": column.bound,
        "warn": warn,
        "fail": fail,
    }
    skipped = _skip(section, column)
    if skipped is not None:
        return Result(name=column.column, status=Status.SKIPPED, reason=skipped, values=values)
    if column.problem is not None or column.value is None:
        # A runner may write any reason: only those whose sentences these values fill are repeated.
        reason = column.problem if column.problem in _PROBLEMS else Reason.DRIFT_NO_VALUE
        return Result(name=column.column, status=Status.FAILED, reason=reason, values=values)
    reason = _reach(section, column)
    if reason is Reason.DRIFT_UNSURE:
        values["threshold"] = fail if column.value + column.bound >= fail else warn
    alone = column.column in section.columns and section.columns[column.column].alone
    far = Status.FAILED if enough or alone else Status.WARNED
    status = {Reason.DRIFT_STEADY: Status.PASSED, Reason.DRIFT_MOVED_FAR: far}.get(reason, Status.WARNED)
    return Result(name=column.column, status=status, reason=reason, values=values)


def _nulls(section: Drift, column: ColumnDrift) -> list[Result]:
    """A word where values began or ceased to be missing."""
    if abs(column.nulls_head - column.nulls_base) <= section.nulls:
        return []
    values: dict[str, Value] = {
        "column": column.column,
        "before": f"{column.nulls_base:.1%}",
        "after": f"{column.nulls_head:.1%}",
    }
    return [Result(name=f"{column.column}: missing", status=Status.WARNED, reason=Reason.DRIFT_NULLS, values=values)]


def _new(section: Drift, column: ColumnDrift) -> list[Result]:
    """A word where categories appeared that the base does not have."""
    rule = section.columns.get(column.column)
    wanted = rule.new_categories if rule is not None and rule.new_categories is not None else section.new_categories
    if wanted == "ignore" or column.new_categories_total == 0:
        return []
    shown = ", ".join(column.new_categories[:3])
    more = ", …" if column.new_categories_total > len(column.new_categories[:3]) else ""
    values: dict[str, Value] = {"column": column.column, "count": column.new_categories_total, "examples": shown + more}
    return [Result(name=f"{column.column}: new", status=Status.WARNED, reason=Reason.DRIFT_NEW_CATEGORIES, values=values)]


def _refuse_disorder(warn: float | None, fail: float | None) -> None:
    if warn is not None and fail is not None and warn > fail:
        raise ValueError(f"warn ({warn:g}) is above fail ({fail:g})")
