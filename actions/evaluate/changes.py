"""How sure the change of each metric is: which method, and when there is none.

DeLong for roc_auc, Tango's score interval (McNemar's test) for accuracy, the paired bootstrap for the rest, with two
exceptions that simulation asked for (docs/gates.md has the figures): average precision takes the jackknife, and the
calibration error, which has a kink at zero, the bootstrap's standard error instead of BCa.
"""

import math
from collections.abc import Sequence

import numpy as np

from actions.evaluate import bootstrap, delong, precision, proportions
from actions.evaluate.bootstrap import LEVELS, SCALE
from actions.evaluate.samples import Flags, Floats, Said, Truth
from actions.evaluate.sums import SUM_METRICS, binary, scores
from policy.facts.evaluation import Confidence

FEWEST_ROWS = 10
"""Fewer rows (for rankings: rows of either class) give no interval: no method keeps its level there."""
MOST_RANKED = 2_000
"""Rows up to which average precision leaves out each row in turn; beyond, its derivative says the same."""
_RANKED_AT_ONCE = 1_000_000
MOST_COLUMNS = 120
"""Columns of sums up to which a metric is bootstrapped: a macro F1 of 20 classes. Memory is rows times this."""
MOST_DRAWN = 1_000_000_000
"""Rows times resamples up to which anything is bootstrapped; beyond, the jackknife's standard error does."""


def distributions(
    names: Sequence[str], truth: Truth, base: Said, head: Said, *, resamples: int, seed: int, sample: str
) -> dict[str, Confidence]:
    """The confidence distribution of each metric's change; a metric without one is absent.

    The metrics must have values on both sides. `sample` names the rows, so that each slice has draws of its own.
    """
    if base.equals(head):
        return {name: Confidence(method=_METHODS.get(name, "bootstrap_bca"), standard_error=0.0) for name in names}
    if truth.rows < FEWEST_ROWS:
        return {}
    found: dict[str, Confidence | None] = {}
    if "roc_auc" in names:
        found["roc_auc"] = _area(truth, base, head)
    if "accuracy" in names:
        found["accuracy"] = _accuracy(truth, base, head)
    if "pr_auc" in names:
        found["pr_auc"] = _precision(truth, base, head)
    summed = [name for name in names if name in SUM_METRICS]
    if summed:
        found |= _summed(summed, truth, base, head, resamples, seed, sample)
    return {name: each for name in names if (each := found.get(name)) is not None}


_METHODS = {"roc_auc": "delong", "accuracy": "mcnemar", "pr_auc": "jackknife"}


def _both_classes(positive: Flags) -> bool:
    wins = int(positive.sum())
    return min(wins, len(positive) - wins) >= FEWEST_ROWS


def _area(truth: Truth, base: Said, head: Said) -> Confidence | None:
    positive = binary(truth)
    if not _both_classes(positive):
        return None
    return Confidence(method="delong", standard_error=delong.compare(positive, scores(base), scores(head)).standard_error)


def _accuracy(truth: Truth, base: Said, head: Said) -> Confidence:
    before, after = base.codes == truth.codes, head.codes == truth.codes
    gained, lost = int(np.sum(after & ~before)), int(np.sum(before & ~after))
    return proportions.distribution(gained, lost, truth.rows, SCALE, LEVELS)


def _precision(truth: Truth, base: Said, head: Said) -> Confidence | None:
    """The jackknife (Efron & Stein 1981), or for many rows its infinitesimal form."""
    positive, rows = binary(truth), truth.rows
    if not _both_classes(positive):
        return None
    rankings = [precision.rank(positive, scores(said)) for said in (base, head)]
    if rows > MOST_RANKED:
        moved = precision.influence(rankings[1]) - precision.influence(rankings[0])
        return Confidence(method="infinitesimal_jackknife", standard_error=math.sqrt(float((moved**2).sum())))
    size = max(1, _RANKED_AT_ONCE // rows)
    ends = [(start, min(start + size, rows)) for start in range(0, rows, size)]
    left_out = np.concatenate([_gap(rankings, 1.0 - np.eye(stop - start, rows, start)) for start, stop in ends])
    return Confidence(method="jackknife", standard_error=float(left_out.std() * math.sqrt(rows - 1)))


def _gap(rankings: list[precision.Ranking], weights: Floats) -> Floats:
    base, head = (precision.average_precision(ranking, weights) for ranking in rankings)
    return head - base


def _summed(
    names: list[str], truth: Truth, base: Said, head: Said, resamples: int, seed: int, sample: str
) -> dict[str, Confidence | None]:
    """One pass of draws for all metrics that are functions of sums."""
    columns = {name: np.concatenate([SUM_METRICS[name].columns(truth, said) for said in (base, head)], axis=1) for name in names}
    if truth.rows * resamples > MOST_DRAWN:
        return {name: _left_out(name, each, truth.rows) for name, each in columns.items()}
    columns = {name: each for name, each in columns.items() if each.shape[1] <= MOST_COLUMNS}
    if not columns:
        return {}
    numbers, units = bootstrap.whole(np.concatenate(list(columns.values()), axis=1))
    sums = bootstrap.sums(numbers, resamples, seed, sample) * units
    found: dict[str, Confidence | None] = {}
    start = 0
    for name, each in columns.items():
        stop = start + each.shape[1]
        found[name] = _from_sums(name, each, sums[:, start:stop], truth)
        start = stop
    return found


def _from_sums(name: str, columns: Floats, drawn: Floats, truth: Truth) -> Confidence | None:
    total = columns.sum(axis=0)
    with np.errstate(all="ignore"):
        observed = float(_difference(name, total, truth.rows))
        draws = _difference(name, drawn, truth.rows)
        left_out = _difference(name, total - columns, truth.rows - 1)
    if np.all(draws == draws[0]):
        return Confidence(method="bootstrap_bca", standard_error=_least_error(truth) if name == "f1" else 0.0)
    if name == "calibration_error":
        return bootstrap.normal(draws)
    return bootstrap.bca(observed, draws, np.where(np.isfinite(left_out), left_out, observed))


def _left_out(name: str, columns: Floats, rows: int) -> Confidence | None:
    """The jackknife's standard error: of so many rows that a bootstrap would say the same, only later."""
    with np.errstate(all="ignore"):
        values = _difference(name, columns.sum(axis=0) - columns, rows - 1)
    error = float(values.std() * math.sqrt(rows - 1))
    return Confidence(method="jackknife", standard_error=error) if math.isfinite(error) else None


def _difference(name: str, sums: Floats, rows: float) -> Floats:
    base, head = np.split(sums, 2, axis=-1)
    value = SUM_METRICS[name].value
    return value(head, rows) - value(base, rows)


def _least_error(truth: Truth) -> float:
    """Hard predictions that agree in every row while the scores behind them differ do not prove that nothing changed: as for
    perfect rankings, the error is that of no discordant row among those of the smallest class."""
    smallest = int(np.bincount(truth.codes).min()) if truth.codes is not None else 0
    return math.sqrt(2) / (smallest + 2)
