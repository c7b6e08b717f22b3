"""Cuts two columns into the same cells, for the distances that compare shares of cells.

The base decides the cells, so they stay the same whatever the head brings: for numbers its deciles, or its values
themselves where there are at most ten; for categories its most frequent ones and one cell for all others.
"""

import numpy as np

from actions.drift.categories import Categories
from actions.drift.distances import Shares
from actions.drift.numbers import Floats, Ints, Numbers

DECILES = 10
LARGEST = 1_000
"""How many categories of the base have a cell of their own: thousands of rare ones would measure chance, not drift."""


def of_numbers(base: Numbers, head: Numbers) -> tuple[Shares, Shares]:
    """Shares of base and head between the base's deciles. Both must hold values."""
    few = base.exact and len(base.points) <= DECILES
    if few:
        return _at_values(base, base.points), _at_values(head, base.points)
    ranks = -(-np.arange(1, DECILES, dtype=np.int64) * base.count // DECILES)
    edges = np.unique(base.points[np.searchsorted((base.upto_low + base.upto_high) / 2, ranks)])
    return _up_to_edges(base, edges), _up_to_edges(head, edges)


def of_categories(base: Categories, head: Categories) -> tuple[Shares, Shares]:
    """Shares of base and head in the base's most frequent categories, and in all others together."""
    cells = base.names[:LARGEST]
    return _named(base, cells), _named(head, cells)


def _up_to_edges(numbers: Numbers, edges: Floats) -> Shares:
    """Shares in the cells (-inf, e1], (e1, e2], ..., (ek, inf)."""
    known = numbers.around(edges)
    return _cells(numbers.count, known.upto_low, known.upto_guess, known.upto_high)


def _at_values(numbers: Numbers, values: Floats) -> Shares:
    """Shares of each value, and of what lies before, between and behind them."""
    known = numbers.around(values)
    low = np.column_stack((known.below_low, known.upto_low)).ravel()
    guess = np.column_stack((known.below_guess, known.upto_guess)).ravel()
    high = np.column_stack((known.below_high, known.upto_high)).ravel()
    return _cells(numbers.count, low, guess, high)


def _cells(count: int, low: Ints, guess: Floats, high: Ints) -> Shares:
    """Shares between cumulative counts, which are intervals."""

    def ends(counts: Floats | Ints) -> Floats:
        return np.concatenate((np.zeros(1), counts, np.array([float(count)])))

    cumulative_low, cumulative_high = ends(low), ends(high)
    shares = np.diff(ends(guess)) / count
    if np.array_equal(cumulative_low, cumulative_high):
        return Shares.exactly(shares)
    least = np.maximum(cumulative_low[1:] - cumulative_high[:-1], 0) / count
    return Shares(least, shares, (cumulative_high[1:] - cumulative_low[:-1]) / count)


def _named(categories: Categories, cells: tuple[str, ...]) -> Shares:
    """Shares of the categories in `cells`, and of all others. An unnamed one may hold up to the largest unnamed count."""
    place = {name: at for at, name in enumerate(categories.names)}
    at = np.array([place.get(name, -1) for name in cells], dtype=np.int64)
    low = np.where(at >= 0, categories.low[at], 0)
    count = categories.count
    spare = count - int(categories.low.sum())
    high = np.minimum(np.where(at >= 0, categories.high[at], categories.largest_unnamed), low + spare)
    others = max(0, count - int(high.sum())), count - int(low.sum())
    shares = np.append(low, others[1]) / count
    if np.array_equal(low, high):
        return Shares.exactly(shares)
    return Shares(np.append(low, others[0]) / count, shares, np.minimum(np.append(high, others[1]), count) / count)
