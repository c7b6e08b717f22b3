"""The area under the ROC curve of two models on the same rows, and the variance of its change.

DeLong, DeLong & Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic
curves", Biometrics 1988; computed by midranks in O(n log n) as in Sun & Xu, "Fast implementation of DeLong's algorithm",
IEEE Signal Processing Letters 2014.
"""

import math
from typing import NamedTuple

import numpy as np

from actions.evaluate.samples import Flags, Floats


class Areas(NamedTuple):
    """Areas of base and head, and the standard error of head minus base."""

    base: float
    head: float
    standard_error: float


class _Placements(NamedTuple):
    """For each positive row the share of negatives it beats (m,), and for each negative that of positives it loses to (n,)."""

    positives: Floats
    negatives: Floats


def area(positive: Flags, score: Floats) -> float:
    """The probability that a positive row scores above a negative one, ties counting half."""
    wins, losses = int(positive.sum()), int((~positive).sum())
    return float((midranks(score)[positive].sum() - wins * (wins + 1) / 2) / (wins * losses))


def compare(positive: Flags, base: Floats, head: Floats) -> Areas:
    """Both areas and the standard error of their difference. Needs at least two rows of each class.

    Where the variance estimate is zero although the models rank differently (both separate perfectly), the standard error is
    that of Bonett & Price's adjusted Wald interval for a paired difference without any discordant pair among the rows of
    the smaller class, sqrt(2) / (k + 2): a few perfect rows do not prove that nothing changed.
    """
    first, second = _placements(positive, base), _placements(positive, head)
    wins, losses = second.positives - first.positives, second.negatives - first.negatives
    error = math.sqrt(wins.var(ddof=1) / len(wins) + losses.var(ddof=1) / len(losses))
    if error < 1e-15:
        same = np.array_equal(midranks(base), midranks(head))
        error = 0.0 if same else math.sqrt(2) / (min(len(wins), len(losses)) + 2)
    return Areas(float(first.positives.mean()), float(second.positives.mean()), error)


def midranks(values: Floats) -> Floats:
    """Ranks from 1, where equal values share the mean of their ranks."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counts = np.diff(np.r_[starts, len(ordered)])
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (counts + 1) / 2, counts)
    return ranks


def _placements(positive: Flags, score: Floats) -> _Placements:
    together = midranks(score)
    wins, losses = together[positive], together[~positive]
    return _Placements(
        (wins - midranks(score[positive])) / len(losses),
        1 - (losses - midranks(score[~positive])) / len(wins),
    )
