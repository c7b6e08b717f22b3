"""How well the model does on rows whose labels have not arrived, judged by its own confidence.

Where scores are chances that come true as often as they say, they tell how many predictions are right, without one label:
confidence-based performance estimation (CBPE; Kivimaki, Bialek et al., "Performance estimation in binary classification
using calibrated confidence", arXiv 2505.05295, 2025), as NannyML computes it. Scores are first made such chances by isotonic
regression on the labelled rows of the reference (Zadrozny and Elkan, KDD 2002), where that brings them nearer.

It sees what changes the scores. It cannot see that the same inputs now mean something else: only labels tell that.
"""

from dataclasses import dataclass

import numpy as np

from actions.evaluate.samples import Flags, Floats

BINS = 10
"""Bins of equal counts in which scores and labels are compared."""
FOLDS = 10
FITTED = 100_000
"""How many rows of the reference the calibration learns from, at most."""
TRIED = 20_000
"""On how many of them it is tried out, at most."""


@dataclass(frozen=True)
class Calibration:
    """A rising curve from scores to chances, linear between its points; no points: a score is a chance already."""

    scores: Floats
    chances: Floats

    def apply(self, scores: Floats) -> Floats:
        """The chances of scores; beyond the ends of the curve, that of the end."""
        return np.interp(scores, self.scores, self.chances) if len(self.scores) else scores


NONE = Calibration(np.empty(0), np.empty(0))


def calibration(scores: Floats, positive: Flags, *, seed: int = 0) -> Calibration:
    """The curve of the reference's labelled rows; none where it would bring rows that it has not seen no nearer to the truth."""
    order = np.random.default_rng(seed).permutation(len(scores))[:FITTED]
    scores, positive = scores[order], positive[order]
    outside = bool((scores < 0).any() or (scores > 1).any())
    tried, truth = scores[:TRIED], positive[:TRIED]
    if not outside and _miss(tried, truth) <= _miss(_held_out(tried, truth), truth):
        return NONE
    return isotonic(scores, positive)


def isotonic(scores: Floats, positive: Flags) -> Calibration:
    """The rising curve with the least squares: neighbours that fall are pooled until none does.

    Pool adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical Statistics 26, 1955).
    """
    values, where, counts = np.unique(scores, return_inverse=True, return_counts=True)
    means = np.bincount(where, weights=positive, minlength=len(values)) / counts
    pools: list[tuple[float, int, int]] = []
    for mean, count in zip(means.tolist(), counts.tolist(), strict=True):
        pool = (mean, count, 1)
        while pools and pools[-1][0] >= pool[0]:
            before = pools.pop()
            rows = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / rows, rows, before[2] + pool[2])
        pools.append(pool)
    return Calibration(values, np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools]))


def roc_auc(scores: Floats, chances: Floats) -> float:
    """The expected area under the ROC curve; NaN where the chances leave room for one class only."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    right = np.r_[0.0, np.cumsum(chances[order])[ends]]
    wrong = np.r_[0.0, np.cumsum(1 - chances[order])[ends]]
    if right[-1] <= 0 or wrong[-1] <= 0:
        return float("nan")
    return float(np.trapezoid(right / right[-1], wrong / wrong[-1]))


def accuracy(predicted: Flags, chances: Floats) -> float:
    """The expected share of predictions that are right."""
    return float(np.where(predicted, chances, 1 - chances).mean())


def f1(predicted: Flags, chances: Floats) -> float:
    """F1 of the expected counts of right and wrong; NaN where nothing is positive."""
    right = float(chances[predicted].sum())
    wrong, missed = float((1 - chances[predicted]).sum()), float(chances[~predicted].sum())
    whole = right + (wrong + missed) / 2
    return right / whole if whole > 0 else float("nan")


def _held_out(scores: Floats, positive: Flags) -> Floats:
    """The chances of rows by curves that have not seen them."""
    fold = np.arange(len(scores)) % FOLDS
    chances = np.empty(len(scores))
    for each in range(FOLDS):
        held = fold == each
        chances[held] = isotonic(scores[~held], positive[~held]).apply(scores[held])
    return chances


def _miss(chances: Floats, positive: Flags) -> float:
    """The expected calibration error: how far chances and labels lie apart in bins of equal counts."""
    order = np.argsort(chances, kind="stable")
    parts = np.array_split(order, BINS)
    return sum(abs(float(chances[part].sum() - positive[part].sum())) for part in parts) / len(chances)
