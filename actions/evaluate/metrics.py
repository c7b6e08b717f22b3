"""The value of one known metric on one side."""

import numpy as np

from actions.evaluate import delong, precision, sums
from actions.evaluate.samples import Flags, Said, Truth
from actions.evaluate.trouble import Undefined
from policy.reasons import Reason


def compute(name: str, truth: Truth, said: Said) -> float:
    """The value of a metric of `policy.metrics.BETTER`.

    The definitions are scikit-learn's (the tests hold them to it), written in numpy because the same sums serve value,
    bootstrap and jackknife, and because importing scikit-learn costs more than all of the rest.

    Raises:
        Undefined: the rows do not define it; the reason says why.
    """
    if truth.rows == 0:
        raise Undefined(Reason.NO_ROWS)
    if name == "roc_auc":
        positive = _two_classes(truth)
        return delong.area(positive, sums.scores(said))
    if name == "pr_auc":
        positive = _two_classes(truth)
        ranking = precision.rank(positive, sums.scores(said))
        return float(precision.average_precision(ranking, np.ones(truth.rows)))
    if name == "accuracy":
        return _accuracy(truth, said)
    if name == "f1" and truth.positive is not None and not truth.positive.any():
        raise Undefined(Reason.ONE_CLASS)
    return sums.compute(name, truth, said)


def _two_classes(truth: Truth) -> Flags:
    positive = sums.binary(truth)
    if positive.all() or not positive.any():
        raise Undefined(Reason.ONE_CLASS)
    return positive


def _accuracy(truth: Truth, said: Said) -> float:
    if truth.codes is None or said.codes is None:
        raise Undefined(Reason.BAD_LABEL, truth.not_binary or " (too many classes, or no prediction)")
    return float(np.mean(truth.codes == said.codes))
