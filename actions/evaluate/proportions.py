"""The change of accuracy between two models on the same rows.

Tango's score interval for a difference of paired proportions ("Equivalence test and confidence interval for the difference
in proportions for the paired-sample design", Statistics in Medicine 1998): the values that McNemar's test, generalised
to differences other than zero, does not reject. At zero it is McNemar's test itself. It keeps its level where few or
no rows differ, where a Wald interval claims certainty.
"""

import numpy as np

from actions.evaluate.samples import Floats
from policy.facts.evaluation import Confidence

_STEPS = 80


def distribution(gained: int, lost: int, rows: int, scale: Floats, levels: list[float]) -> Confidence:
    """The confidence distribution of (gained - lost) / rows.

    Args:
        gained: rows that only the head got right.
        lost: rows that only the base got right.
        rows: all rows.
        scale: normal quantiles of `levels`, rising.
        levels: the probabilities at which quantiles are given.
    """
    low, high = np.full(len(scale), -1.0), np.full(len(scale), 1.0)
    for _ in range(_STEPS):  # the statistic falls from +inf to -inf as the difference rises from -1 to 1
        middle = (low + high) / 2
        above = statistic(gained, lost, rows, middle) > -scale
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    values = np.where(scale == 0, (gained - lost) / rows, (low + high) / 2)
    values = np.maximum.accumulate(values)
    return Confidence(method="mcnemar", grid=[(p, float(f"{v:.9g}")) for p, v in zip(levels, values, strict=True)])


def statistic(gained: int, lost: int, rows: int, difference: Floats) -> Floats:
    """Tango's score statistic of "the true difference is `difference`"; standard normal where it is."""
    linear = -gained - lost + (2 * rows - gained + lost) * difference
    constant = -lost * difference * (1 - difference)
    probability = (np.sqrt(np.maximum(linear**2 - 8 * rows * constant, 0)) - linear) / (4 * rows)
    variance = rows * (2 * probability + difference * (1 - difference))
    distance = gained - lost - rows * difference
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = np.where(np.abs(distance) < 1e-12, 0.0, distance / np.sqrt(np.maximum(variance, 0)))
    return value
