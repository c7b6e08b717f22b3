"""Metric gates: looks up what each gate judges, corrects for how many there are, and composes the part.

One gate's tier is decided in `policy/tiers.py`; the words of the statistics are in docs/gates.md.
"""

from collections.abc import Iterator

from policy import slices, tiers
from policy.confidence import holm
from policy.evaluation import Evaluate, Gate, Predictions
from policy.facts.evaluation import BaselineFact, EvaluationFacts, MetricFact, Slice
from policy.reasons import Reason
from policy.result import Result, Status, Value, combine
from policy.tiers import Trial, known

__all__ = ["Evaluate", "Gate", "Predictions", "decide"]


def decide(section: Evaluate | None, facts: EvaluationFacts | None) -> Result:
    """Judge every gate. One child a gate (or a slice of it, for `every`), then what is worth knowing beside them.

    Informational children are `skipped`: they neither pass nor fail, and drop out of the part's status.
    """
    if section is None:
        return Result(name="evaluation", status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
    if facts is None:
        return Result(name="evaluation", status=Status.FAILED, reason=Reason.MISSING_PART, values={"part": "evaluation"})
    if facts.problem is not None:
        values: dict[str, Value] = {"metric": "every metric", "side": "this change", "detail": facts.problem_detail}
        return Result(name="evaluation", status=Status.FAILED, reason=known(facts.problem), values=values)
    trials = [trial for gate in section.gates for trial in _trials(section, gate, facts)]
    children = [*_files(facts), *_judged(trials), *_ungated(section, facts), *_unlisted(section, facts), *_functions(facts)]
    notes = [*_small(section, facts), *slices.worst(section, facts), *_since(section, facts)]
    if not section.gates and not children:
        count = len({fact.metric for fact in facts.metrics})
        return Result(name="evaluation", status=Status.SKIPPED, reason=Reason.NO_GATES, values={"count": count}, children=notes)
    return combine("evaluation", [*children, *notes])


def _judged(trials: list[Trial]) -> list[Result]:
    worse, better = ({index: p for index, t in enumerate(trials) if (p := pick(t)) is not None} for pick in _FAMILIES)
    p_worse = dict(zip(worse, holm(list(worse.values())), strict=True))
    p_better = dict(zip(better, holm(list(better.values())), strict=True))
    return [tiers.judge(trial, p_worse.get(index), p_better.get(index)) for index, trial in enumerate(trials)]


_FAMILIES = (Trial.p_worse, Trial.p_better)


def _trials(section: Evaluate, gate: Gate, facts: EvaluationFacts) -> Iterator[Trial]:
    """What one gate judges: one metric, or one a slice."""
    level = gate.confidence or section.confidence
    found = _facts(section, gate, facts)
    if gate.every is None:
        where = next((Slice(column=column, value=value) for column, value in gate.where.items()), None)
        yield _trial(gate, level, where, found)
        return
    of_column = [fact for fact in found if fact.slice and fact.slice.column == gate.every]
    judged = [fact for fact in of_column if fact.rows is None or fact.rows >= gate.min_rows]
    if not judged:
        largest = max((fact.rows or 0 for fact in of_column), default=None)
        problem, problem_base, detail = (None, None, "") if of_column else _why_no_slice(found)
        yield Trial(gate, level, f"every {gate.every}", None, None, largest, None, problem, problem_base, detail)
    for where in dict.fromkeys(fact.slice for fact in judged):
        yield _trial(gate, level, where, judged)


def _why_no_slice(found: list[MetricFact | BaselineFact]) -> tuple[Reason | None, Reason | None, str]:
    """Without slices, what keeps the metric from being measured at all tells more than that there are none."""
    for fact in found:
        if fact.slice is None and isinstance(fact, MetricFact) and (fact.problem_head or fact.problem_base):
            return fact.problem_head or fact.problem_base, None, fact.detail
        if fact.slice is None and isinstance(fact, BaselineFact) and fact.problem:
            return None, fact.problem, fact.detail
    return Reason.MISSING_SLICE, None, ""


def _facts(section: Evaluate, gate: Gate, facts: EvaluationFacts) -> list[MetricFact | BaselineFact]:
    """The facts about a gate's metric, from the source the policy means: predictions (with rows), or metrics files."""
    computed = section.computes(gate)
    found: list[MetricFact | BaselineFact] = []
    if gate.since is None:
        found = [fact for fact in facts.metrics if fact.metric == gate.metric]
    else:
        found = [fact for fact in facts.baselines if fact.metric == gate.metric and fact.reference == gate.since]
    return [fact for fact in found if (fact.source not in section.metrics) == computed]


def _trial(gate: Gate, level: float, where: Slice | None, found: list[MetricFact | BaselineFact]) -> Trial:
    label = where.label if where else None
    mine = [fact for fact in found if fact.slice == where]
    if len(mine) > 1:
        return Trial(gate, level, label, None, problem=Reason.DUPLICATE_METRIC)
    if not mine:
        problem, problem_base, detail = _why_no_slice(found) if where else (None, None, "")
        if not where:
            problem, problem_base = (None, Reason.MISSING_BASELINE) if gate.since else (Reason.MISSING_METRIC, None)
        return Trial(gate, level, label, None, problem=problem, problem_base=problem_base, detail=detail)
    (fact,) = mine
    if isinstance(fact, BaselineFact):
        base, problem, problem_base = fact.value, None, fact.problem
    else:
        base, problem, problem_base = fact.base, fact.problem_head, fact.problem_base
    return Trial(gate, level, label, fact.head, base, fact.rows, fact.confidence, problem, problem_base, fact.detail)


def _files(facts: EvaluationFacts) -> Iterator[Result]:
    """Metrics files that could not be read: red at the head, a warning at base: gates that need it turn red themselves."""
    for file in facts.files:
        status = Status.FAILED if file.side == "head" else Status.WARNED
        side = "this change" if file.side == "head" else "the base"
        values: dict[str, Value] = {"metric": file.path, "side": side, "detail": file.detail}
        yield Result(name=file.path, status=status, reason=known(file.problem), values=values, file=file.path)


def _ungated(section: Evaluate, facts: EvaluationFacts) -> Iterator[Result]:
    """What went wrong with metrics that no gate asks for: red where the predictions of the head give no value, since the policy
    names them; else a warning, for metrics that could not be compared and for those of a file that were there at base."""
    gated = {gate.metric for gate in section.gates}
    told: set[tuple[str, Reason]] = set()
    for fact in facts.metrics:
        written = fact.source in section.metrics
        if fact.slice or fact.metric in gated or fact.problem_head is None or (written and fact.base is None):
            continue
        if not written and (fact.source, fact.problem_head) in told:
            continue
        told.add((fact.source, fact.problem_head))
        status = Status.WARNED if written or fact.head is not None else Status.FAILED
        values: dict[str, Value] = {"metric": fact.metric, "side": "this change", "detail": fact.detail}
        yield Result(name=fact.metric, status=status, reason=known(fact.problem_head), values=values, file=fact.source)


def _unlisted(section: Evaluate, facts: EvaluationFacts) -> Iterator[Result]:
    """Slices that were too many to compute: a warning where a gate asks for every one of them, else a note."""
    gated = {gate.every for gate in section.gates if gate.every}
    for column in facts.slices:
        if column.problem is not None:
            values: dict[str, Value] = {"metric": column.column, "side": "this change", "detail": f" ({column.column})"}
            yield Result(name=f"slices by {column.column}", status=Status.FAILED, reason=known(column.problem), values=values)
        elif column.total > column.listed:
            values = {
                "column": column.column,
                "count": column.total - column.listed,
                "rows": column.rows_unlisted,
            }
            status = Status.WARNED if column.column in gated else Status.SKIPPED
            yield Result(name=f"slices by {column.column}", status=status, reason=Reason.UNLISTED_SLICES, values=values)


def _functions(facts: EvaluationFacts) -> Iterator[Result]:
    for path in facts.functions_changed:
        yield Result(name=path, status=Status.WARNED, reason=Reason.METRIC_CODE_CHANGED, values={"path": path}, file=path)


def _small(section: Evaluate, facts: EvaluationFacts) -> Iterator[Result]:
    """The slices that an `every` gate left out because they are smaller than it asks for."""
    for gate in section.gates:
        if gate.every is None:
            continue
        rows = [f.rows for f in _facts(section, gate, facts) if f.slice and f.slice.column == gate.every and f.rows is not None]
        small = [count for count in rows if count < gate.min_rows]
        if small and len(small) < len(rows):
            values: dict[str, Value] = {"count": len(small), "column": gate.every, "min_rows": gate.min_rows, "rows": sum(small)}
            name = f"{gate.metric} on small slices of {gate.every}"
            yield Result(name=name, status=Status.SKIPPED, reason=Reason.SMALL_SLICES, values=values)


def _since(section: Evaluate, facts: EvaluationFacts) -> Iterator[Result]:
    """How far each metric has moved since the last accepted baseline, whatever happened in steps in between."""
    for fact in facts.baselines:
        if fact.slice is not None or fact.reference != section.baseline:
            continue
        name = f"{fact.metric}: change since {fact.reference}"
        if fact.value is None or fact.head is None:
            values: dict[str, Value] = {"metric": fact.metric, "side": fact.reference, "detail": fact.detail}
            yield Result(name=name, status=Status.WARNED, reason=known(fact.problem or Reason.MISSING_BASELINE), values=values)
        else:
            change = fact.head - fact.value
            values = {"metric": fact.metric, "reference": fact.reference, "before": fact.value, "head": fact.head}
            values["change"] = tiers.signed(change)
            yield Result(name=name, status=Status.SKIPPED, reason=Reason.SINCE_BASELINE, values=values)
