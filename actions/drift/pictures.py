"""Small histograms of base and head over the same bins, for the pictures in the report."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from actions.drift.categories import Categories
from actions.drift.numbers import Floats, Numbers
from actions.drift.profile import Column

BINS = 12
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Histogram:
    """Counts over the same bins; bins of numbers ascend, those of categories begin with the most frequent."""

    labels: list[str]
    base: list[int]
    head: list[int]


def histogram(base: Column, head: Column) -> Histogram:
    """The picture of one column; empty where a side has no values or the kinds differ."""
    if base.numbers and head.numbers:
        return _of_numbers(base.numbers, head.numbers, head.dtype)
    if base.categories and head.categories:
        return _of_categories(base.categories, head.categories)
    return Histogram([], [], [])


def short(name: str) -> str:
    """A category as it is shown."""
    if not name:
        return "(empty)"
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def _of_numbers(base: Numbers, head: Numbers, dtype: str) -> Histogram:
    """Few values get a bin each; else equal bins between the outermost hundredths, the first and last open to the outside."""
    few = max(len(base.points), len(head.points)) <= BINS and base.exact and head.exact
    values = np.union1d(base.points, head.points) if few else base.points
    if few and len(values) <= BINS:
        labels = [_label(value, dtype) for value in values.tolist()]
        return Histogram(labels, _at_values(base, values), _at_values(head, values))
    low, high = min(_quantile(base, 0.01), _quantile(head, 0.01)), max(_quantile(base, 0.99), _quantile(head, 0.99))
    if not low < high:
        low, high = min(base.lowest, head.lowest), max(base.highest, head.highest)
    parts = np.linspace(0, 1, BINS - 1)[1:-1]
    edges = np.unique(low * (1 - parts) + high * parts)
    names = [_label(edge, dtype) for edge in edges.tolist()]
    labels = [f"< {names[0]}", *(f"{left} – {right}" for left, right in pairwise(names)), f"≥ {names[-1]}"]
    return Histogram(labels, _between(base, edges), _between(head, edges))


def _at_values(numbers: Numbers, values: Floats) -> list[int]:
    known = numbers.around(values)
    return [int(count) for count in known.upto_low - known.below_low]


def _between(numbers: Numbers, edges: Floats) -> list[int]:
    """Counts below, between and above the edges, rounded so that they add up."""
    below = np.rint(numbers.around(edges).below_guess)
    return [int(count) for count in np.diff(np.concatenate((np.zeros(1), below, np.array([float(numbers.count)]))))]


def _quantile(numbers: Numbers, share: float) -> float:
    at = int(np.searchsorted(numbers.upto_low, share * numbers.count))
    return float(numbers.points[min(at, len(numbers.points) - 1)])


def _label(value: float, dtype: str) -> str:
    """A number to four digits; a date or moment in ISO form, UTC."""
    if dtype.startswith("Date"):
        try:
            moment = datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError):
            return f"{value:.4g}"
        return moment.strftime("%Y-%m-%d") if dtype == "Date" else moment.strftime("%Y-%m-%d %H:%M")
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.4g}" if math.isfinite(value) else "—"


def _of_categories(base: Categories, head: Categories) -> Histogram:
    """The most frequent of both, and the others in one bin."""
    of_base = dict(zip(base.names, base.low.tolist(), strict=True))
    of_head = dict(zip(head.names, head.low.tolist(), strict=True))
    weight = {name: of_base.get(name, 0) / base.count + of_head.get(name, 0) / head.count for name in {**of_base, **of_head}}
    shown = sorted(weight, key=lambda name: (-weight[name], name))
    shown = shown if len(shown) <= BINS and base.complete and head.complete else shown[: BINS - 1]
    counts = [[known.get(name, 0) for name in shown] for known in (of_base, of_head)]
    others = [base.count - sum(counts[0]), head.count - sum(counts[1])]
    if not any(others):
        return Histogram([short(name) for name in shown], *counts)
    return Histogram([*(short(name) for name in shown), "others"], [*counts[0], others[0]], [*counts[1], others[1]])
