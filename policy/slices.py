"""The worst slice of every metric, named whether or not a gate asks: an average hides whom a model fails."""

from collections.abc import Iterator

from policy.evaluation import Evaluate
from policy.facts.evaluation import EvaluationFacts, MetricFact
from policy.metrics import known_direction
from policy.reasons import Reason
from policy.result import Result, Status, Value
from policy.tiers import signed


def worst(section: Evaluate, facts: EvaluationFacts) -> Iterator[Result]:
    """A note for every metric that has slices: the slice with the worst value, and the one that lost most.

    Both are picked after looking at all slices, so they carry no interval: chance alone makes one of many look bad.
    """
    directions = {gate.metric: gate.direction for gate in section.gates}
    minimum = section.predictions.min_rows if section.predictions else 1
    by_metric: dict[str, list[MetricFact]] = {}
    for fact in facts.metrics:
        if fact.slice is not None:
            by_metric.setdefault(fact.metric, []).append(fact)
    for metric, found in by_metric.items():
        sign = 1 if (directions.get(metric) or known_direction(metric) or "higher") == "higher" else -1
        yield _note(metric, sign, found, minimum)


def _note(metric: str, sign: int, found: list[MetricFact], minimum: int) -> Result:
    name = f"{metric}: worst slice"
    large = [fact for fact in found if (fact.rows or 0) >= minimum]
    ranked = [fact for fact in large if fact.head is not None]
    counts: dict[str, Value] = {"metric": metric, "total": len(found), "small": len(found) - len(large), "min_rows": minimum}
    counts["undefined"] = len(large) - len(ranked)
    lowest = min(ranked, key=lambda fact: (sign * (fact.head or 0.0), _label(fact)), default=None)
    if lowest is None:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.NO_WORST_SLICE, values=counts)
    values = counts | {"slice": _label(lowest), "head": lowest.head, "rows": lowest.rows}
    moved = [(sign * (fact.head - fact.base), _label(fact)) for fact in ranked if fact.head is not None and fact.base is not None]
    gain, loser = min(moved, default=(0.0, ""))
    if gain >= 0:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.WORST_SLICE, values=values)
    values |= {"loser": loser, "change": signed(sign * gain)}
    return Result(name=name, status=Status.SKIPPED, reason=Reason.WORST_SLICES, values=values)


def _label(fact: MetricFact) -> str:
    return fact.slice.label if fact.slice else ""
