"""Where a value lies in its range, as a share from 0 to 1, and back. On a log scale shares are of the logarithm."""

import math

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from policy.facts.override import Scalar

Ranged = FloatDistribution | IntDistribution


def share(over: Ranged, value: float) -> float:
    """Where a value lies between the ends of a range. A whole number lies in the middle of a stretch of its own."""
    low, high = _ends(over)
    return math.log(value / low) / math.log(high / low) if over.log else (value - low) / (high - low)


def at(over: BaseDistribution, part: float) -> Scalar:
    """The value at a share of the range, or of a list; never outside."""
    if isinstance(over, CategoricalDistribution):
        found: Scalar = over.choices[min(int(part * len(over.choices)), len(over.choices) - 1)]
        return found
    if not isinstance(over, Ranged):
        raise TypeError(over)
    low, high = _ends(over)
    value = low * (high / low) ** part if over.log else low + part * (high - low)
    if isinstance(over, IntDistribution):
        return min(max(round(value), over.low), over.high)
    return min(max(float(value), over.low), over.high)


def _ends(over: Ranged) -> tuple[float, float]:
    half = 0.5 if isinstance(over, IntDistribution) else 0.0
    return over.low - half, over.high + half
