"""Whether a difference between two columns can be chance: p-values from their profiles, without SciPy.

On exact profiles they are those of `scipy.stats.ks_2samp(method="asymp")` up to a correction for small samples, and of
`scipy.stats.chi2_contingency`. From a coarser profile the least statistic that it allows is taken, so that the p-value is
never too small. All of them take rows as independent: rows that come in bunches differ more than that.
"""

import math

import numpy as np

from actions.drift import distances
from actions.drift.cells import of_categories
from actions.drift.numbers import Floats
from actions.drift.profile import Column

_FEWEST = 5.0
"""Cells that are expected to hold less are put together: below, chi-square is no good approximation (Cochran 1954)."""
_TERMS = 10_000
_TINY = 1e-300


def moved(base: Column, head: Column) -> float | None:
    """The p-value of "both columns have one distribution"; None where they have no values of one kind."""
    if base.numbers and head.numbers and base.numbers.count and head.numbers.count:
        found = distances.ks(base.numbers, head.numbers)
        return kolmogorov(max(0.0, found.value - found.bound), base.numbers.count, head.numbers.count)
    if base.categories and head.categories and base.categories.count and head.categories.count:
        of_base, of_head = of_categories(base.categories, head.categories)
        return homogeneity(of_base.guess * base.categories.count, of_head.guess * head.categories.count)
    return None


def missing(base: Column, head: Column) -> float | None:
    """The p-value of "both columns lack values equally often"; None where a side has no rows."""
    if not base.rows or not head.rows:
        return None
    return _fourfold(base.missing, base.values, head.missing, head.values)


def kolmogorov(statistic: float, first: int, second: int) -> float:
    """How often two samples of one continuous distribution differ by at least this Kolmogorov-Smirnov statistic.

    The limiting distribution (Kolmogorov 1933, Smirnov 1948) with the correction for finite samples of Stephens, JRSS B 32,
    1970. Where values repeat the true p-value is smaller, so that it errs on the quiet side.
    """
    effective = math.sqrt(first * second / (first + second))
    scaled = (effective + 0.12 + 0.11 / effective) * statistic
    if scaled < 0.2:  # the series needs ever more terms there, and is 1 to twelve digits
        return 1.0
    terms = ((-1.0 if each % 2 == 0 else 1.0) * math.exp(-2 * each * each * scaled * scaled) for each in range(1, 101))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))


def homogeneity(first: Floats, second: Floats) -> float:
    """Pearson's chi-square test that two rows of counts have the same shares; rare cells are put together."""
    total = first.sum() + second.sum()
    smaller = min(first.sum(), second.sum())
    expected = (first + second) * smaller / total
    order = np.argsort(expected, kind="stable")
    first, second, expected = first[order], second[order], expected[order]
    rare = int(np.searchsorted(np.cumsum(expected) >= _FEWEST, True)) + 1
    rare = max(rare, int(np.searchsorted(expected, _FEWEST)))
    first, second = (np.concatenate(([side[:rare].sum()], side[rare:])) for side in (first, second))
    both = first + second
    kept = both > 0
    if kept.sum() < 2:
        return 1.0
    table = np.stack((first[kept], second[kept]))
    wanted = table.sum(axis=1, keepdims=True) * both[kept] / total
    return upper_gamma((int(kept.sum()) - 1) / 2, float(((table - wanted) ** 2 / wanted).sum()) / 2)


def _fourfold(a: int, b: int, c: int, d: int) -> float:
    """Chi-square of a table of two by two, with the correction of Yates (1934), which errs on the quiet side."""
    total, margins = a + b + c + d, float(a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        return 1.0
    over = max(0.0, abs(float(a) * d - float(b) * c) - total / 2)
    return math.erfc(math.sqrt(total * over * over / margins / 2))


def upper_gamma(shape: float, x: float) -> float:
    """The regularised upper incomplete gamma function, which is the tail of chi-square.

    By the series (6.5.29) or the continued fraction (6.5.31) of Abramowitz and Stegun, whichever converges fast there.
    """
    if x <= 0:
        return 1.0
    front = math.exp(max(shape * math.log(x) - x - math.lgamma(shape), -700.0))
    if x < shape + 1:
        term = total = 1 / shape
        for each in range(1, _TERMS):
            term *= x / (shape + each)
            total += term
            if term < total * 1e-15:
                break
        return min(1.0, max(0.0, 1 - front * total))
    low = x + 1 - shape
    c, d = 1 / _TINY, 1 / low
    fraction = d
    for each in range(1, _TERMS):
        numerator = -each * (each - shape)
        low += 2
        d = 1 / _away(numerator * d + low)
        c = _away(low + numerator / c)
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return min(1.0, max(0.0, front * fraction))


def _away(value: float) -> float:
    """A value that can be divided by."""
    return value if abs(value) > _TINY else _TINY
