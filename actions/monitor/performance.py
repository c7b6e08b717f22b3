"""How well the model does on the window: its metrics where labels have arrived, an estimate where not, beside the reference's."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from actions.datafile import DataFile
from actions.evaluate import metrics, samples, sums, values
from actions.evaluate.samples import Floats, Said, Truth
from actions.evaluate.trouble import Undefined
from actions.frames import reading, scan
from actions.monitor import estimate
from actions.monitor.reference import Rows
from policy.facts.evaluation import Confidence
from policy.facts.monitoring import PerformanceFact
from policy.performance import ESTIMATED, Expectation, MonitoredPredictions
from policy.problems import UserProblem
from policy.reasons import Reason

_Base = Callable[[str], tuple[float, Confidence] | None]
"""A metric on the reference: its value, and how sure that is. None where that cannot be known."""


@dataclass(frozen=True)
class Performed:
    """What is known: of rows with a prediction, `labelled` have a label and give `facts`, and `unlabelled` give `estimates`."""

    labelled: int = 0
    facts: list[PerformanceFact] = field(default_factory=list)
    unlabelled: int = 0
    estimates: list[PerformanceFact] = field(default_factory=list)


@dataclass(frozen=True)
class _Value:
    """A metric on some rows."""

    value: float
    confidence: Confidence | None


class _Before:
    """How well the model does on the reference: by what is known of it already, else by its rows, which are read at most once."""

    def __init__(self, section: MonitoredPredictions, reference: Rows, measured: Mapping[str, tuple[float, Confidence]]) -> None:
        self._section, self._reference = section, reference
        self._known = dict(measured)
        self._rows: pl.DataFrame | None = None

    def rows(self, part: str) -> pl.DataFrame | None:
        """The rows that have prediction and label; None where they cannot be had, and `part` is left out."""
        if self._rows is None and (files := self._reference.asked(part)) is not None:
            self._rows = referred(self._section, files)
        return self._rows

    def value(self, metric: str) -> tuple[float, Confidence] | None:
        if metric not in self._known and (rows := self.rows(f"{metric} beside that of the reference")) is not None:
            self._known[metric] = reference_value(self._section, metric, rows)
        return self._known.get(metric)


def performance(
    section: MonitoredPredictions,
    reference: Rows,
    window: Sequence[DataFile],
    *,
    least: int,
    measured: Mapping[str, tuple[float, Confidence]] | None = None,
) -> Performed:
    """Every metric of the policy on the labelled rows of the window, and where it asks, an estimate on the others.

    Fewer than `least` rows of a kind give nothing. `measured` are metrics of the reference that are known without its rows.

    Raises:
        UserProblem: the policy needs predictions and labels of the reference, and it has none.
        Unreadable: the data cannot be read.
    """
    rows = predicted(section, window)
    if isinstance(rows, Undefined):
        return Performed(0, [_unknown(each, 0, rows) for each in section.metrics])
    arrived = present(rows[section.label])
    known, open_ = rows.filter(arrived), rows.filter(~arrived)
    measures, estimates = len(known) >= least, section.estimate and len(open_) >= least
    before = _Before(section, reference, measured or {})
    facts = [_fact(section, each, known, before.value) for each in section.metrics] if measures else []
    labelled = before.rows("the estimate") if estimates else None
    guessed = [] if labelled is None else _estimates(section, open_, labelled, before.value)
    return Performed(len(known), facts, len(open_), guessed)


def predicted(section: MonitoredPredictions, files: Sequence[DataFile]) -> pl.DataFrame | Undefined:
    """The rows that have a prediction, with their label where it has arrived."""
    frame = scan(files)
    names = frame.collect_schema().names()
    said = [each for each in section.columns if each != section.label]
    if missing := [each for each in said if each not in names]:
        return Undefined(Reason.MISSING_COLUMN, f" ({', '.join(missing)})")
    if section.label not in names:
        frame = frame.with_columns(pl.lit(None).alias(section.label))
    with reading(files):
        found = frame.select(section.columns).collect(engine="streaming")
    return found.filter(*(present(found[each]) for each in said))


def referred(section: MonitoredPredictions, files: Sequence[DataFile]) -> pl.DataFrame:
    """The rows of the reference that have both. Raises UserProblem where there are none."""
    rows = predicted(section, files)
    labelled = rows if isinstance(rows, Undefined) else rows.filter(present(rows[section.label]))
    if isinstance(labelled, Undefined) or not len(labelled):
        what = "the reference has no rows with " + " and ".join(section.columns)
        next_step = "Name a reference with the model's predictions on rows that it did not learn from, or ask for `floor` alone"
        raise UserProblem(what, files[0].name if files else "", next_step)
    return labelled


def present(values: pl.Series) -> pl.Series:
    """Where there is a value: neither null nor NaN."""
    return values.is_not_null() & values.is_not_nan() if values.dtype.is_float() else values.is_not_null()


def has_value(name: str, dtype: pl.DataType) -> pl.Expr:
    """The same for a column of a lazy frame."""
    there = pl.col(name).is_not_null()
    return there & pl.col(name).is_not_nan() if dtype.is_float() else there


def _estimates(section: MonitoredPredictions, rows: pl.DataFrame, before: pl.DataFrame, base: _Base) -> list[PerformanceFact]:
    """What can be estimated of what the policy asks."""
    wanted = [each for each in section.metrics if each.metric in ESTIMATED]
    try:
        truth, said = _prepared(section, before)
        positive, scores = sums.binary(truth), sums.scores(said)
        if positive.all() or not positive.any():
            raise Undefined(Reason.ONE_CLASS)
        curve = estimate.calibration(scores, positive)
        chances = np.clip(curve.apply(rows[str(section.score)].cast(pl.Float64).to_numpy()), 0.0, 1.0)
        labels = before[section.label]
        drawn = _drawn(chances, labels.filter(pl.Series(positive)), labels.filter(pl.Series(~positive)))
        # Labels as likely as any: with them every metric has the interval that it would have with the true ones.
        truth, said = _prepared(section, rows.with_columns(drawn.alias(section.label)))
    except Undefined as problem:
        return [_unknown(each, len(rows), problem) for each in wanted]
    except pl.exceptions.PolarsError as problem:
        undefined = Undefined(Reason.NOT_A_NUMBER, f" ({str(problem)[:200]})")
        return [_unknown(each, len(rows), undefined) for each in wanted]
    return [_estimate(each, truth, said, chances, base) for each in wanted]


def _drawn(chances: Floats, yes: pl.Series, no: pl.Series) -> pl.Series:
    """A label for each row, drawn by its chance and always the same, in the words of the reference."""
    positive = np.random.default_rng(0).random(len(chances)) < chances
    words = pl.Series([no[0], yes[0]], dtype=yes.dtype)
    return words.gather(pl.Series(positive.astype(np.uint32)))


def _estimate(wanted: Expectation, truth: Truth, said: Said, chances: Floats, base: _Base) -> PerformanceFact:
    try:
        value = _expected(wanted.metric, said, chances)
        sure = values.distribution(wanted.metric, truth, said)
    except Undefined as problem:
        return _unknown(wanted, truth.rows, problem)
    confidence = None if sure is None else Confidence(method=sure.method, standard_error=values.spread(sure))
    found = PerformanceFact(metric=wanted.metric, rows=truth.rows, value=value, confidence=confidence)
    return _beside(found, wanted, base)


def _expected(metric: str, said: Said, chances: Floats) -> float:
    if metric == "roc_auc":
        value = estimate.roc_auc(sums.scores(said), chances)
    elif said.codes is None:
        raise Undefined(Reason.BAD_LABEL, " (two labels are needed)")
    else:
        value = (estimate.accuracy if metric == "accuracy" else estimate.f1)(said.codes == 1, chances)
    if not math.isfinite(value):
        raise Undefined(Reason.ONE_CLASS)
    return value


def _fact(section: MonitoredPredictions, wanted: Expectation, rows: pl.DataFrame, base: _Base) -> PerformanceFact:
    try:
        now = _value(wanted.metric, *_prepared(section, rows))
    except Undefined as problem:
        return _unknown(wanted, len(rows), problem)
    found = PerformanceFact(metric=wanted.metric, rows=len(rows), value=now.value, confidence=now.confidence)
    return _beside(found, wanted, base)


def reference_value(section: MonitoredPredictions, metric: str, rows: pl.DataFrame) -> tuple[float, Confidence]:
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


def _beside(fact: PerformanceFact, wanted: Expectation, base: _Base) -> PerformanceFact:
    """A fact with the reference's value and the standard error of the difference, where the policy asks for them."""
    before = base(wanted.metric) if wanted.margin is not None else None
    if before is None:
        return fact
    more = {"reference": before[0]}
    if fact.confidence is not None:
        more["error"] = math.hypot(values.spread(fact.confidence), values.spread(before[1]))
    return fact.model_copy(update=more)


def _prepared(section: MonitoredPredictions, rows: pl.DataFrame) -> tuple[Truth, Said]:
    truth, (said,) = samples.prepare([rows], section.as_predictions)
    return truth, said


def _value(metric: str, truth: Truth, said: Said) -> _Value:
    value = metrics.compute(metric, truth, said)
    return _Value(value, values.distribution(metric, truth, said))


def _unknown(wanted: Expectation, rows: int, problem: Undefined) -> PerformanceFact:
    return PerformanceFact(metric=wanted.metric, rows=rows, problem=problem.reason, detail=problem.detail[:1_000])
