"""The paired bootstrap: rows are drawn with replacement, base and head together, and BCa corrects what is drawn.

Efron, "Better bootstrap confidence intervals", JASA 1987: intervals corrected for bias and acceleration. Draws are exact
multinomial weights from a seeded generator. Sums of weighted columns are made of whole numbers small enough that
floating point adds them exactly, so that the result does not depend on how many threads a matrix product uses.
"""

import math
import zlib
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from actions.evaluate.samples import Floats
from policy.facts.evaluation import Confidence

_NORMAL = NormalDist()
_CHUNK = 64_000_000
"""Weights held at once, one byte each."""
_BLOCK = 1_000
"""Rows multiplied at once: a block of columns stays in the processor's cache for all resamples of a chunk."""
_FEWEST_BEYOND = 5
"""A quantile is only reported where at least so many draws lie beyond it."""

SCALE: Floats = np.round(np.linspace(-4.0, 4.0, 33), 6)
"""Normal quantiles at which confidence distributions are reported: from -4 to 4 by quarters."""
LEVELS: list[float] = [float(f"{_NORMAL.cdf(z):.9g}") for z in SCALE.tolist()]


def weights(rows: int, resamples: int, seed: int, name: str) -> Iterator[NDArray[np.uint8]]:
    """How often each row is drawn, (some resamples, rows) at a time; every resample adds up to `rows`."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())])))
    size = max(1, min(resamples, _CHUNK // rows))
    for start in range(0, resamples, size):
        drawn = np.empty((min(size, resamples - start), rows), np.uint8)
        for each in drawn:  # no row is ever drawn 256 times: the chance is below 1e-500
            each[:] = np.bincount(generator.integers(0, rows, rows), minlength=rows)
        yield drawn


def sums(numbers: Floats, resamples: int, seed: int, name: str) -> Floats:
    """Sums (resamples, m) of whole-number columns (n, m) over each resample's rows, exact."""
    rows = len(numbers)
    parts = []
    for drawn in weights(rows, resamples, seed, name):
        part = np.zeros((len(drawn), numbers.shape[1]))
        for start in range(0, rows, _BLOCK):
            part += drawn[:, start : start + _BLOCK].astype(np.float64) @ numbers[start : start + _BLOCK]
        parts.append(part)
    return np.concatenate(parts)


def whole(columns: Floats) -> tuple[Floats, Floats]:
    """Columns (n, m) as whole numbers whose weighted sums are exact, and the units (m,) to multiply sums by."""
    largest = np.abs(columns).max(axis=0)
    bits = 52 - math.ceil(math.log2(len(columns) + 1))
    units = np.where(largest > 0, largest, 1.0) / 2.0**bits
    return np.rint(columns / units), units


def bca(observed: float, draws: Floats, left_out: Floats) -> Confidence | None:
    """The confidence distribution whose quantiles are the end points of BCa intervals.

    Args:
        observed: the change on all rows.
        draws: the change on each resample; NaN where it is not defined there.
        left_out: the jackknife values (n,) of the change, or anything whose deviations are proportional to them.

    Returns:
        None where more than one resample in a hundred is not defined, or the draws say too little (they are all equal,
        or lie on one side).
    """
    defined = np.sort(draws[np.isfinite(draws)])
    count = len(defined)
    if count < 0.99 * len(draws) or defined[0] == defined[-1]:
        return None
    below = (np.sum(defined < observed) + 0.5 * np.sum(defined == observed)) / count
    bias = _NORMAL.inv_cdf(float(np.clip(below, 0.5 / count, 1 - 0.5 / count)))
    shifted = bias + SCALE
    corrected = shifted / (1 - acceleration(left_out) * shifted)
    levels = np.array([_NORMAL.cdf(z) for z in (bias + corrected).tolist()])
    reach = _FEWEST_BEYOND / (count + 1)
    nominal = np.array(LEVELS)
    # Beyond its pole the correction turns round; such points, and those with too few draws beyond them, are left out.
    kept = (levels >= reach) & (levels <= 1 - reach) & (nominal >= reach) & (nominal <= 1 - reach)
    kept &= (1 - acceleration(left_out) * shifted) > 0.1
    points = nominal[kept]
    if len(points) < 3 or not points[0] < 0.5 < points[-1]:
        return None
    values = np.maximum.accumulate(np.quantile(defined, levels[kept], method="weibull"))
    grid = [(float(p), float(f"{value:.9g}")) for p, value in zip(points, values, strict=True)]
    return Confidence(method="bootstrap_bca", grid=grid, resamples=len(draws))


def normal(draws: Floats) -> Confidence | None:
    """A normal distribution as wide as the draws; None where more than one in a hundred is not defined."""
    defined = draws[np.isfinite(draws)]
    if len(defined) < 0.99 * len(draws):
        return None
    return Confidence(method="bootstrap_normal", standard_error=float(defined.std(ddof=1)), resamples=len(draws))


def acceleration(left_out: Floats) -> float:
    """How fast the standard error changes with the parameter, from jackknife values (Efron & Tibshirani 1993, eq. 14.15)."""
    deviation = left_out.mean() - left_out
    squares = float((deviation**2).sum())
    return float((deviation**3).sum()) / (6 * squares**1.5) if squares > 0 else 0.0
