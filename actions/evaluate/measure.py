"""Measures two sides: from frames of predictions to facts. No files, no git; the user's functions come in as `Apply`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from actions.evaluate import changes, functions, metrics, pairing, samples, slicing
from actions.evaluate.functions import Answer, Apply
from actions.evaluate.plan import Plan, usual
from actions.evaluate.samples import Index, Said, Truth
from actions.evaluate.trouble import Undefined
from policy.evaluation import Evaluate, Predictions
from policy.facts.evaluation import Confidence, MetricFact, PairingFacts, Slice, SliceColumnFact
from policy.metrics import BETTER
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Measured:
    """What two sides of predictions say. `base` and `head` are the rows measured, where there are any."""

    metrics: list[MetricFact] = field(default_factory=list)
    pairing: PairingFacts | None = None
    slices: list[SliceColumnFact] = field(default_factory=list)
    base: "pl.DataFrame | None" = None
    head: "pl.DataFrame | None" = None


@dataclass(frozen=True)
class _Work:
    """What stays the same for all metrics and slices of one comparison."""

    section: Evaluate
    predictions: Predictions
    plan: Plan
    truth: Truth
    base: Said | None
    head: Said
    frames: "tuple[pl.DataFrame | None, pl.DataFrame]"
    apply: Apply
    problem_base: Undefined | None = None
    problem: Undefined | None = None
    """Why both sides may not be compared, although each has a value."""


def measure(
    base: "pl.DataFrame | Undefined", head: "pl.DataFrame | Undefined", section: Evaluate, plan: Plan, apply: Apply
) -> Measured:
    """Every metric of the plan, overall and on slices, at base and head, with the uncertainty of its change."""
    predictions = section.predictions
    if predictions is None:
        return Measured()
    same = base is head
    head = _checked(head, predictions)
    base = head if same else _checked(base, predictions)
    if isinstance(head, Undefined):
        return Measured(metrics=list(_without_head(head, plan, predictions)))
    if isinstance(base, Undefined):
        return _measured(base, None, head, None, section, predictions, plan, apply)
    pair = pairing.pair(base, head, predictions)
    if pair.facts.problem is not None:
        problem = Undefined(pair.facts.problem, pair.facts.detail)
        whole = Plan(plan.metrics, plan.functions, [], [])
        return _measured(problem, base, head, pair.facts, section, predictions, whole, apply)
    return _measured(None, pair.base, pair.head, pair.facts, section, predictions, plan, apply)


def _checked(side: "pl.DataFrame | Undefined", predictions: Predictions) -> "pl.DataFrame | Undefined":
    if isinstance(side, Undefined):
        return side
    try:
        return pairing.checked(side, predictions)
    except Undefined as problem:
        return problem


def _without_head(problem: Undefined, plan: Plan, predictions: Predictions) -> Iterator[MetricFact]:
    for name in plan.names or ["predictions"]:
        source = plan.functions.get(name, predictions.path)
        yield MetricFact(metric=name, source=source, problem_head=problem.reason, detail=problem.detail)


def _measured(
    problem: Undefined | None,
    base: "pl.DataFrame | None",
    head: "pl.DataFrame",
    paired: PairingFacts | None,
    section: Evaluate,
    predictions: Predictions,
    plan: Plan,
    apply: Apply,
) -> Measured:
    """Sides that may be compared (no problem), a head alone (no base), or sides that may not (both, and a problem)."""
    separate = problem is not None and base is not None
    try:
        truth, said = samples.prepare([head] if base is None or separate else [base, head], predictions)
    except Undefined as unreadable:
        return Measured(list(_without_head(unreadable, plan, predictions)), paired)
    if not plan.names:
        plan = Plan(usual(truth, said[-1]), {}, plan.columns, plan.gates)
    before = said[0] if len(said) == 2 else None
    alone = problem if base is None else None
    work = _Work(section, predictions, plan, truth, before, said[-1], (base, head), apply, alone, problem if separate else None)
    most = slicing.most(len(plan.names), len(plan.columns))
    split = [slicing.split(column, base, head, plan.values(column), most) for column in plan.columns]
    where: list[tuple[Slice | None, Index]] = [(None, np.arange(truth.rows)), *(each for one in split for each in one.slices)]
    found = [fact for place, index in where for fact in _known(work, place, index)]
    found += _own(work, where)
    if separate and base is not None:
        found = [_beside(fact, base, predictions) for fact in found]
    return Measured(found, paired, [one.facts for one in split], None if separate else base, head)


def _beside(fact: MetricFact, base: "pl.DataFrame", predictions: Predictions) -> MetricFact:
    """The value of a base that may not be compared, on its own rows: to be read, not to be judged."""
    if fact.metric not in BETTER:
        return fact
    try:
        truth, (said,) = samples.prepare([base], predictions)
        return fact.model_copy(update={"base": metrics.compute(fact.metric, truth, said)})
    except Undefined:
        return fact


def _known(work: _Work, where: Slice | None, index: Index) -> Iterator[MetricFact]:
    """The known metrics on one set of rows."""
    truth, head = work.truth.take(index), work.head.take(index)
    base = None if work.base is None else work.base.take(index)
    facts: dict[str, MetricFact] = {}
    sure = []
    for name in work.plan.metrics:
        facts[name] = fact = _values(work, name, where, truth, base, head)
        if fact.base is not None and fact.head is not None and (where is None or work.plan.judged(name, where)):
            sure.append(name)
    if base is not None and sure:
        options = {"resamples": work.section.resamples, "seed": work.section.seed}
        found = changes.distributions(sure, truth, base, head, sample=where.label if where else "", **options)
        for name, confidence in found.items():
            facts[name] = facts[name].model_copy(update={"confidence": confidence})
    yield from facts.values()


def _values(work: _Work, name: str, where: Slice | None, truth: Truth, base: Said | None, head: Said) -> MetricFact:
    value, problem = _value(name, truth, head)
    before, problem_base = (None, work.problem_base) if base is None else _value(name, truth, base)
    if work.problem is not None:
        problem = problem_base = work.problem
    return MetricFact(
        metric=name,
        source=work.predictions.path,
        slice=where,
        rows=truth.rows,
        base=before,
        head=value,
        problem_base=problem_base.reason if problem_base else None,
        problem_head=problem.reason if problem else None,
        detail=(problem or problem_base or Undefined(Reason.ERROR)).detail,
    )


def _value(name: str, truth: Truth, said: Said) -> tuple[float | None, Undefined | None]:
    try:
        return metrics.compute(name, truth, said), None
    except Undefined as problem:
        return None, problem


def _own(work: _Work, where: list[tuple[Slice | None, Index]]) -> Iterator[MetricFact]:
    """The user's metrics: overall, and on the slices that a gate judges. One call of the worker for each function."""
    base, head = work.frames
    for name, function in work.plan.functions.items():
        asked = [(place, index) for place, index in where if place is None or work.plan.judged(name, place)]
        batches = [_frames(work, base, head, index) for _, index in asked]
        answers = iter(work.apply(function, [frame for batch in batches for frame in batch]))
        for (place, index), batch in zip(asked, batches, strict=True):
            yield _own_fact(work, name, place, len(index), [next(answers) for _ in batch])


def _frames(work: _Work, base: "pl.DataFrame | None", head: "pl.DataFrame", index: Index) -> "list[pl.DataFrame]":
    """The frames to ask about: head; base; and where both differ, each of them without each group of rows."""
    if base is None or work.problem is not None:
        return [head]
    after, before = head[index], base[index]
    if work.base is not None and work.base.equals(work.head):
        return [after, before]
    count, seed = functions.groups(len(index)), work.section.seed
    return [after, before, *functions.left_out(after, count, seed), *functions.left_out(before, count, seed)]


def _own_fact(work: _Work, name: str, where: Slice | None, rows: int, answers: list[Answer]) -> MetricFact:
    after, before = answers[0], answers[1] if len(answers) > 1 else None
    problem_base = work.problem or work.problem_base
    if before is not None and before.value is None:
        problem_base = Undefined(Reason.FUNCTION_FAILED, before.detail)
    problem = work.problem or (Undefined(Reason.FUNCTION_FAILED, after.detail) if after.value is None else None)
    confidence = None
    if problem is None and problem_base is None and before is not None:
        confidence = _own_confidence(work, answers[2:])
    return MetricFact(
        metric=name,
        source=work.plan.functions[name],
        slice=where,
        rows=rows,
        base=before.value if before else None,
        head=after.value,
        confidence=confidence,
        problem_base=problem_base.reason if problem_base else None,
        problem_head=problem.reason if problem else None,
        detail=(problem or problem_base or Undefined(Reason.ERROR)).detail,
    )


def _own_confidence(work: _Work, left_out: list[Answer]) -> Confidence | None:
    if work.base is not None and work.base.equals(work.head):
        return Confidence(method="jackknife", standard_error=0.0)
    values = np.array([np.nan if answer.value is None else answer.value for answer in left_out])
    return functions.jackknife(*np.split(values, 2)[::-1]) if len(values) else None
