"""Student's t distribution for whole degrees of freedom, without a library: its distribution function and its quantiles. Pure.

The sums are exact (Abramowitz & Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3 and 26.7.4).
"""

from math import atan, cos, inf, pi, sin, sqrt

_STEPS = 200


def cdf(t: float, freedom: int) -> float:
    """The probability of a value up to `t`. `freedom` is at least 1."""
    if freedom < 1:
        raise ValueError("a t distribution has at least one degree of freedom")
    angle = pi / 2 if t == inf else -pi / 2 if t == -inf else atan(t / sqrt(freedom))
    square = cos(angle) ** 2
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for step in range(2 + odd, freedom + 1, 2):
        total += term
        term *= square * (step - 1) / step
    both = 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
    return min(1.0, max(0.0, 0.5 + both / 2))


def quantile(p: float, freedom: int) -> float:
    """The value that is not exceeded with probability `p`, strictly between 0 and 1."""
    if not 0 < p < 1:
        raise ValueError("a quantile is asked for between 0 and 1")
    if p < 0.5:
        return -quantile(1 - p, freedom)
    low, high = 0.0, 1.0
    while cdf(high, freedom) < p:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if cdf(middle, freedom) < p else (low, middle)
    return high
