"""Distances between two distributions, each with the largest error its summaries can have made (0 where they are exact).

The definitions, their sources and the proofs of the bounds are in docs/drift.md. On exact summaries the results are those
of `scipy.stats.wasserstein_distance`, `scipy.stats.ks_2samp` and `scipy.spatial.distance.jensenshannon(base=2)`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from actions.drift.numbers import Floats, Numbers, merge, unit

EPSILON = 1e-4
"""The smallest share a cell has for the population stability index: an empty cell would make it infinite."""
LARGEST = 1e9
"""No distance is reported larger: a column that moved by a thousand million deviations moved."""


@dataclass(frozen=True)
class Distance:
    """A distance, and how far from the exact one it can be at most."""

    value: float
    bound: float = 0.0


@dataclass(frozen=True)
class Shares:
    """The shares of a column's values in some cells, as intervals: each array has one entry a cell."""

    low: Floats
    guess: Floats
    high: Floats

    @classmethod
    def exactly(cls, shares: Floats) -> "Shares":
        """Shares that are known."""
        return cls(shares, shares, shares)


def wasserstein(base: Numbers, head: Numbers) -> Distance:
    """The first Wasserstein distance in deviations of the base: the mean way a value moves, in units of its usual spread.

    A constant base has no spread; then the deviation of base and head together is used. Both must hold values.
    """
    deviation = merge([base, head]).deviation if base.constant else base.deviation
    scale = unit(base.lowest, base.highest, head.lowest, head.highest)
    moved = _area(base, head, scale)
    error = _area_error(base, scale) + _area_error(head, scale)
    if moved == 0 and error == 0:
        return Distance(0.0)
    spread = deviation / scale
    if spread == 0:
        return Distance(LARGEST)
    return Distance(min(moved / spread, LARGEST), min(error / spread, LARGEST))


def ks(base: Numbers, head: Numbers) -> Distance:
    """The two-sample Kolmogorov-Smirnov statistic: the largest difference of the two cumulative shares, in 0..1."""
    if base.exact and head.exact:
        return Distance(float(np.max(np.abs(_apart(base, head)[1]))))
    grid = np.union1d(base.points, head.points)
    b, h = base.around(grid), head.around(grid)
    n, m = base.count, head.count
    intervals = (
        (b.upto_low / n, b.upto_high / n, h.upto_low / m, h.upto_high / m),
        (b.below_low / n, b.below_high / n, h.below_low / m, h.below_high / m),
        (b.behind_low / n, b.behind_high / n, h.behind_low / m, h.behind_high / m),
    )
    least = max(float(np.max(np.maximum(b_low - h_high, h_low - b_high))) for b_low, b_high, h_low, h_high in intervals)
    most = max(float(np.max(np.maximum(b_high - h_low, h_high - b_low))) for b_low, b_high, h_low, h_high in intervals)
    guess = max(
        float(np.max(np.abs(b.upto_guess / n - h.upto_guess / m))), float(np.max(np.abs(b.below_guess / n - h.below_guess / m)))
    )
    value = min(max(guess, least), most)
    return Distance(value, max(most - value, value - max(least, 0.0)))


def _area(base: Numbers, head: Numbers, scale: float) -> float:
    """The area between the two cumulative shares, in units of `scale`; between points both are taken as straight lines."""
    if base.exact and head.exact:
        grid, apart = _apart(base, head)
        return float(np.sum(np.abs(apart[:-1]) * np.diff(grid / scale)))
    grid = np.union1d(base.points, head.points)
    widths = np.diff(grid / scale)
    b, h = base.around(grid), head.around(grid)
    start = (b.upto_guess / base.count - h.upto_guess / head.count)[:-1]
    end = (b.below_guess / base.count - h.below_guess / head.count)[1:]
    size = np.abs(start) + np.abs(end)
    crossing = np.divide(start**2 + end**2, size, out=np.zeros_like(size), where=size > 0)
    return float(np.sum(np.where(start * end >= 0, size, crossing) / 2 * widths))


def _apart(base: Numbers, head: Numbers) -> tuple[Floats, Floats]:
    """All points of two exact summaries in order, and how far apart the shares of values up to each are."""
    both = np.concatenate((base.points, head.points))
    order = both.argsort(kind="stable")  # merges the two ascending runs, which costs a fraction of sorting
    grid = both[order]
    last = np.append(grid[1:] != grid[:-1], True)
    from_base = np.cumsum(order < len(base.points))[last]
    from_head = np.flatnonzero(last) + 1 - from_base
    apart: Floats = np.append(0, base.upto_low)[from_base] / base.count - np.append(0, head.upto_low)[from_head] / head.count
    return grid[last], apart


def _area_error(numbers: Numbers, scale: float) -> float:
    """The largest area between the true cumulative share and the guessed one, in units of `scale`.

    In a gap the true one rises anyhow between the interval's ends; the area to the guess is convex in it, so it is largest
    for the two extremes: at the lower end all along, or at the upper.
    """
    low, high = numbers.upto_low[:-1], numbers.below_high[1:]
    middle = (numbers.upto_low[:-1] + numbers.upto_high[:-1] + numbers.below_low[1:] + numbers.below_high[1:]) / 4
    furthest = np.maximum(middle - low, high - middle)
    return float(np.sum(furthest * np.diff(numbers.points / scale))) / numbers.count


def jensen_shannon(base: Shares, head: Shares) -> Distance:
    """The Jensen-Shannon distance: the square root of the divergence to base 2, a metric in 0..1 (Endres, Schindelin 2003)."""
    return _over_cells(_divergence, base, head, lambda total: math.sqrt(min(max(total, 0.0), 1.0)))


def psi(base: Shares, head: Shares) -> Distance:
    """The population stability index: the sum over cells of (q - p) ln(q / p), with shares of at least EPSILON."""
    return _over_cells(_stability, base, head, lambda total: total)


def _over_cells(
    term: Callable[[Floats, Floats], Floats], base: Shares, head: Shares, finish: Callable[[float], float]
) -> Distance:
    """Sum a term over cells. Each is convex and 0 where shares agree, so over intervals its extremes lie at their ends."""
    value = finish(float(np.sum(term(base.guess, head.guess))))
    if base.low is base.high and head.low is head.high:
        return Distance(value)
    most = np.maximum(term(base.low, head.high), term(base.high, head.low))
    near_base = np.clip(head.low, base.low, base.high)
    least = term(near_base, np.clip(near_base, head.low, head.high))
    low, high = finish(float(np.sum(least))), finish(float(np.sum(most)))
    return Distance(value, max(high - value, value - low, 0.0))


def _divergence(p: Floats, q: Floats) -> Floats:
    """Each cell's part of the Jensen-Shannon divergence in bits, written so that near-equal shares keep their digits."""
    both = p + q
    tilt = np.divide(q - p, both, out=np.zeros_like(both), where=both > 0)
    down, up = np.maximum(1 - tilt, 1e-300), np.maximum(1 + tilt, 1e-300)
    bits: Floats = both / 4 * (down * np.log1p(np.maximum(-tilt, -1 + 1e-16)) + up * np.log1p(np.maximum(tilt, -1 + 1e-16)))
    return np.maximum(bits, 0) / math.log(2)


def _stability(p: Floats, q: Floats) -> Floats:
    """Each cell's part of the population stability index."""
    p, q = np.maximum(p, EPSILON), np.maximum(q, EPSILON)
    result: Floats = (q - p) * np.log(q / p)
    return result
