"""Mermaid charts, which GitHub draws in private repositories too.

Mermaid has a language of its own inside the fence, with directives, comments and clicks. Nothing that users wrote reaches it
but letters, digits and a few marks that mean nothing there.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy.facts.evaluation import HistoryPoint
from policy.metrics import Better
from reports.markdown import EMPTY, Markdown, diagram, visible

LIMIT = 50_000
"""Characters that Mermaid reads; longer text is an error in the reader's face."""
_MOST_POINTS = 20
_SMALLEST, _LARGEST = 1e-6, 1e15
_UNSAFE = re.compile(r"[^\w .,+=/()#-]|--+")
# The default colour of the first line is nearly invisible on GitHub's light page, and the second on its dark one.
_PLANE = (
    '%%{init: {"quadrantChart": {"chartWidth": 560, "chartHeight": 400}, "themeVariables": {'
    + ", ".join(f'"quadrant{each}Fill": "#8080800d"' for each in (1, 2, 3, 4))
    + ', "quadrantPointFill": "#2f81f7"'
    + "".join(f', "quadrant{each}TextFill": "#808080"' for each in ("Point", "XAxis", "YAxis"))
    + "}}}%%"
)
_SETTINGS = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#2f81f7, #e5534b"}}}}%%'


def label(source: str, limit: int = 40) -> str:
    """User text as the inside of a Mermaid string; whatever might mean something there becomes a dot."""
    shown = _UNSAFE.sub("·", visible(source))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def history(metric: str, points: Sequence[HistoryPoint], head: float | None, base: str, limit: float | None = None) -> Markdown:
    """A line of a metric's accepted values, and of this change as its last point. Empty for fewer than two points.

    A second line is the limit of its gate, where that lies near enough to be seen beside the values. Empty also for numbers that
    Mermaid, which knows no exponents, cannot draw: above 10^15, or all below 10^-6.
    """
    known = [(label(point.label, 12), point.value) for point in points]
    if head is not None:
        known.append(("this", head))
    known = known[-_MOST_POINTS:]
    values = [value for _, value in known]
    largest = max((abs(value) for value in values), default=0.0)
    if len(known) < 2 or not (largest == 0 or _SMALLEST <= largest <= _LARGEST):
        return EMPTY
    limits = [limit] if limit is not None and is_near(limit, values) else []
    accepted = len(known) - (head is not None)
    # Mermaid's lines have no names of their own, so the title says which is which.
    allowed = f"; the level line is the limit, {_plain(limit, 4)}" if limits and limit is not None else ""
    title = f"{label(metric)}, the last {accepted} accepted values on {label(base, 20)}{allowed}"
    return _drawn(title, known, limits)


def toward(metric: str, points: Sequence[HistoryPoint], expected: HistoryPoint | None, target: float) -> Markdown:
    """A line of a metric's values in versions, what is expected as its last point, and the target as a level line.

    Empty for fewer than two points, and for numbers that Mermaid cannot draw.
    """
    known = [(label(each.label, 12), each.value) for each in (*points, *([expected] if expected else []))][-_MOST_POINTS:]
    largest = max((abs(value) for value in (*(value for _, value in known), target)), default=0.0)
    if len(known) < 2 or not (largest == 0 or _SMALLEST <= largest <= _LARGEST):
        return EMPTY
    ahead = ", the last point is expected" if expected else ""
    return _drawn(f"{label(metric)}, the level line is the target, {_plain(target, 4)}{ahead}", known, [target])


def _drawn(title: str, known: Sequence[tuple[str, float]], limits: Sequence[float]) -> Markdown:
    """A chart with one line of values and a level line for each limit."""
    values = [value for _, value in known]
    low, high = _frame([*values, *limits])
    names = ", ".join(f'"{name}"' for name in distinct([name for name, _ in known]))
    lines = [
        _SETTINGS,
        "xychart-beta",
        f'    title "{title}"',
        f"    x-axis [{names}]",
        f"    y-axis {_plain(low)} --> {_plain(high)}",
        f"    line [{', '.join(_plain(value) for value in values)}]",
        *[f"    line [{', '.join([_plain(each)] * len(values))}]" for each in limits],
    ]
    return diagram("\n".join(lines))


def trend(title: str, points: Sequence[tuple[str, float]]) -> Markdown:
    """A line of values over time, each with the label of its moment; the last twenty. Empty where `history` would be."""
    known = points[-_MOST_POINTS:]
    values = [value for _, value in known]
    largest = max((abs(value) for value in values), default=0.0)
    if len(known) < 2 or not (largest == 0 or _SMALLEST <= largest <= _LARGEST):
        return EMPTY
    low, high = _frame(values)
    names = ", ".join(f'"{name}"' for name in distinct([label(name, 16) for name, _ in known]))
    lines = [
        _SETTINGS,
        "xychart-beta",
        f'    title "{label(title)}"',
        f"    x-axis [{names}]",
        f"    y-axis {_plain(low)} --> {_plain(high)}",
        f"    line [{', '.join(_plain(value) for value in values)}]",
    ]
    return diagram("\n".join(lines))


@dataclass(frozen=True)
class Axis:
    """An objective as a direction of the plane, in which better is farther."""

    metric: str
    better: Better


def compromises(first: Axis, second: Axis, points: Sequence[tuple[str, float, float]]) -> Markdown:
    """Points by two objectives, the first upwards and the second to the right: label, and a score of each.

    Empty where they differ in one of them only, or where `history` would be. The axes name the worst and the best score, because
    Mermaid draws no scale there.
    """
    upwards, right = [each[1] for each in points], [each[2] for each in points]
    if not all(_SMALLEST <= max(scores, default=0.0) - min(scores, default=0.0) <= _LARGEST for scores in (upwards, right)):
        return EMPTY
    names = distinct([label(name, 16) for name, _, _ in points])
    places = zip(names, _away(second, right), _away(first, upwards), strict=True)
    lines = [
        _PLANE,
        "quadrantChart",
        f"    x-axis {_ends(second, right)}",
        f"    y-axis {_ends(first, upwards)}",
        *(f'    "{name}": [{x:.3f}, {y:.3f}]' for name, x, y in places),
    ]
    return diagram("\n".join(lines))


def _away(axis: Axis, scores: Sequence[float]) -> list[float]:
    """How far each is, the best farthest, with some room at the edges."""
    low, high = min(scores), max(scores)
    shares = [(each - low) / (high - low) for each in scores]
    return [0.1 + 0.8 * (each if axis.better == "higher" else 1 - each) for each in shares]


def _ends(axis: Axis, scores: Sequence[float]) -> str:
    worst, best = (min(scores), max(scores)) if axis.better == "higher" else (max(scores), min(scores))
    return f'"{label(axis.metric, 24)} {_plain(worst, 4)}" --> "better, {_plain(best, 4)}"'


def is_near(limit: float, values: Sequence[float], reach: float = 3.0) -> bool:
    """Whether a limit can be drawn beside the values without pressing them into one line."""
    room = (max(values) - min(values)) * reach
    return min(values) - room <= limit <= max(values) + room


def distinct(labels: Sequence[str]) -> list[str]:
    """The labels, those that repeat with a number behind them: a chart draws equal labels at one place."""
    taken: set[str] = set()
    named = []
    for each in labels:
        number, name = 1, each
        while name in taken:
            number += 1
            name = f"{each} ({number})"
        taken.add(name)
        named.append(name)
    return named


def _frame(values: list[float]) -> tuple[float, float]:
    """The axis: some room above and below, so that the line does not stick to an edge, and round numbers at its ends."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.15 or abs(high) * 0.05 or 1.0
    step = 10.0 ** math.floor(math.log10((high - low) or margin))
    step = next(step * part for part in (0.5, 0.2, 0.1) if part == 0.1 or step * part <= margin * 2)
    return math.floor((low - margin) / step) * step, math.ceil((high + margin) / step) * step


def _plain(value: float, digits: int = 7) -> str:
    """A number as Mermaid reads it: no exponent, no separators, seven significant digits, at most twelve decimals."""
    decimals = min(12, max(0, digits - 1 - math.floor(math.log10(abs(value))))) if value else 0
    shown = f"{value:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
