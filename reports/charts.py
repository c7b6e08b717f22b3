"""Charts as PNG or SVG files, for whoever publishes pictures: gates, drifted columns, a metric's history.

The page draws its own pictures (`reports.pictures`), which follow its light and dark; these stand alone on white.
All need the extra `charts` and raise UserProblem where it is missing. They return None where there is nothing to draw.
"""

import json
from typing import Any, Literal

from policy.facts import Facts
from policy.facts.data import ColumnDrift
from policy.result import Comparison, Status
from policy.verdict import Verdict
from reports import vega
from reports.markdown import shorten, visible
from reports.section import RANK
from reports.sections.drift import judged_columns
from reports.sections.gates import compared_gates
from reports.sections.parts import LOUD
from reports.vega import Spec

Kind = Literal["png", "svg"]

_MOST_GATES = 20
_MOST_COLUMNS = 6
_COLOURS = {Status.PASSED: "#2b6f49", Status.WARNED: "#8a5a00", Status.FAILED: "#ad2417", Status.SKIPPED: "#6f6b63"}
_GREY, _BLUE = "#b4b9c1", "#1f5a93"


def gates(verdict: Verdict, kind: Kind = "png") -> bytes | None:
    """The change of every gate (the twenty worst) with its interval, the base at zero, and the limit as a dashed line."""
    found = sorted(compared_gates(verdict), key=lambda each: RANK[each.status])[:_MOST_GATES]
    drawn = [_gate(each.comparison, each.status) for each in found if each.comparison and each.comparison.change is not None]
    if not drawn:
        return None
    return _made({"vconcat": drawn, "spacing": 4, "title": "Change against the base, with its interval"}, kind)


def drift(facts: Facts, verdict: Verdict, kind: Kind = "png") -> bytes | None:
    """The histograms of the columns that moved most, base and head laid over each other."""
    moved = [
        column
        for each, judged in judged_columns(facts, verdict)
        for column in (each.drift.columns if each.drift else [])
        if column.column in judged and judged[column.column].status in LOUD and column.histogram_base
    ]
    moved.sort(key=lambda column: -(column.value or 0.0))
    if not moved:
        return None
    charts = [_histograms(column) for column in moved[:_MOST_COLUMNS]]
    return _made({"concat": charts, "columns": 3, "resolve": {"scale": {"x": "independent", "y": "independent"}}}, kind)


def history(facts: Facts, metric: str, kind: Kind = "png") -> bytes | None:
    """A metric over the accepted changes, and this change as the last point."""
    evaluation = facts.evaluation
    past = evaluation.history.get(metric, []) if evaluation else []
    now = [each.head for each in evaluation.metrics if each.metric == metric and each.slice is None] if evaluation else []
    points = [(_short(each.label, 12), each.value) for each in past] + [("this", value) for value in now[:1] if value is not None]
    if len(points) < 2:
        return None
    values = [{"at": at, "value": value, "now": at == len(past)} for at, (_, value) in enumerate(points)]
    x = {
        "field": "at",
        "type": "ordinal",
        "title": None,
        "axis": {"labelExpr": _labels([label for label, _ in points]), "labelAngle": 0},
    }
    return _made({"data": {"values": values}, "title": _short(metric, 80), "width": 560, "height": 200, "layer": _line(x)}, kind)


def _labels(labels: list[str]) -> str:
    """An expression that names the marks of an axis. JSON is a literal in Vega's language, so a label stays text."""
    return f"{json.dumps(labels)}[datum.value]"


def _line(x: Spec) -> list[Spec]:
    y = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": False}}
    colour = {"condition": {"test": "datum.now", "value": _BLUE}, "value": _GREY}
    return [
        {"mark": {"type": "line", "color": _GREY}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "circle", "size": 70, "opacity": 1}, "encoding": {"x": x, "y": y, "color": colour}},
    ]


def _gate(comparison: Comparison, status: Status) -> Spec:
    """One row: its own scale, because gates have different units."""
    label = comparison.metric if comparison.slice is None else f"{comparison.metric} on {comparison.slice}"
    point: dict[str, Any] = {
        "gate": _short(label, 36),
        "change": comparison.change,
        "low": comparison.change if comparison.low is None else comparison.low,
        "high": comparison.change if comparison.high is None else comparison.high,
        "zero": 0,
    }
    limit = comparison.least if comparison.better == "higher" else comparison.most
    x = {"type": "quantitative", "title": None, "axis": {"tickCount": 5, "domain": False}}
    names = {"domain": False, "ticks": False, "labelLimit": 260, "minExtent": 200}
    y = {"field": "gate", "type": "nominal", "title": None, "axis": names}
    ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y}
    colour = _COLOURS[status]
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": "#5d5a53"}, "encoding": {"x": x | {"field": "zero"}}},
        {"mark": {"type": "rule", "color": colour, "strokeWidth": 2}, "encoding": ends},
        {
            "mark": {"type": "circle", "color": colour, "size": 90, "opacity": 1},
            "encoding": {"x": x | {"field": "change"}, "y": y},
        },
    ]
    if limit is not None and comparison.base is not None:
        point["limit"] = limit - comparison.base
        dashed = {"type": "rule", "color": _COLOURS[Status.FAILED], "strokeDash": [4, 3]}
        layers.insert(0, {"mark": dashed, "encoding": {"x": x | {"field": "limit"}}})
    return {"data": {"values": [point]}, "width": 360, "height": 26, "layer": layers}


def _histograms(column: ColumnDrift) -> Spec:
    bins = max(len(column.histogram_base), len(column.histogram_head))
    sides = (("base", column.histogram_base), ("this", column.histogram_head))
    values = [
        {"bin": at, "side": side, "share": count / (sum(counts) or 1)}
        for side, counts in sides
        for at, count in enumerate(counts)
    ]
    named = column.kind in ("category", "boolean")
    labels = [_short(each, 10) for each in column.labels[:bins]] if named else []
    axis: Spec = {"labelExpr": _labels(labels), "labelAngle": -40} if named else {"labels": False, "ticks": False}
    x = {"field": "bin", "type": "ordinal", "title": None, "axis": axis}
    y = {"field": "share", "type": "quantitative", "title": None, "stack": None, "axis": {"format": "%", "tickCount": 3}}
    bars = {
        "mark": {"type": "bar", "color": _GREY},
        "transform": [{"filter": "datum.side === 'base'"}],
        "encoding": {"x": x, "y": y},
    }
    over = {
        "mark": {"type": "bar", "filled": False, "stroke": _BLUE, "strokeWidth": 1.5},
        "transform": [{"filter": "datum.side === 'this'"}],
        "encoding": {"x": x, "y": y},
    }
    title = {"text": _short(column.column, 40), "fontSize": 12}
    return {"data": {"values": values}, "title": title, "width": 220, "height": 110, "layer": [bars, over]}


def _short(source: str, limit: int) -> str:
    return shorten(visible(source), limit)


def _made(spec: Spec, kind: Kind) -> bytes:
    return vega.png(spec) if kind == "png" else vega.svg(spec).encode()
