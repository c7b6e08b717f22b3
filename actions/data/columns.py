"""Columns of two frames compared row by row, a few columns at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from actions.data.keys import Matches, Rows
from actions.data.kinds import DataType, common, narrow, textual

BATCH_BYTES = 128 * 1024 * 1024
"""How much of the columns of both sides is held at a time: small, because memory used again is faster than new memory."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Side:
    """One frame and its schema."""

    frame: pl.LazyFrame
    schema: Mapping[str, DataType]


@dataclass(frozen=True)
class ColumnDifference:
    """One column in both frames: which of the matched rows differ (as a count), and nulls over all rows."""

    name: str
    changed: int
    nulls_base: int
    nulls_head: int


def differences(base: Side, head: Side, names: Sequence[str], matches: Matches, seed: int) -> tuple[int, list[ColumnDifference]]:
    """Compare the named columns over matched rows: the number of rows that differ anywhere, and each column's difference.

    Numbers and times compare by their exact values, wider values by a hash under `seed`; null equals null, NaN equals NaN.
    """
    anywhere = np.zeros(len(matches.base), dtype=np.bool_)
    take_base, take_head = _taker(matches.base), _taker(matches.head)
    found = []
    for batch in _batches(names, len(matches.base) + len(matches.removed) + len(matches.head) + matches.added):
        readings = {name: _reading(base.schema[name], head.schema[name], seed) for name in batch}
        ours = base.frame.select(readings[name].base(pl.col(name)).alias(name) for name in batch).collect(engine="streaming")
        theirs = head.frame.select(readings[name].head(pl.col(name)).alias(name) for name in batch).collect(engine="streaming")
        for name in batch:
            same = readings[name].same(take_base(ours[name]), take_head(theirs[name]))
            differs = ~same.to_numpy()
            anywhere |= differs
            found.append(ColumnDifference(name, int(differs.sum()), ours[name].null_count(), theirs[name].null_count()))
    return int(anywhere.sum()), found


def nulls(frame: pl.LazyFrame, names: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The number of rows, and of nulls in each named column, streamed."""
    counts = [pl.col(name).null_count().alias(f"n{place}") for place, name in enumerate(names)]
    row = frame.select(pl.len().alias("rows"), *counts).collect(engine="streaming").row(0)
    return row[0], dict(zip(names, row[1:], strict=True))


@dataclass(frozen=True)
class _Reading:
    """How a pair of columns is read, and how the two are then compared."""

    base: Callable[[pl.Expr], pl.Expr]
    head: Callable[[pl.Expr], pl.Expr]
    same: Callable[[pl.Series, pl.Series], pl.Series]


def _reading(before: DataType, after: DataType, seed: int) -> _Reading:
    if (before.is_integer() and after.is_float()) or (before.is_float() and after.is_integer()):
        return _Reading(_as_it_is, _as_it_is, _same_number)
    kind = common(before, after)
    if kind is None and before.is_numeric() and after.is_numeric():
        kind = pl.Float64()
    if kind is None and textual(before) and textual(after):
        kind = pl.String()
    if kind is None:
        return _Reading(_presence, _presence, _both_null)
    if narrow(kind):
        return _Reading(_cast(kind), _cast(kind), pl.Series.eq_missing)
    return _Reading(_hash(kind, seed), _hash(kind, seed), pl.Series.eq_missing)


def _as_it_is(column: pl.Expr) -> pl.Expr:
    return column


def _presence(column: pl.Expr) -> pl.Expr:
    return pl.when(column.is_not_null()).then(pl.lit(True))


def _both_null(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    """Values of types that have nothing in common are never equal."""
    return ours.is_null() & theirs.is_null()


def _cast(kind: DataType) -> Callable[[pl.Expr], pl.Expr]:
    return lambda column: column.cast(kind)


def _hash(kind: DataType | None, seed: int) -> Callable[[pl.Expr], pl.Expr]:
    """A null stays null, so that it can be counted and never equals a value."""

    def read(column: pl.Expr) -> pl.Expr:
        value = column if kind is None else column.cast(kind)
        return pl.when(column.is_not_null()).then(value.hash(seed))

    return read


def _same_number(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    """Whole numbers against floats, exactly: no float type holds every 64-bit integer."""
    whole, real = (ours, theirs) if ours.dtype.is_integer() else (theirs, ours)
    real = real.cast(pl.Float64)
    equal = (
        (real == real.floor()) & real.is_finite() & (real.cast(pl.Int128, strict=False) == whole.cast(pl.Int128, strict=False))
    )
    return equal.fill_null(False) | (whole.is_null() & real.is_null())


def _batches(names: Sequence[str], rows: int) -> Iterator[Sequence[str]]:
    size = max(1, BATCH_BYTES // (8 * max(1, rows)))
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _taker(rows: Rows) -> Callable[[pl.Series], pl.Series]:
    """Picks rows out of a column; a run of rows costs nothing."""
    if not len(rows):
        return lambda column: column.head(0)
    first = int(rows[0])
    if np.array_equal(rows, np.arange(first, first + len(rows))):
        return lambda column: column.slice(first, len(rows))
    places = pl.Series(rows)
    return lambda column: column.gather(places)
