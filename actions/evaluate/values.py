"""How sure the value of one metric is, on rows of its own: the same methods as for a change, where one side is fixed.

DeLong for roc_auc, Wilson's score interval for accuracy ("Probable inference, the law of succession, and statistical
inference", JASA 1927), the infinitesimal jackknife for average precision, and the bootstrap for functions of sums; beyond
MOST_DRAWN draws the jackknife, which says the same of so many rows.
"""

import math
from statistics import NormalDist

import numpy as np

from actions.evaluate import bootstrap, delong, precision
from actions.evaluate.bootstrap import LEVELS, SCALE
from actions.evaluate.changes import FEWEST_ROWS
from actions.evaluate.samples import Floats, Said, Truth
from actions.evaluate.sums import SUM_METRICS, binary, scores
from policy.facts.evaluation import Confidence

RESAMPLES = 500
"""Of the bootstrap."""
MOST_DRAWN = 5_000_000
"""Rows times resamples up to which a value is bootstrapped."""
MOST_CLASSES = 40
"""Columns of sums up to which a metric has an interval: memory is rows times this."""
_LEVEL = NormalDist()


def distribution(name: str, truth: Truth, said: Said, *, seed: int = 0) -> Confidence | None:
    """The confidence distribution of a metric's value, which must be defined on these rows; None where they are too few.

    For rankings that is fewer than FEWEST_ROWS rows of either class.
    """
    if truth.rows < FEWEST_ROWS:
        return None
    if name in ("roc_auc", "pr_auc"):
        positive = binary(truth)
        if min(int(positive.sum()), int((~positive).sum())) < FEWEST_ROWS:
            return None
        if name == "roc_auc":
            # Beside a score that says nothing, whose area is 1/2 in every sample.
            nothing = np.zeros(truth.rows)
            error = delong.compare(positive, nothing, scores(said)).standard_error
            return Confidence(method="delong", standard_error=error)
        moved = precision.influence(precision.rank(positive, scores(said)))
        return Confidence(method="infinitesimal_jackknife", standard_error=math.sqrt(float((moved**2).sum())))
    if name == "accuracy":
        return wilson(int(np.sum(truth.codes == said.codes)), truth.rows)
    return _of_sums(name, truth, said, seed)


def wilson(right: int, rows: int) -> Confidence:
    """The confidence distribution of a share."""
    share, squares = right / rows, SCALE**2
    reach = SCALE * np.sqrt(share * (1 - share) / rows + squares / (4 * rows * rows))
    ends = np.maximum.accumulate((share + squares / (2 * rows) + reach) / (1 + squares / rows))
    return Confidence(method="wilson", grid=[(p, float(f"{end:.9g}")) for p, end in zip(LEVELS, ends.tolist(), strict=True)])


def spread(confidence: Confidence) -> float:
    """The standard error of a distribution; of one that is not normal, half of what holds the middle 68 %."""
    if confidence.standard_error is not None:
        return confidence.standard_error
    levels, ends = (np.array(each) for each in zip(*confidence.grid, strict=True))
    low, high = np.interp([_LEVEL.cdf(-1), _LEVEL.cdf(1)], levels, ends)
    return float(high - low) / 2


def _of_sums(name: str, truth: Truth, said: Said, seed: int) -> Confidence | None:
    metric = SUM_METRICS[name]
    columns = metric.columns(truth, said)
    if columns.shape[1] > MOST_CLASSES:
        return None
    total = columns.sum(axis=0)
    with np.errstate(all="ignore"):
        left_out = metric.value(total - columns, truth.rows - 1)
    if truth.rows * RESAMPLES > MOST_DRAWN:
        return _jackknife(left_out)
    numbers, units = bootstrap.whole(columns)
    with np.errstate(all="ignore"):
        draws: Floats = metric.value(bootstrap.sums(numbers, RESAMPLES, seed, name) * units, truth.rows)
        observed = float(metric.value(total, truth.rows))
    if np.all(draws == draws[0]):
        return Confidence(method="bootstrap_bca", standard_error=0.0)
    if name == "calibration_error":
        return bootstrap.normal(draws)
    return bootstrap.bca(observed, draws, np.where(np.isfinite(left_out), left_out, observed))


def _jackknife(left_out: Floats) -> Confidence | None:
    error = float(left_out.std() * math.sqrt(len(left_out) - 1))
    return Confidence(method="jackknife", standard_error=error) if math.isfinite(error) else None
