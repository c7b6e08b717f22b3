"""How metrics moved over accepted changes, and on which slices of the data: pictures of what no gate judges."""

from collections import defaultdict
from math import isfinite
from statistics import median

from markupsafe import Markup

from policy.confidence import interval
from policy.facts import Facts
from policy.facts.evaluation import MetricFact
from policy.metrics import known_direction
from policy.result import Comparison, Status
from policy.verdict import Verdict
from reports import numbers
from reports.html import mark, name
from reports.mermaid import distinct
from reports.panels.block import Block, Figure, Head, Line, heads, text
from reports.pictures import Point, Scale, Whisker, is_near, line, whisker
from reports.section import RANK
from reports.sections.gates import compared_gates
from reports.sections.metrics import allowed_limit, has_moved
from reports.sections.parts import plural

_LEVEL = 0.95
_WIDE, _NARROW = 640, 460
"""Pixels of a history that stands alone, and of one beside another."""
_OPEN_SLICES = 12
_FAR = 3.0
"""The scale of a metric's slices reaches this many median half-widths, or the change that four in five slices keep below."""
_USUAL = 0.8


def history(facts: Facts, verdict: Verdict) -> Block:
    """One line a metric: its accepted values, then this change, against the limit of its gate."""
    evaluation = facts.evaluation
    heads_now = {each.metric: each.head for each in evaluation.metrics if each.slice is None} if evaluation else {}
    # Of several gates on a metric the last stays: the first of the worst.
    gates = sorted(compared_gates(verdict), key=lambda gate: RANK[gate.status])[::-1]
    judged = {gate.comparison.metric: gate for gate in gates if gate.comparison and not gate.comparison.slice}
    figures = []
    for metric, past in (evaluation.history if evaluation else {}).items():
        labels = distinct([each.label for each in past])
        points = [Point(label, each.value) for label, each in zip(labels, past, strict=True)]
        now = heads_now.get(metric)
        gate = judged.get(metric)
        if now is None or not points or not has_moved([now, *(point.value for point in points)]):
            continue
        comparison = gate.comparison if gate else None
        limit = _limit(comparison, [now, *(point.value for point in points)])
        title = f"{metric} over the last {plural(len(points), 'accepted change')}, and {numbers.number(now)} now"
        width = _WIDE if len(evaluation.history if evaluation else ()) == 1 else _NARROW
        drawn = line([*points, Point("this", now)], title, tone=gate.status.value if gate else "head", limit=limit, width=width)
        limited = "; the dashed line is the gate's limit" if limit is not None else ""
        caption = text(f"{plural(len(points), 'accepted change')} on {facts.revision.base_name}, then this one{limited}.")
        if drawn:
            figures.append(Figure(name(metric), drawn, caption))
    return Block("history", "How the metrics moved", brief=plural(len(figures), "metric"), figures=tuple(figures))


def _limit(comparison: Comparison | None, values: list[float]) -> float | None:
    """The gate's limit where it is near enough to be seen beside the values."""
    if comparison is None:
        return None
    limit = allowed_limit(comparison)
    return limit if limit is not None and is_near(limit, values) else None


def slices(facts: Facts, verdict: Verdict, *, draw: bool) -> Block:
    """Every slice of every metric: the change with its interval on one scale a metric, greatest loss first."""
    found = [each for each in (facts.evaluation.metrics if facts.evaluation else []) if each.slice is not None]
    comparisons = [gate.comparison for gate in compared_gates(verdict) if gate.comparison]
    level = next((each.confidence for each in comparisons if each.confidence), _LEVEL)
    better = {each.metric: each.better for each in comparisons}
    by_metric: dict[str, list[MetricFact]] = defaultdict(list)
    for each in found:
        by_metric[each.metric].append(each)
    lines: list[Line] = []
    for metric, members in by_metric.items():
        direction = better.get(metric) or known_direction(metric)
        scale = _scale(members, level)
        members.sort(key=lambda each: -_loss(each, direction))
        lines += [_line(each, direction, scale, level, draw) for each in members]
    base = Head(name(facts.revision.base_name, 30), "right")
    titles = heads("slice", "rows>", "this>", "change*" if draw else "change^")
    return Block(
        key="slices",
        title="Slices",
        brief=f"{plural(len(lines), 'slice')} of {plural(len(by_metric), 'metric')}",
        status=Status.SKIPPED,
        heads=(*titles[:2], base, *titles[2:]),
        lines=tuple(lines),
        caption=_caption(level) if lines and draw else "",
        open_rows=_OPEN_SLICES,
    )


def _caption(level: float) -> str:
    return (
        "Greatest loss first. All slices of a metric share a scale: the thin line is no change, "
        f"the bar is the {numbers.share(level)} interval of the change (a square where none is known), "
        "an arrow head says that it goes on."
    )


def _loss(metric: MetricFact, direction: str | None) -> float:
    if metric.base is None or metric.head is None:
        return float("-inf")
    change = metric.head - metric.base
    return change if direction == "lower" else -change


def _known(metric: MetricFact, level: float) -> tuple[float, float] | None:
    """The interval of the change; None where there is none, because no evidence is not certainty."""
    if metric.base is None or metric.head is None or metric.confidence is None:
        return None
    low, high = interval(metric.confidence, metric.head - metric.base, level)
    return (low, high) if isfinite(low) and isfinite(high) and low < high else None


def _change(metric: MetricFact) -> float | None:
    return None if metric.base is None or metric.head is None else metric.head - metric.base


def _scale(members: list[MetricFact], level: float) -> Scale:
    """One scale for the slices of a metric. Tiny ones with wild values may leave it, so that the others can be told apart."""
    ends = [found for each in members if (found := _known(each, level))]
    changes = sorted(abs(change) for each in members if (change := _change(each)) is not None) or [0.0]
    usual = changes[int(len(changes) * _USUAL)] if len(changes) > 1 else changes[0]
    widths = [(high - low) / 2 for low, high in ends] or [0.0]
    reach = max(usual, _FAR * median(widths)) * 1.15 or 1.0
    return Scale(-reach, reach, 4, 236)


def _line(metric: MetricFact, direction: str | None, scale: Scale, level: float, draw: bool) -> Line:
    where = metric.slice.label if metric.slice else ""
    moved, known = _change(metric), _known(metric, level)
    shown = numbers.compared(metric.base, metric.head, moved, *(known or ()))
    worse = known and (known[1] < 0 if direction == "higher" else direction == "lower" and known[0] > 0)
    title = Markup('{} <span class="where">{}</span>').format(name(where), name(metric.metric))
    rows = text(numbers.count(metric.rows))
    change = text(shown.change)
    if moved is not None and draw:
        low, high = known or (None, None)
        drawn = Whisker(moved, low, high, 0.0, tone="warned" if worse else "neutral")
        picture = whisker(drawn, f"{metric.metric} on {where}: change {shown.change}", over=scale, height=24)
        change = Markup('{}<span class="where under">{}</span>').format(picture, shown.change)
    noted = Markup("{} {}").format(title, mark(Status.WARNED)) if metric.problem_head or metric.problem_base else title
    return Line(Status.SKIPPED, (noted, rows, text(shown.base), text(shown.head), change))
