"""A column of a table whose values are texts: a row of measures for each, numbered from 1 in the order of the data."""

from collections.abc import Iterator, Sequence

import polars as pl

from actions.datafile import DataFile
from actions.frames import reading, scan
from actions.texts.table import MEASURES, Table, measures, written
from actions.texts.vocabulary import Vocabulary

_AT_ONCE = 20_000
"""Texts that are held at once."""


def table(files: Sequence[DataFile], column: str) -> Table | None:
    """Measure every text of `column`; a null has no measures. None where the data has no such column, or it holds no text.

    The columns that drift is judged by are called after it: `review.words`.

    Raises:
        Unreadable: as for any table.
    """
    frame = scan(files)
    kind = frame.collect_schema().get(column)
    if kind is None or kind not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return None
    vocabulary = Vocabulary()
    with reading(files):
        found = pl.concat(list(_measured(frame.select(pl.col(column).cast(pl.String).alias("text")), vocabulary)))
    rows = found.with_row_index("row", offset=1)
    looks = found.select(pl.col(name).alias(f"{column}.{name}") for name in found.columns if name not in ("fault", "signature"))
    return Table(rows=rows, others=0, vocabulary=vocabulary, looks=written(looks, files[0].name))


def _measured(texts: pl.LazyFrame, vocabulary: Vocabulary) -> Iterator[pl.DataFrame]:
    """The measures of some texts after the other; at least one frame, which may be empty."""
    start, nothing = 0, (None,) * len(MEASURES)
    while True:
        some = texts.slice(start, _AT_ONCE).collect()["text"]
        rows = [nothing if text is None else measures(text, vocabulary) for text in some]
        yield pl.DataFrame(rows, schema=MEASURES, orient="row")
        start += _AT_ONCE
        if len(some) < _AT_ONCE:
            return
