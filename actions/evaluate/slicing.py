"""The slices of a column: its values, largest first, and the rows of each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actions.evaluate.samples import Index
from policy.facts.evaluation import Slice, SliceColumnFact
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

MOST_SLICES = 200
"""Slices of one column that are computed; the rest is counted."""
MOST_FACTS = 4_000
"""Metrics times columns times slices: facts may not grow past what a trusted reader takes."""
ABSENT = "(none)"
_LONGEST = 200


@dataclass(frozen=True)
class Sliced:
    """The slices of one column with their rows, and what to say about the column."""

    slices: list[tuple[Slice, Index]]
    facts: SliceColumnFact


def most(metrics: int, columns: int) -> int:
    """How many slices each column may have."""
    return max(1, min(MOST_SLICES, MOST_FACTS // max(1, metrics * columns)))


def split(column: str, base: "pl.DataFrame | None", head: "pl.DataFrame", wanted: list[str], most: int = MOST_SLICES) -> Sliced:
    """Split paired rows by a column, read from the base where the base has it: a change cannot move a row to another slice.

    `wanted` values are kept however small their slice is.
    """
    source = base if base is not None and column in base.columns else head
    if column not in source.columns:
        return Sliced([], SliceColumnFact(column=column, problem=Reason.MISSING_COLUMN))
    values = text(source[column])
    counts = values.value_counts(name="rows").sort(["rows", column], descending=[True, False])
    names, rows = counts[column].to_list(), counts["rows"].to_list()
    listed = [name for position, name in enumerate(names) if position < most or name in wanted]
    number = {name: position for position, name in enumerate(listed)}
    codes = values.replace_strict(number, default=len(listed)).to_numpy()
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(listed) + 1))
    slices = [(Slice(column=column, value=name), order[ends[i] : ends[i + 1]]) for i, name in enumerate(listed)]
    left_out = sum(rows) - int(ends[-1])
    facts = SliceColumnFact(column=column, total=len(names), listed=len(listed), rows_unlisted=left_out)
    return Sliced(slices, facts)


def text(values: "pl.Series") -> "pl.Series":
    """Values as text: a missing one is `(none)`, a very long one is cut."""
    import polars as pl

    try:
        text = values.cast(pl.String)
    except pl.exceptions.PolarsError:
        text = pl.Series(values.name, [None if value is None else str(value) for value in values.to_list()], dtype=pl.String)
    return text.fill_null(ABSENT).str.slice(0, _LONGEST)
