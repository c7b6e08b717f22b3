"""Metrics of the user's own: a function of a frame, run by the worker, with a jackknife for the uncertainty of its change.

Nothing is known about such a function, so rows are left out in groups and the function is asked again (the delete-a-group
jackknife; Shao & Wu, "A general theory for jackknife variance estimation", 1989): eighty calls, where a bootstrap needs
two thousand. Its standard error is widened from the normal to Student's distribution with groups - 1 degrees of freedom.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actions.evaluate.changes import FEWEST_ROWS
from actions.evaluate.samples import Floats
from policy.facts.evaluation import Confidence

if TYPE_CHECKING:
    import polars as pl

GROUPS = 40
MOST_ROWS = 8_000_000
"""Rows written for one jackknife; larger samples get fewer groups, at least ten."""


@dataclass(frozen=True)
class Answer:
    """What a function said about one frame: a number, or why there is none."""

    value: float | None
    detail: str = ""


Apply = Callable[[str, "Sequence[pl.DataFrame]"], list[Answer]]
"""Applies a function `path.py:name` to frames, in the worker."""


def groups(rows: int) -> int:
    """How many groups a jackknife of so many rows has; 0 where there are too few or too many rows."""
    affordable = MOST_ROWS // (2 * rows) if rows else 0
    count = min(GROUPS, rows, affordable)
    return count if count >= FEWEST_ROWS else 0


def left_out(frame: "pl.DataFrame", count: int, seed: int) -> "list[pl.DataFrame]":
    """The frame without each of `count` random groups of rows. The same seed leaves out the same rows of both sides."""
    import polars as pl

    number = np.random.Generator(np.random.PCG64(seed)).permutation(frame.height) % count
    return [frame.filter(pl.Series(number != group)) for group in range(count)]


def jackknife(base: Floats, head: Floats) -> Confidence | None:
    """The confidence distribution of the change, from the values without each group (g,); None where they are not finite."""
    change = head - base
    if not np.isfinite(change).all():
        return None
    count = len(change)
    error = math.sqrt((count - 1) / count * float(((change - change.mean()) ** 2).sum()))
    # The first term of Student's quantile around the normal one at 1.96: 1 + (z^2 + 1) / (4 (g - 1)).
    return Confidence(method="jackknife", standard_error=error * (1 + 1.21 / (count - 1)))
