"""Whether rows of reference and window can be told apart by all their columns together: a domain classifier.

Columns can keep their distributions one by one while what goes together changes. So a classifier is trained to tell which
side a row is from, on half of the rows, and its area under the ROC curve measured on the others: where nothing changed it
is 0.5, whatever the classifier (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", ICLR 2017). Ours is Fisher's
linear discriminant (1936) with a ridge, over ranks, their squares and products, and frequent categories: products are what
lets a linear rule see that two columns no longer go together. It is a matrix to solve, and gives the same every time.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from actions.drift.numbers import Floats
from actions.evaluate import delong
from policy.facts.monitoring import ApartFacts

ROWS = 5_000
"""How many rows of each side are looked at."""
_NUMBERS = 20
"""Up to this many columns of numbers have squares and products."""
_LEVELS = 20
"""As many of the most frequent categories of a column are told from the others."""
_RIDGE = 0.05
_FEWEST = 8


def apart(reference: pl.DataFrame, window: pl.DataFrame, names: Sequence[str], *, seed: int = 0) -> ApartFacts | None:
    """How well the rows can be told apart by the columns `names`, with the p-value of "not at all".

    Both frames have those columns, in one kind each. As many rows of either side are drawn, at most ROWS, always the same.
    The p-value is that of the Mann-Whitney test on rows that the classifier has not seen. None without columns or rows.
    """
    rows = min(len(reference), len(window), ROWS)
    if rows < _FEWEST or not names:
        return None
    reference, window = (side.select(names).sample(rows, seed=seed, shuffle=True) for side in (reference, window))
    features = _standard(np.column_stack([column for name in _features(reference, window) for column in name]))
    if features.shape[1] == 0:
        return ApartFacts(auc=0.5, p=1.0, rows=rows)
    side = np.repeat(np.array([-1.0, 1.0]), rows)
    held = np.tile(np.arange(rows) % 2 == 1, 2)
    scores = features[held] @ _discriminant(features[~held], side[~held])
    auc = delong.area(side[held] > 0, scores)
    count = rows // 2
    z = (auc - 0.5) / math.sqrt((2 * count + 1) / (12 * count * count))
    return ApartFacts(auc=min(1.0, max(0.0, auc)), p=math.erfc(z / math.sqrt(2)) / 2, rows=rows)


def _features(reference: pl.DataFrame, window: pl.DataFrame) -> Iterator[list[Floats]]:
    """Columns of features, over the rows of both sides below each other. Missing values are a feature of their own."""
    ranks: list[Floats] = []
    for name in reference.columns:
        before, after = reference[name], window[name]
        gap = pl.concat([before.is_null(), after.is_null()]).to_numpy().astype(float)
        yield [gap]
        if before.dtype.is_numeric() or before.dtype.is_temporal():
            ranks.append(_ranks(before, after))
        else:
            yield _levels(before, after)
    yield ranks
    crossed = ranks[:_NUMBERS]
    yield [one * other for at, one in enumerate(crossed) for other in crossed[at:]]


def _ranks(before: pl.Series, after: pl.Series) -> Floats:
    """The places of values among the reference's, from -1 to 1; 0 where there is none."""
    values = [side.to_physical().cast(pl.Float64).fill_null(math.nan).to_numpy() for side in (before, after)]
    known = np.sort(values[0][np.isfinite(values[0])])
    both = np.concatenate(values)
    if not len(known):
        return np.zeros(len(both))
    place = (np.searchsorted(known, both, side="left") + np.searchsorted(known, both, side="right")) / len(known) - 1
    return np.where(np.isnan(both), 0.0, place)


def _levels(before: pl.Series, after: pl.Series) -> list[Floats]:
    """A column of zeros and ones for each of the most frequent categories."""
    both = pl.concat([before.cast(pl.String), after.cast(pl.String)]).alias("level")
    counts = both.drop_nulls().value_counts(name="rows")
    levels = counts.sort(["rows", "level"], descending=[True, False])["level"].head(_LEVELS).to_list()
    return [(both == level).fill_null(False).to_numpy().astype(float) for level in levels]


def _standard(features: Floats) -> Floats:
    """Every feature with mean 0 and deviation 1; constant ones are dropped."""
    centred = features - features.mean(axis=0)
    spread = centred.std(axis=0)
    kept = spread > 1e-9
    return np.asarray(centred[:, kept] / spread[kept], dtype=np.float64)


def _discriminant(features: Floats, side: Floats) -> Floats:
    """The weights of the linear rule that tells the sides apart best on these rows."""
    gram = features.T @ features / len(side)
    return np.asarray(np.linalg.solve(gram + _RIDGE * np.eye(len(gram)), features.T @ side / len(side)), dtype=np.float64)
