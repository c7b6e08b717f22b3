"""DVC's plot templates as still Vega-Lite: the same names, the same fields, without sliders, hovering and zoom."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.vega import Spec

REVISION = "rev"
SERIES = "assay_series"
"""Which line a point belongs to, where a plot has several: told apart by dashes, as revisions are by colour."""
COUNT = "assay_count"
"""How many rows a point of a confusion matrix stands for; one where it does not say."""
_THIS = "#1f5a93"
Points = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Axes:
    """The fields of a plot and how its axes are called."""

    x: str
    y: str
    x_label: str
    y_label: str


def build(template: str, points: Points, axes: Axes) -> Spec | None:
    """The specification of one of DVC's templates; None for a name that DVC does not have."""
    maker = _TEMPLATES.get(template)
    return maker(points, axes) if maker else None


def field(name: str) -> str:
    """A field's name for Vega-Lite, which would read dots and brackets as a path."""
    return "".join(f"\\{each}" if each in ".[]\\'\"" else each for each in name)


def _channel(name: str, label: str, kind: str, **more: Any) -> Spec:
    return {"field": field(name), "type": kind, "title": label} | more


def _colour(points: Points) -> Spec:
    alone = len({str(point.get(REVISION)) for point in points}) == 1
    return {"field": REVISION, "type": "nominal", "sort": None} | ({"scale": {"range": [_THIS]}} if alone else {})


def _shape() -> Spec:
    return {"field": REVISION, "type": "nominal", "sort": None}


def _several(points: Points, channel: str) -> Spec:
    """A channel that tells series apart, where there are several."""
    names = {str(point[SERIES]) for point in points if SERIES in point}
    return {channel: {"field": SERIES, "type": "nominal", "sort": None}} if len(names) > 1 else {}


def _plain(points: Points) -> Spec:
    return {"data": {"values": [dict(point) for point in points]}, "width": 420, "height": 260}


def _line(points: Points, axes: Axes) -> Spec:
    return _plain(points) | {
        "mark": {"type": "line", "point": len(points) <= 80},
        "encoding": {
            "x": _channel(axes.x, axes.x_label, "quantitative", scale={"zero": False}),
            "y": _channel(axes.y, axes.y_label, "quantitative", scale={"zero": False}),
            "color": _colour(points),
        }
        | _several(points, "strokeDash"),
    }


def _scatter(points: Points, axes: Axes) -> Spec:
    return _plain(points) | {
        "mark": {"type": "point", "opacity": 0.7},
        "encoding": {
            "x": _channel(axes.x, axes.x_label, "quantitative", scale={"zero": False}),
            "y": _channel(axes.y, axes.y_label, "quantitative", scale={"zero": False}),
            "color": _colour(points),
            "shape": _shape(),
        }
        | _several(points, "shape"),
    }


_BLUES = {"scheme": "blues", "domainMin": 0}
_ASIDE, _UP = 0.7548776662466927, 0.5698402909980532
"""Steps of an even spread over a square (Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018)."""


def _jitter(points: Points, axes: Axes) -> Spec:
    """Scatter with points moved aside. Their offsets are a fixed sequence: the same points give the same picture."""
    moved = [dict(point) | {"assay_dx": at * _ASIDE % 1, "assay_dy": at * _UP % 1} for at, point in enumerate(points)]
    spec = _plain(moved)
    return spec | {
        "mark": {"type": "point", "opacity": 0.7},
        "encoding": {
            "x": _channel(axes.x, axes.x_label, "nominal", axis={"labelAngle": 0}),
            "y": _channel(axes.y, axes.y_label, "nominal"),
            "xOffset": {"field": "assay_dx", "type": "quantitative"},
            "yOffset": {"field": "assay_dy", "type": "quantitative"},
            "color": _colour(points),
        },
    }


def _bars(points: Points, axes: Axes, sort: Any = None) -> Spec:
    return _plain(points) | {
        "mark": "bar",
        "encoding": {
            "x": _channel(axes.x, axes.x_label, "quantitative"),
            "y": _channel(axes.y, axes.y_label, "nominal", sort=sort),
            "yOffset": _shape(),
            "color": _colour(points),
        },
    }


def _sorted_bars(points: Points, axes: Axes) -> Spec:
    return _bars(points, axes, sort="-x")


def _confusion(points: Points, axes: Axes, *, normalised: bool = False) -> Spec:
    """Counts of (x, y) a revision, side by side; normalised by the points of a revision that share y."""
    revisions = list(dict.fromkeys(str(point.get(REVISION, "")) for point in points))
    names = [sorted({str(point.get(each)) for point in points}) for each in (axes.x, axes.y)]
    counts: Counter[tuple[str, str, str]] = Counter()
    rows: Counter[tuple[str, str]] = Counter()
    for point in points:
        revision, y, x = (str(point.get(each, "" if each == REVISION else None)) for each in (REVISION, axes.y, axes.x))
        counts[revision, y, x] += point.get(COUNT, 1)
        rows[revision, y] += point.get(COUNT, 1)
    most = max(counts.values(), default=1)
    cells = []
    for revision in revisions:
        for y in names[1]:
            for x in names[0]:
                count = counts[revision, y, x]
                value = count / (rows[revision, y] or 1) if normalised else count
                share = value if normalised else count / most
                cells.append({REVISION: revision, "x": x, "y": y, "value": value, "dark": share > 0.5})
    size = 220 if len(revisions) > 1 else 260
    return {
        "data": {"values": cells},
        "facet": {"column": {"field": REVISION, "type": "nominal", "sort": None, "title": None}},
        "spec": {
            "width": size,
            "height": size,
            "encoding": {
                "x": {"field": "x", "type": "nominal", "title": axes.x_label, "axis": {"labelAngle": 0}},
                "y": {"field": "y", "type": "nominal", "title": axes.y_label},
            },
            "layer": [
                {
                    "mark": "rect",
                    "encoding": {"color": {"field": "value", "type": "quantitative", "scale": _BLUES, "legend": None}},
                },
                {
                    "mark": "text",
                    "encoding": {
                        "text": {"field": "value", "type": "quantitative", "format": ".2f" if normalised else ","},
                        "color": {"condition": {"test": "datum.dark", "value": "white"}, "value": "black"},
                    },
                },
            ],
        },
    }


def _normalised(points: Points, axes: Axes) -> Spec:
    return _confusion(points, axes, normalised=True)


_TEMPLATES: dict[str, Callable[[Points, Axes], Spec]] = {
    "linear": _line,
    "simple": _line,
    "smooth": _line,
    "scatter": _scatter,
    "scatter_jitter": _jitter,
    "confusion": _confusion,
    "confusion_normalized": _normalised,
    "bar_horizontal": _bars,
    "bar_horizontal_sorted": _sorted_bars,
}
"""DVC's names. `smooth` starts out unsmoothed in DVC too, until a slider is moved."""
