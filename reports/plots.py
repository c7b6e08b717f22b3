"""DVC plots as pictures: data points with a template, and images; at base and head, without a network.

Templates and points come from the user's repository and are not trusted: see `reports.vega_guard`. A template that is refused
is replaced by DVC's `linear`, and the picture says so.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from policy.problems import UserProblem
from reports import vega, vega_guard
from reports.plot_specs import Axes, build, field
from reports.vega import Spec

LARGEST_IMAGE = 2 * 1024 * 1024
"""Bytes of one image plot."""
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Plot:
    """Points to draw. Each holds the fields `x` and `y`, and `rev`, which is `main` or `this`.

    `template` is one of DVC's names, or a Vega-Lite template of the repository's own with DVC's anchors in it.
    """

    title: str
    template: str | Mapping[str, Any]
    points: Sequence[Mapping[str, Any]]
    x: str
    y: str
    x_label: str = ""
    y_label: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of one image plot (PNG or JPEG) at one revision."""

    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot, drawn. `image` is a `data:` address, empty where it could not be drawn; `note` says why, or what was replaced.

    `before` is the address of the base's image, to stand beside it, and `base` what the base is called.
    """

    title: str
    image: str
    note: str = ""
    before: str = ""
    base: str = ""


def draw(plot: Plot | Image) -> Picture:
    """A plot as a picture for the page. Never raises for what a repository holds: what cannot be drawn is said."""
    if isinstance(plot, Image):
        return _image(plot)
    try:
        chart, note = specification(plot)
        chart.pop("title")  # the page sets it above
        return Picture(plot.title, address("image/svg+xml", vega.svg(chart).encode()), note)
    except UserProblem as problem:
        return Picture(plot.title, "", str(problem))


def beside(title: str, base: Image | str, head: Image | str, base_name: str) -> Picture:
    """An image plot at both sides; text in place of an image says why there is none."""
    if isinstance(base, Image) and isinstance(head, Image) and base.content == head.content:
        drawn = _image(head)
        return Picture(title, drawn.image, drawn.note or f"no different from {base_name}")
    before, after = (_image(side) if isinstance(side, Image) else Picture(title, "", side) for side in (base, head))
    notes = [f"{name}: {one.note}" for name, one in ((base_name, before), ("this change", after)) if one.note]
    return Picture(title, after.image, "; ".join(notes), before.image, base_name)


def render(plot: Plot, kind: Literal["png", "svg"] = "png") -> bytes:
    """A plot as the bytes of a PNG or an SVG.

    Raises UserProblem for points or fields that cannot be drawn, and where the extra `charts` is missing.
    """
    chart, _ = specification(plot)
    return vega.png(chart) if kind == "png" else vega.svg(chart).encode()


def specification(plot: Plot) -> tuple[Spec, str]:
    """The Vega-Lite of a plot, checked, and a note where its own template was refused. Raises UserProblem as `render` does."""
    vega_guard.check_points(plot.points)
    for name in (plot.x, plot.y):
        if not any(name in point for point in plot.points):
            raise UserProblem(f"no point has the field `{name[:80]}`", next="check `x` and `y` of the plot in dvc.yaml")
    axes = Axes(plot.x, plot.y, plot.x_label or plot.x, plot.y_label or plot.y)
    note = ""
    chart: Spec | None = None
    if isinstance(plot.template, str):
        chart = build(plot.template, plot.points, axes)
        note = "" if chart else f"no template is called {plot.template[:40]}; drawn as lines"
    else:
        try:
            chart = _own(plot.template, plot.points, axes, plot.title)
        except UserProblem as problem:
            note = f"drawn as lines: {problem.what}"
    chart = chart or build("linear", plot.points, axes) or {}
    return chart | {"title": plot.title[:200]}, note


def _own(template: Mapping[str, Any], points: Sequence[Mapping[str, Any]], axes: Axes, title: str) -> Spec:
    """A template of the repository's own, checked, its anchors filled in."""
    still = {key: value for key, value in template.items() if key not in ("params", "config", "$schema")}
    vega_guard.check(still)
    values: dict[str, Any] = {
        vega_guard.DATA_ANCHOR: [dict(point) for point in points],
        "<DVC_METRIC_TITLE>": title[:200],
        "<DVC_METRIC_X>": field(axes.x),
        "<DVC_METRIC_Y>": field(axes.y),
        "<DVC_METRIC_X_LABEL>": axes.x_label,
        "<DVC_METRIC_Y_LABEL>": axes.y_label,
        "<DVC_METRIC_COLOR>": {"field": "rev", "type": "nominal"},
        "<DVC_METRIC_SHAPE>": {"field": "rev", "type": "nominal"},
        "<DVC_METRIC_STROKE_DASH>": {"field": "rev", "type": "nominal"},
        "<DVC_METRIC_PLOT_WIDTH>": 420,
        "<DVC_METRIC_PLOT_HEIGHT>": 260,
        "<DVC_METRIC_GROUP_BY>": ["rev"],
        "<DVC_METRIC_TOOLTIP>": [],
        "<DVC_METRIC_ROW>": {},
        "<DVC_METRIC_COLUMN>": {},
    }
    filled: Spec = _filled(still, values)
    vega_guard.check_panels(filled, points)
    return filled


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, values) for value in node]
    return values.get(node, node) if isinstance(node, str) else node


def _image(plot: Image) -> Picture:
    kind = next((kind for start, kind in _KINDS.items() if plot.content.startswith(start)), None)
    if kind is None:
        return Picture(plot.title, "", "not shown: neither PNG nor JPEG")
    if len(plot.content) > LARGEST_IMAGE:
        return Picture(plot.title, "", f"not shown: {len(plot.content):,} bytes, more than {LARGEST_IMAGE:,}")
    return Picture(plot.title, address(kind, plot.content))


def address(kind: str, content: bytes) -> str:
    """Bytes as a `data:` address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
