"""Rows shown by their keys."""

from collections.abc import Iterable

import polars as pl

from actions.data.keys import Rows
from actions.data.text import Mask, column_name, shown
from policy.facts.data import Example


def key_examples(frame: pl.LazyFrame, rows: Rows, key: Iterable[str], mask: Mask) -> list[Example]:
    """The keys of the given rows, in row order, as masked text. Reads the columns of the key alone."""
    names = list(key)
    if not len(rows):
        return []
    number = next(name for name in map("row{}".format, range(len(names) + 1)) if name not in names)
    chosen = frame.select(names).with_row_index(number).filter(pl.col(number).is_in(rows.tolist()))
    found = chosen.sort(number).drop(number).collect(engine="streaming")
    keys = ({column_name(name): shown(value, mask) for name, value in row.items()} for row in found.iter_rows(named=True))
    return [Example(key=key) for key in keys]
