"""How well the model does on the window: its metrics where labels have arrived, beside those of the reference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from actions.datafile import DataFile
from actions.evaluate import metrics, samples, values
from actions.evaluate.samples import Said, Truth
from actions.evaluate.trouble import Undefined
from actions.frames import reading, scan
from policy.facts.evaluation import Confidence
from policy.facts.monitoring import PerformanceFact
from policy.performance import Expectation, MonitoredPredictions
from policy.problems import UserProblem
from policy.reasons import Reason


@dataclass(frozen=True)
class Performed:
    """What is known: `labelled` rows of the window have a label and a prediction."""

    labelled: int = 0
    facts: list[PerformanceFact] = field(default_factory=list)


@dataclass(frozen=True)
class _Value:
    """A metric on some rows."""

    value: float
    confidence: Confidence | None


def performance(
    section: MonitoredPredictions, reference: Sequence[DataFile], window: Sequence[DataFile], *, least: int
) -> Performed:
    """Every metric of the policy on the labelled rows of the window; with fewer than `least` of them, none.

    Raises:
        UserProblem: the policy compares with the reference, and that has no predictions or labels.
        Unreadable: the data cannot be read.
    """
    rows = labelled(section, window)
    if isinstance(rows, Undefined):
        return Performed(0, [_unknown(each, 0, rows) for each in section.metrics])
    if len(rows) < least:
        return Performed(len(rows))
    before = referred(section, reference) if section.compares else None
    return Performed(len(rows), [_fact(section, each, rows, before) for each in section.metrics])


def labelled(section: MonitoredPredictions, files: Sequence[DataFile]) -> pl.DataFrame | Undefined:
    """The rows that have a label and a prediction; none where the column of labels is not there yet."""
    frame = scan(files)
    names = frame.collect_schema().names()
    if missing := [each for each in section.columns if each not in names and each != section.label]:
        return Undefined(Reason.MISSING_COLUMN, f" ({', '.join(missing)})")
    if section.label not in names:
        return pl.DataFrame()
    with reading(files):
        found = frame.select(section.columns).collect(engine="streaming")
    return found.filter(*(present(found[each]) for each in section.columns))


def referred(section: MonitoredPredictions, files: Sequence[DataFile]) -> pl.DataFrame:
    """The same rows of the reference. Raises UserProblem where there are none."""
    rows = labelled(section, files)
    if isinstance(rows, Undefined) or not len(rows):
        what = "the reference has no rows with " + " and ".join(section.columns)
        next_step = "Name a reference with the model's predictions on rows that it did not learn from, or ask for `floor` alone"
        raise UserProblem(what, files[0].name if files else "", next_step)
    return rows


def present(values: pl.Series) -> pl.Series:
    """Where there is a value: neither null nor NaN."""
    return values.is_not_null() & values.is_not_nan() if values.dtype.is_float() else values.is_not_null()


def _fact(section: MonitoredPredictions, wanted: Expectation, rows: pl.DataFrame, before: pl.DataFrame | None) -> PerformanceFact:
    try:
        now = _value(wanted.metric, *_prepared(section, rows))
    except Undefined as problem:
        return _unknown(wanted, len(rows), problem)
    found = PerformanceFact(metric=wanted.metric, rows=len(rows), value=now.value, confidence=now.confidence)
    if before is None or wanted.margin is None:
        return found
    return found.model_copy(update=beside(now.confidence, reference(section, wanted.metric, before)))


def reference(section: MonitoredPredictions, metric: str, rows: pl.DataFrame) -> tuple[float, Confidence]:
    """A metric on the reference. Raises UserProblem where it has none."""
    try:
        found = _value(metric, *_prepared(section, rows))
    except Undefined as problem:
        found, detail = None, f" ({problem.reason.value}{problem.detail})"
    else:
        detail = " (too few rows)"
    if found is None or found.confidence is None:
        raise UserProblem(f"{metric} of the reference cannot be computed{detail}", "monitor.reference", "Name another reference")
    return found.value, found.confidence


def beside(now: Confidence | None, before: tuple[float, Confidence]) -> dict[str, float]:
    """What a fact says of the reference: its value, and the standard error of the difference."""
    if now is None:
        return {"reference": before[0]}
    return {"reference": before[0], "error": math.hypot(values.spread(now), values.spread(before[1]))}


def _prepared(section: MonitoredPredictions, rows: pl.DataFrame) -> tuple[Truth, Said]:
    truth, (said,) = samples.prepare([rows], section.as_predictions)
    return truth, said


def _value(metric: str, truth: Truth, said: Said) -> _Value:
    value = metrics.compute(metric, truth, said)
    return _Value(value, values.distribution(metric, truth, said))


def _unknown(wanted: Expectation, rows: int, problem: Undefined) -> PerformanceFact:
    return PerformanceFact(metric=wanted.metric, rows=rows, problem=problem.reason, detail=problem.detail[:1_000])
