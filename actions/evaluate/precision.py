"""Average precision (the area under the precision-recall curve), weighted, and how much each row moves it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actions.evaluate.samples import Flags, Floats


class Ranking(NamedTuple):
    """Rows from the highest score down. `ends` (g,) are the last positions of each run of equal scores."""

    order: NDArray[np.int64]
    ends: NDArray[np.int64]
    positive: Floats


def rank(positive: Flags, score: Floats) -> Ranking:
    """Order rows by score, once for many weightings."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    return Ranking(order, ends, positive[order].astype(np.float64))


def average_precision(ranking: Ranking, weights: Floats) -> Floats:
    """The mean over positive rows of the precision at their score; `weights` (..., n) in the rows' own order.

    The same sum over thresholds as scikit-learn's `average_precision_score`: no interpolation. NaN without positives.
    """
    ordered = weights[..., ranking.order]
    found = np.cumsum(ordered * ranking.positive, axis=-1)[..., ranking.ends]
    taken = np.cumsum(ordered, axis=-1)[..., ranking.ends]
    gained = np.diff(found, axis=-1, prepend=0.0)
    precision = np.divide(found, taken, out=np.zeros_like(found), where=taken > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value: Floats = (gained * precision).sum(axis=-1) / found[..., -1]
    return value


def influence(ranking: Ranking) -> Floats:
    """The derivative of average precision by each row's weight (n,), in the rows' own order.

    Its sum of squares is the variance of Efron's infinitesimal jackknife ("The Jackknife, the Bootstrap and Other
    Resampling Plans", 1982). A row changes the precision at its own threshold and at every lower one.
    """
    found = np.cumsum(ranking.positive)[ranking.ends]
    taken = (ranking.ends + 1).astype(np.float64)
    gained, precision = np.diff(found, prepend=0.0), found / taken
    total = found[-1]
    value = float((gained * precision).sum() / total)
    # Over this run and all lower ones: what one more row adds to, and takes from, the precision of each positive.
    adds = np.cumsum((gained / taken)[::-1])[::-1]
    takes = np.cumsum((gained * precision / taken)[::-1])[::-1]
    run = np.searchsorted(ranking.ends, np.arange(len(ranking.order)))
    moved = ranking.positive * (precision[run] - value + adds[run]) - takes[run]
    derivative = np.empty(len(moved))
    derivative[ranking.order] = moved / total
    return derivative
