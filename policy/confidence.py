"""Intervals and one-sided P-values from a confidence distribution, and Holm's correction over many of them.

A confidence distribution H is a distribution over the true change whose quantiles are the end points of one-sided
intervals; so H(v) is the P-value of "the change is at most v" (Xie & Singh 2013). Two shapes are understood: normal
around the observed change, and a grid of (p, quantile). Between grid points H is interpolated on the scale of normal
quantiles; beyond the last one it continues as a normal tail whose slope is the average one from the median to that
end, because a thousand resamples say nothing about tails that Holm's correction asks for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import inf
from statistics import NormalDist

from policy.facts.evaluation import Confidence

_NORMAL = NormalDist()
_TOLERANCE = 1e-9


def slack(*values: float) -> float:
    """How much two numbers may differ and still count as equal: a billionth of the largest.

    0.74 - 0.735 is not 0.005 in binary; a change of exactly the margin must not fail for that.
    """
    return _TOLERANCE * max((abs(value) for value in values), default=0.0)


def interval(confidence: Confidence, change: float, level: float) -> tuple[float, float]:
    """The two-sided, equal-tailed interval of the change at `level` (such as 0.95)."""
    tail = (1 - level) / 2
    return quantile(confidence, change, tail), quantile(confidence, change, 1 - tail)


def quantile(confidence: Confidence, change: float, p: float) -> float:
    """The value below which the true change lies with confidence `p`."""
    z = _NORMAL.inv_cdf(p)
    if confidence.standard_error is not None:
        return change + z * confidence.standard_error
    scale, values = _grid(confidence)
    if z < scale[0]:
        return values[0] + (z - scale[0]) * _slope(scale, values, 0)
    if z > scale[-1]:
        return values[-1] + (z - scale[-1]) * _slope(scale, values, -1)
    right = max(1, bisect_left(scale, z))
    return _line(z, scale[right - 1], values[right - 1], scale[right], values[right])


def p_below(confidence: Confidence, change: float, value: float) -> float:
    """One-sided P-value of "the true change is at least `value`": small where the change is shown to be below it."""
    return _NORMAL.cdf(-_score(confidence, change, value, lower=True))


def p_above(confidence: Confidence, change: float, value: float) -> float:
    """One-sided P-value of "the true change is at most `value`": small where the change is shown to be above it."""
    return _NORMAL.cdf(_score(confidence, change, value, lower=False))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted so that rejecting those at most alpha errs anywhere with probability at most alpha.

    Holm, "A simple sequentially rejective multiple test procedure", 1979. Valid under any dependence. An adjusted
    value never falls when another P-value rises, so a wider margin on one gate cannot turn another one red.
    """
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def _score(confidence: Confidence, change: float, value: float, *, lower: bool) -> float:
    """The normal quantile of H(value); where H jumps at `value`, the side that claims less."""
    if confidence.standard_error is not None:
        return _normal_score(confidence.standard_error, change, value, lower=lower)
    scale, values = _grid(confidence)
    # At a jump, `lower` takes H just before the value and the other takes H at it: both P-values come out larger.
    position = bisect_left(values, value) if lower else bisect_right(values, value)
    if position == 0:
        return _beyond(value - values[0], _slope(scale, values, 0), scale[0])
    if position == len(values):
        return _beyond(value - values[-1], _slope(scale, values, -1), scale[-1])
    return _line(value, values[position - 1], scale[position - 1], values[position], scale[position])


def _normal_score(error: float, change: float, value: float, *, lower: bool) -> float:
    distance = value - change
    if error > 0:
        return distance / error
    if abs(distance) <= slack(value, change):
        return -inf if lower else inf
    return inf if distance > 0 else -inf


def _beyond(distance: float, slope: float, end: float) -> float:
    if slope > 0:
        return end + distance / slope
    if distance == 0:
        return end
    return inf if distance > 0 else -inf


def _grid(confidence: Confidence) -> tuple[list[float], list[float]]:
    return [_NORMAL.inv_cdf(p) for p, _ in confidence.grid], [value for _, value in confidence.grid]


def _slope(scale: list[float], values: list[float], end: int) -> float:
    """The average slope from the median to one end."""
    right = bisect_left(scale, 0.0)
    median = _line(0.0, scale[right - 1], values[right - 1], scale[right], values[right])
    return (median - values[end]) / (0.0 - scale[end])


def _line(x: float, x0: float, y0: float, x1: float, y1: float) -> float:
    return y0 + (y1 - y0) * ((x - x0) / (x1 - x0))  # the share first: a product of tiny numbers may leave the line
