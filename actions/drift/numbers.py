"""How the numbers of one column are distributed, in a few thousand points: deterministic, mergeable, with a provable error.

A `Numbers` holds points of the column in ascending order and, for each, how many values lie below it and how many
lie at or below it. What lies between two neighbouring points is known by count, not by place: that is the only error,
and it is at most the count of the gap. A summary of one reading knows its ranks exactly; a merged one knows them as
intervals (for every part the point is either one of its own, with a known rank, or lies in a gap, with a known
interval), so the error after any sequence of merges is still a fact and not an estimate. A merge adds at most
1 / (2 STEPS) to the mean rank error of its parts (see `_choose`); merging many parts at once adds that only once.

The idea is the equi-depth summary with rank intervals (Greenwald, Khanna, SIGMOD 2001); what may be merged, and at which
price, is in Agarwal, Cormode, Huang, Phillips, Wei, Yi, "Mergeable summaries", PODS 2012. Randomised sketches (KLL) merge
at no price, but two runs of one check could disagree and their error holds only with a probability: not for a gate.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 1_000
"""Points spread evenly over the ranks. A multiple of ten, so that the deciles are among them."""
SPREAD = 1_000
"""Points spread over the values, where count times width is large: they keep the Wasserstein bound small in long tails."""
KEEP = STEPS + SPREAD + 2
CANDIDATES = 8_000
"""From how many points of a fresh column the kept ones are chosen. A multiple of STEPS."""


@dataclass(frozen=True)
class Around:
    """Counts of values below x, up to x, and up to anything between x and the next x of the grid: bounds and best guess."""

    below_low: Ints
    below_guess: Floats
    below_high: Ints
    upto_low: Ints
    upto_guess: Floats
    upto_high: Ints
    behind_low: Ints
    behind_high: Ints


@dataclass(frozen=True)
class Numbers:
    """The distribution of `count` finite values. All arrays have one entry a point; points ascend strictly.

    `below_*` bound the number of values smaller than the point, `upto_*` of those smaller or equal; where the ranks are
    exact, low and high are the same array. `deviation` is the population's (divided by n), and exactly 0 for a constant.
    """

    count: int
    mean: float
    deviation: float
    points: Floats
    below_low: Ints
    below_high: Ints
    upto_low: Ints
    upto_high: Ints

    @classmethod
    def of(cls, values: Floats, *, exact: bool = False) -> Self:
        """Summarise the finite ones of `values`, which are sorted in place. `exact` keeps every distinct value as a point."""
        values.sort()
        values = values[np.searchsorted(values, -np.inf, side="right") : np.searchsorted(values, np.inf, side="left")]
        count = len(values)
        if count == 0:
            empty = np.empty(0, dtype=np.int64)
            return cls(0, 0.0, 0.0, np.empty(0, dtype=np.float64), empty, empty, empty, empty)
        mean, deviation = _moments(values)
        points, below, upto = _distinct(values, exact)
        numbers = cls(count, mean, deviation, points, below, below, upto, upto)
        return numbers if exact else numbers._at(_choose(numbers))

    @property
    def lowest(self) -> float:
        """The smallest value; meaningless where `count` is 0."""
        return float(self.points[0])

    @property
    def highest(self) -> float:
        """The largest value; meaningless where `count` is 0."""
        return float(self.points[-1])

    @property
    def constant(self) -> bool:
        """Whether all values are one."""
        return self.count > 0 and len(self.points) == 1

    @property
    def rank_error(self) -> float:
        """How far, at worst, the estimated share of values up to any x is from the true one (half the widest interval)."""
        if self.count == 0:
            return 0.0
        at = np.max(self.upto_high - self.upto_low)
        between = np.max(self.below_high[1:] - self.upto_low[:-1], initial=0)
        return float(max(at, between)) / (2 * self.count)

    @property
    def exact(self) -> bool:
        """Whether every value is a point, so that nothing about the distribution is uncertain."""
        return self.below_low is self.below_high and bool(np.array_equal(self.below_low[1:], self.upto_low[:-1]))

    def around(self, grid: Floats) -> "Around":
        """What is known of the counts at each x of an ascending `grid`. The column must hold values."""
        last = np.searchsorted(self.points, grid, side="right") - 1
        is_point = (last >= 0) & (self.points[np.maximum(last, 0)] == grid)
        gap_low = np.concatenate((np.zeros(1, dtype=np.int64), self.upto_low))[last + 1]
        gap_high = np.append(self.below_high, self.count)[last + 1]
        guess = self._between(grid, last)
        return Around(
            below_low=np.where(is_point, self.below_low[last], gap_low),
            below_guess=np.where(is_point, (self.below_low[last] + self.below_high[last]) / 2, guess),
            below_high=np.where(is_point, self.below_high[last], gap_high),
            upto_low=np.where(is_point, self.upto_low[last], gap_low),
            upto_guess=np.where(is_point, (self.upto_low[last] + self.upto_high[last]) / 2, guess),
            upto_high=np.where(is_point, self.upto_high[last], gap_high),
            behind_low=gap_low,
            behind_high=gap_high,
        )

    def _between(self, grid: Floats, last: NDArray[np.intp]) -> Floats:
        """The count up to x if values lie evenly in each gap. Halved before subtracting: a range may exceed the largest float."""
        final = len(self.points) - 1
        left, right = np.clip(last, 0, final), np.clip(last + 1, 0, final)
        start = (self.upto_low[left] + self.upto_high[left]) / 2
        end = (self.below_low[right] + self.below_high[right]) / 2
        width = self.points[right] / 2 - self.points[left] / 2
        part = np.divide(grid / 2 - self.points[left] / 2, width, out=np.zeros(len(grid)), where=width > 0)
        inside = start + (end - start) * np.clip(part, 0, 1)
        return np.where(last < 0, 0.0, np.where(last >= final, float(self.count), inside))

    def _at(self, chosen: NDArray[np.intp]) -> Self:
        """The same column with only some of its points."""
        if len(chosen) == len(self.points):
            return self
        below, upto = self.below_low[chosen], self.upto_low[chosen]
        exact = self.below_low is self.below_high
        return type(self)(
            self.count,
            self.mean,
            self.deviation,
            self.points[chosen],
            below,
            below if exact else self.below_high[chosen],
            upto,
            upto if exact else self.upto_high[chosen],
        )


def merge(parts: list[Numbers]) -> Numbers:
    """The distribution of several columns' values together, with the rank intervals that are left of certain."""
    parts = [part for part in parts if part.count]
    if len(parts) < 2:
        return parts[0] if parts else Numbers.of(np.empty(0))
    points = np.unique(np.concatenate([part.points for part in parts]))
    below_low, below_high, upto_low, upto_high = (np.zeros(len(points), dtype=np.int64) for _ in range(4))
    for part in parts:
        known = part.around(points)
        below_low += known.below_low
        below_high += known.below_high
        upto_low += known.upto_low
        upto_high += known.upto_high
    count = sum(part.count for part in parts)
    mean, deviation = _merged_moments(parts)
    if np.array_equal(below_low, below_high) and np.array_equal(upto_low, upto_high):
        below_high, upto_high = below_low, upto_low
    whole = Numbers(count, mean, deviation, points, below_low, below_high, upto_low, upto_high)
    return whole._at(_choose(whole))


def unit(*extremes: float) -> float:
    """A power of two to divide by, so that squares neither overflow nor vanish; 1 for ordinary magnitudes."""
    largest = max(abs(extreme) for extreme in extremes)
    if largest == 0 or 1e-100 < largest < 1e100:
        return 1.0
    return math.ldexp(1.0, max(math.frexp(largest)[1] - 1, -1022))


def _moments(ascending: Floats) -> tuple[float, float]:
    """Mean and population deviation of sorted values."""
    lowest, highest = float(ascending[0]), float(ascending[-1])
    if lowest == highest:
        return lowest, 0.0
    scale = unit(lowest, highest)
    scaled = ascending if scale == 1.0 else ascending / scale
    mean = float(scaled.mean())
    squares = scaled - mean
    squares *= squares  # not np.dot: its threads would fight over the cores with ours
    return mean * scale, math.sqrt(float(squares.mean())) * scale


def _merged_moments(parts: list[Numbers]) -> tuple[float, float]:
    """Mean and deviation of all parts together, by the pairwise update of Chan, Golub, LeVeque (1979)."""
    lowest, highest = min(part.lowest for part in parts), max(part.highest for part in parts)
    if lowest == highest:
        return lowest, 0.0
    scale = unit(lowest, highest)
    count, mean, squares = 0, 0.0, 0.0
    for part in parts:
        apart = part.mean / scale - mean
        total = count + part.count
        squares += part.count * (part.deviation / scale) ** 2 + apart**2 * (count * part.count / total)
        mean += apart * part.count / total
        count = total
    return mean * scale, math.sqrt(squares / count) * scale


def _distinct(ascending: Floats, exact: bool) -> tuple[Floats, Ints, Ints]:
    """Points with their exact ranks: every distinct value where there are few or all are asked for, else the candidates."""
    count = len(ascending)
    last = np.flatnonzero(ascending[1:] != ascending[:-1]) if exact or count <= 4 * CANDIDATES else None
    if last is None and np.count_nonzero(ascending[1:] != ascending[:-1]) < KEEP:
        last = np.flatnonzero(ascending[1:] != ascending[:-1])
    if last is not None:
        upto = np.append(last, count - 1).astype(np.int64) + 1
        return ascending[upto - 1], np.concatenate((np.zeros(1, dtype=np.int64), upto[:-1])), upto
    points = np.unique(ascending[_candidates(count)])
    below = np.searchsorted(ascending, points, side="left").astype(np.int64)
    return points, below, np.searchsorted(ascending, points, side="right").astype(np.int64)


def _candidates(count: int) -> Ints:
    """Positions in a sorted column: even steps, and ever denser towards both ends, where single values lie far apart."""
    even = -(-np.arange(1, CANDIDATES + 1, dtype=np.int64) * count // CANDIDATES) - 1
    tail = np.unique(np.geomspace(1, count // STEPS, 500).astype(np.int64)) - 1
    return np.concatenate((even, tail, count - 1 - tail))


def _choose(numbers: Numbers) -> NDArray[np.intp]:
    """Which points to keep: both ends, the first to reach each step of rank, and some at even steps of sqrt(count x width).

    By the first rule no gap gets wider than it was by more than a step of rank: its left end reaches a step for certain,
    and what lay before its right end did not reach the next. The Wasserstein error is the sum of count x width over the
    gaps. For a given number of points it is least where all gaps have an equal share of the integral of sqrt(density),
    which is what the second rule does.
    """
    size = len(numbers.points)
    if size <= KEEP:
        return np.arange(size)
    targets = -(-np.arange(1, STEPS + 1, dtype=np.int64) * numbers.count // STEPS)
    by_rank = np.searchsorted(numbers.upto_low, targets, side="left")
    upto = (numbers.upto_low + numbers.upto_high) / 2
    scaled = numbers.points / unit(numbers.lowest, numbers.highest)
    mass = np.concatenate((np.zeros(1), np.cumsum(np.sqrt(np.diff(upto) * np.diff(scaled)))))
    by_value = np.searchsorted(mass, np.linspace(0, mass[-1], SPREAD), side="left")
    ends = np.array([0, size - 1])
    return np.unique(np.concatenate((ends, np.minimum(by_rank, size - 1), np.minimum(by_value, size - 1))))
