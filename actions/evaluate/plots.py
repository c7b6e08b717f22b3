"""Collects the DVC plots that hold data: the same fields at base and head, thinned to what a picture can show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import floor, isfinite, log10
from typing import Any

from actions.evaluate.plot_files import Files, definitions, is_image
from actions.evaluate.plot_tables import MOST_BYTES, NotDrawn, Row, clean, column, label, last_field, number, rows
from actions.progress import Progress
from actions.repository import Column, PlotDefinition, Repository
from policy.facts.plots import MOST_CLASSES, MOST_POINTS, TEMPLATES, PlotFact, PlotSeries, Template

_MOST_PLOTS = 50
_MOST_POINTS_IN_ALL = 40_000
_MOST_CHARACTERS = 2 * 1024 * 1024
"""Of all plots together: facts are at most 5 MiB, and there is more to say than pictures."""
_MOST_SERIES = 20
_LINES = ("linear", "simple", "smooth", "scatter")
_NAMES: dict[str, str] = {
    "scatter_jitter": "xy",
    "confusion": "xy",
    "confusion_normalized": "xy",
    "bar_horizontal": "y",
    "bar_horizontal_sorted": "y",
}
"""The axes of a template that hold names; all others hold numbers."""


@dataclass(frozen=True)
class Collected:
    """The plots that were read, and how many there are in all."""

    plots: list[PlotFact] = field(default_factory=list)
    total: int = 0


def collect(repository: Repository, base: str, progress: Progress) -> Collected:
    """The data plots of the work tree's pipeline, at a base commit and in the work tree. What cannot be drawn is said."""
    asked = [one for plot in definitions(repository, base) for one in _single(plot) if not is_image(_path(one))]
    if not asked:
        return Collected()
    progress.step("plots")
    read = _Reader(repository, base)
    limit = min(MOST_POINTS, _MOST_POINTS_IN_ALL // min(len(asked), _MOST_PLOTS))
    return Collected([*_within([_fact(read, plot, limit) for plot in asked[:_MOST_PLOTS]])], len(asked))


def _within(plots: list[PlotFact]) -> Iterator[PlotFact]:
    """The plots as long as there is room for their points; long names of points can fill it early."""
    room = _MOST_CHARACTERS
    for plot in plots:
        room -= (size := len(plot.model_dump_json(indent=1)))
        if room < 0:
            room += size
            plot = PlotFact(title=plot.title, detail="not drawn: the facts would become too large")
        yield plot


def _path(plot: PlotDefinition) -> str:
    return plot.ys[0].path if plot.ys else ""


def _single(plot: PlotDefinition) -> Iterator[PlotDefinition]:
    """Lines share a picture; bars and matrices of several fields get one each."""
    if len(plot.ys) <= 1 or _template(plot) in _LINES:
        yield plot
    else:
        yield from (replace(plot, title=f"{plot.title}: {name}", ys=(y,)) for y, name in zip(plot.ys, _names(plot), strict=True))


def _template(plot: PlotDefinition) -> Template:
    return next((name for name in TEMPLATES if name == plot.template), "linear")


def _names(plot: PlotDefinition) -> list[str]:
    """What to call each series: by field, by file, or both, whatever tells them apart."""
    paths, fields = {y.path for y in plot.ys}, {y.field for y in plot.ys}
    if len(plot.ys) == 1:
        return [""]
    if len(paths) == 1:
        return [str(y.field or "") for y in plot.ys]
    return [y.path if len(fields) == 1 else f"{y.path} {y.field or ''}".strip() for y in plot.ys]


def _fact(read: "_Reader", plot: PlotDefinition, limit: int) -> PlotFact:
    template = _template(plot)
    notes = [] if template == plot.template else [f"drawn as lines: {plot.template[:60]} is not a template of DVC's own"]
    found = []
    shown = plot.ys[:_MOST_SERIES]
    if len(plot.ys) > len(shown):
        notes.append(f"{len(plot.ys) - len(shown)} more fields are not drawn")
    share = limit // (2 * max(len(shown), 1))
    for side in ("base", "head"):
        for y, name in zip(shown, _names(plot), strict=False):
            try:
                points = read.points(plot, y, side)
                found.append(points.series(side, clean(name, 200), share, notes))
            except NotDrawn as problem:
                notes.append(f"nothing of {'this change' if side == 'head' else 'the base'}: {problem}")
    x_label, y_label = _labels(plot, read)
    return PlotFact(
        title=clean(plot.title, 200) or "plot",
        template=template,
        x_label=x_label,
        y_label=y_label,
        series=found,
        detail=clean("; ".join(dict.fromkeys(notes)), 1_500),
    )


def _labels(plot: PlotDefinition, read: "_Reader") -> tuple[str, str]:
    fields = list(dict.fromkeys(y.field or read.named.get(y.path, "") for y in plot.ys))
    x = plot.x_label or (plot.x.field if plot.x else None) or "step"
    return clean(x, 80), clean(plot.y_label or (fields[0] if len(fields) == 1 else ""), 80)


class _Reader:
    """Reads each file of each side once."""

    def __init__(self, repository: Repository, base: str) -> None:
        self._files = Files(repository)
        self._revisions = {"base": base, "head": None}
        self._tables: dict[tuple[str, str, bool], list[Row] | NotDrawn] = {}
        self.named: dict[str, str] = {}
        """The field that was taken of a file where the plot names none."""

    def points(self, plot: PlotDefinition, y: Column, side: str) -> "_Points":
        table = self._table(y.path, side, plot.header)
        x = plot.x
        if y.field is None:
            self.named[y.path] = last_field(table, x.field if x else None)
        ys = column(table, y.field or self.named[y.path], y.path)
        if x is None:
            if _template(plot) in ("confusion", "confusion_normalized"):
                raise NotDrawn("a confusion matrix needs x")
            return _Points(_template(plot), list(range(len(ys))), ys)
        other = x.path and x.path != y.path
        xs = column(self._table(x.path, side, plot.header) if other else table, x.field or "", x.path or y.path)
        if len(xs) != len(ys):
            raise NotDrawn(f"{x.path} has {len(xs):,} rows, but {y.path} has {len(ys):,}")
        return _Points(_template(plot), xs, ys)

    def _table(self, path: str, side: str, header: bool) -> list[Row]:
        key = (path, side, header)
        if key not in self._tables:
            try:
                raw = self._files.content(path, self._revisions[side], MOST_BYTES)
                self._tables[key] = rows(path, raw, header=header)
            except NotDrawn as problem:
                self._tables[key] = problem
        found = self._tables[key]
        if isinstance(found, NotDrawn):
            raise found
        return found


@dataclass(frozen=True)
class _Points:
    """Pairs of raw values, to be drawn with a template."""

    template: Template
    xs: Sequence[Any]
    ys: Sequence[Any]

    def series(self, side: Any, name: str, most: int, notes: list[str]) -> PlotSeries:
        """What is drawn of them; what is not is noted. Raises NotDrawn where nothing can be."""
        told = _NAMES.get(self.template, "")
        pairs = []
        for x, y in zip(self.xs, self.ys, strict=True):
            one, other = (label(x) if "x" in told else number(x)), (label(y) if "y" in told else number(y))
            if one is not None and other is not None:
                pairs.append((one, other))
        lost = len(self.xs) - len(pairs)
        if not pairs:
            raise NotDrawn("none of its points has numbers to draw")
        if lost:
            notes.append(f"{lost:,} of {len(self.xs):,} points have no finite number and are left out")
        if self.template.startswith("confusion"):
            return _counted(pairs, side, name, most)
        kept = _thinned(pairs, most)
        if len(kept) < len(pairs):
            notes.append(f"{len(kept):,} of {len(pairs):,} points are drawn, evenly spread")
        return PlotSeries(side=side, name=name, x=_rounded([x for x, _ in kept]), y=_rounded([y for _, y in kept]))


def _counted(pairs: Sequence[tuple[Any, Any]], side: Any, name: str, most: int) -> PlotSeries:
    """Rows of a confusion matrix, counted: leaving some out would draw another matrix."""
    counts = sorted(Counter(pairs).items())
    for axis in (0, 1):
        if len({pair[axis] for pair, _ in counts}) > MOST_CLASSES // 2 or len(counts) > most:
            raise NotDrawn(f"a confusion matrix of more than {MOST_CLASSES // 2} classes is not readable")
    return PlotSeries(
        side=side, name=name, x=[x for (x, _), _ in counts], y=[y for (_, y), _ in counts], counts=[count for _, count in counts]
    )


def _thinned(pairs: list[tuple[Any, Any]], most: int) -> list[tuple[Any, Any]]:
    """Evenly spread points with the first and the last: the same file gives the same picture."""
    if len(pairs) <= most:
        return pairs
    return [pairs[round(index * (len(pairs) - 1) / (most - 1))] for index in range(most)]


def _rounded(values: list[Any]) -> list[Any]:
    """Numbers to a hundred-thousandth of their range: more than a picture shows, and half the bytes."""
    if not values or isinstance(values[0], str):
        return values
    span = max(values) - min(values)
    if not isfinite(span) or span == 0:
        return values
    digits = 5 - floor(log10(span))
    return [round(value, digits) if digits > 0 else value for value in values]
