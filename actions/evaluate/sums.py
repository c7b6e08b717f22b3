"""Metrics that are functions of sums over rows: one definition for the value, the bootstrap and the jackknife.

Each metric turns rows into columns (n, m), and sums of columns (..., m) over a number of rows into values (...).
A value that is not defined on some sums is NaN; whoever asks for it makes a reason of that.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actions.evaluate.samples import Floats, Said, Truth
from actions.evaluate.trouble import Undefined
from policy.reasons import Reason

BINS = 15
"""Equal-width bins of the calibration error, [k/15, (k+1)/15), the last one closed (Guo et al. 2017 use fifteen)."""
_EPSILON = float(np.finfo(np.float64).eps)


class SumMetric(NamedTuple):
    """`columns(truth, said) -> (n, m)`; `value(sums (..., m), rows) -> (...)`."""

    columns: Callable[[Truth, Said], Floats]
    value: Callable[[Floats, float], Floats]


def compute(name: str, truth: Truth, said: Said) -> float:
    """The value of one metric.

    Raises:
        Undefined: the rows do not define it.
    """
    metric = SUM_METRICS[name]
    with np.errstate(all="ignore"):
        value = float(metric.value(metric.columns(truth, said).sum(axis=0), truth.rows))
    if np.isfinite(value):
        return value
    if name == "r2":
        raise Undefined(Reason.UNDEFINED_METRIC, " (all labels are equal)")
    raise Undefined(Reason.UNDEFINED_METRIC if np.isnan(value) else Reason.NOT_A_NUMBER, "")


def binary(truth: Truth) -> NDArray[np.bool_]:
    """Which labels are positive."""
    if truth.positive is None:
        raise Undefined(Reason.BAD_LABEL, truth.not_binary)
    return truth.positive


def scores(said: Said) -> Floats:
    """The scores."""
    if said.score is None:
        raise Undefined(Reason.MISSING_COLUMN, " (it needs a score)")
    return said.score


def probabilities(said: Said) -> Floats:
    """The scores, which must be probabilities."""
    score = scores(said)
    outside = int(((score < 0) | (score > 1)).sum())
    if outside:
        raise Undefined(Reason.SCORE_OUT_OF_RANGE, f" ({outside:,} of {len(score):,})")
    return score


def _numbers(truth: Truth, said: Said) -> tuple[Floats, Floats]:
    if truth.number is None or said.number is None:
        raise Undefined(Reason.BAD_LABEL, " (numbers are needed)")
    return truth.number, said.number


def _mean(sums: Floats, rows: float) -> Floats:
    return sums[..., 0] / rows


def _root_mean(sums: Floats, rows: float) -> Floats:
    root: Floats = np.sqrt(sums[..., 0] / rows)
    return root


def _log_loss(truth: Truth, said: Said) -> Floats:
    """Probabilities are clipped to [eps, 1 - eps], as scikit-learn does for 64-bit floats."""
    p = np.clip(probabilities(said), _EPSILON, 1 - _EPSILON)
    return -np.log(np.where(binary(truth), p, 1 - p))[:, None]


def _brier(truth: Truth, said: Said) -> Floats:
    return ((probabilities(said) - binary(truth)) ** 2)[:, None]


def _calibration(truth: Truth, said: Said) -> Floats:
    """How far score and label are apart, in the column of the score's bin."""
    p = probabilities(said)
    columns = np.zeros((truth.rows, BINS))
    columns[np.arange(truth.rows), np.minimum((p * BINS).astype(np.int64), BINS - 1)] = p - binary(truth)
    return columns


def _calibration_error(sums: Floats, rows: float) -> Floats:
    error: Floats = np.abs(sums).sum(axis=-1) / rows
    return error


def _f1_columns(truth: Truth, said: Said) -> Floats:
    """For each class: rows of it predicted right, rows predicted, rows labelled. A two-valued label counts its positive class."""
    if truth.codes is None or said.codes is None:
        raise Undefined(Reason.BAD_LABEL, truth.not_binary or " (too many classes, or no prediction)")
    classes = np.arange(1, 2) if truth.classes == 2 and truth.positive is not None else np.arange(truth.classes)
    true, predicted = truth.codes[:, None] == classes, said.codes[:, None] == classes
    return np.concatenate([true & predicted, predicted, true], axis=1).astype(np.float64)


def _f1(sums: Floats, rows: float) -> Floats:
    """Macro average over the classes that occur in labels or predictions; NaN where none does."""
    right, predicted, true = np.split(sums, 3, axis=-1)
    found = (predicted + true) > 0
    each = np.divide(2 * right, predicted + true, out=np.zeros_like(right), where=found)
    mean: Floats = each.sum(axis=-1) / found.sum(axis=-1)
    return mean


def _absolute(truth: Truth, said: Said) -> Floats:
    label, number = _numbers(truth, said)
    return np.abs(label - number)[:, None]


def _square(truth: Truth, said: Said) -> Floats:
    label, number = _numbers(truth, said)
    return ((label - number) ** 2)[:, None]


def _relative(truth: Truth, said: Said) -> Floats:
    label, number = _numbers(truth, said)
    zeros = int((label == 0).sum())
    if zeros:
        raise Undefined(Reason.UNDEFINED_METRIC, f" ({zeros:,} labels are 0, and it divides by them)")
    return (np.abs(label - number) / np.abs(label))[:, None]


def _r2_columns(truth: Truth, said: Said) -> Floats:
    label, number = _numbers(truth, said)
    # Around a constant near the mean, so that the sum of squares keeps its digits.
    centred = label - label.mean() if len(label) else label
    return np.stack([(label - number) ** 2, centred, centred**2], axis=1)


def _r2(sums: Floats, rows: float) -> Floats:
    residual, total, squares = sums[..., 0], sums[..., 1], sums[..., 2]
    spread = squares - total**2 / rows
    value: Floats = np.where(spread > 1e-12 * squares, 1 - residual / np.where(spread > 0, spread, 1.0), np.nan)
    return value


SUM_METRICS: dict[str, SumMetric] = {
    "f1": SumMetric(_f1_columns, _f1),
    "log_loss": SumMetric(_log_loss, _mean),
    "brier": SumMetric(_brier, _mean),
    "calibration_error": SumMetric(_calibration, _calibration_error),
    "rmse": SumMetric(_square, _root_mean),
    "mae": SumMetric(_absolute, _mean),
    "r2": SumMetric(_r2_columns, _r2),
    "mape": SumMetric(_relative, _mean),
}
