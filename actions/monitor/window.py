"""The part of production's data that is looked at: the last days, or the last rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.frames import reading, scan
from policy.monitoring import Monitor
from policy.reasons import Reason

_AT = "assay: the time of a row"
"""A column of ours, beside those of the data."""
_DAY = timedelta(days=1)
_SHORTEST = _DAY
"""Rows a day are told of a stretch at least this long: that of an hour says nothing about a day."""


@dataclass(frozen=True)
class Window:
    """The rows that are looked at, as a Parquet file. Times are in UTC, and None where the data has no times."""

    files: list[DataFile]
    rows: int
    oldest: datetime | None = None
    newest: datetime | None = None
    future: int = 0
    """Rows that claim to be from after the look."""
    untimed: float = 0.0
    """The share of all rows that have no time."""
    per_day: float | None = None
    """Rows a day, where the rows have times and lie more than a day apart."""


def cut(files: Sequence[DataFile], section: Monitor, at: datetime, target: Path) -> Window:
    """Write the window to `target`, as it was at a moment.

    A window of days ends at the newest row that is not from the future, so that late data is late and not also too little.

    Raises:
        Unreadable: the data cannot be read, or no row has a time.
    """
    frame = scan(files)
    with reading(files):
        if section.time is None:
            return _untimed(frame, section, target)
        return _timed(frame.with_columns(moments(frame, section.time, files).alias(_AT)), section, at, target)


def moments(frame: pl.LazyFrame, name: str, files: Sequence[DataFile]) -> pl.Expr:
    """The times of a column in UTC; text that is no time in ISO 8601 has none.

    Raises Unreadable where there is no such column, or it holds no times.
    """
    where = files[0].name
    dtype = frame.collect_schema().get(name)
    column = pl.col(name)
    if dtype is None:
        raise Unreadable(f"the column of times '{name}' is gone", where=where, next="write it again, or mend `monitor.time`")
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return column.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if isinstance(dtype, pl.Datetime | pl.Date | pl.Null):
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if dtype == pl.String:
        # With a zone, without one, and a day alone: each is read by the pattern that fits it.
        plain = column.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
        spaced = column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us")
        day = column.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
        naive = pl.coalesce(plain, spaced, day).dt.replace_time_zone("UTC")
        zoned = column.str.replace("Z$", "+00:00").str.replace(" ", "T")
        aware = zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", strict=False, time_unit="us").dt.convert_time_zone("UTC")
        return pl.coalesce(naive, aware)
    raise Unreadable(f"'{name}' is {dtype}, which is no time", where=where, next="write dates, moments or ISO 8601")


def rate(files: Sequence[DataFile], name: str) -> float | None:
    """Rows a day of a whole data set, by its times; None where it has none, or they lie less than a day apart."""
    frame = scan(files)
    try:
        at = moments(frame, name, files)
    except Unreadable:
        return None
    with reading(files):
        found = frame.select(at.min().alias("low"), at.max().alias("high"), at.count().alias("rows")).collect().row(0)
    return _per_day(found[2], found[0], found[1])


def _untimed(frame: pl.LazyFrame, section: Monitor, target: Path) -> Window:
    """The last rows in the order of the data, or all of them."""
    total = int(frame.select(pl.len()).collect().item())
    kept = frame if section.rows is None else frame.slice(max(0, total - section.rows))
    return Window(_written(kept, target), min(total, section.rows or total))


def _timed(frame: pl.LazyFrame, section: Monitor, at: datetime, target: Path) -> Window:
    past = frame.filter(pl.col(_AT) <= at)
    counts = frame.select(
        pl.len().alias("all"), (pl.col(_AT) > at).sum().alias("future"), pl.col(_AT).null_count().alias("untimed")
    )
    total, future, untimed = (int(each or 0) for each in counts.collect().row(0))
    first, newest = past.select(pl.col(_AT).min().alias("first"), pl.col(_AT).max().alias("newest")).collect().row(0)
    if newest is None:
        what = "it has no rows" if not total else f"none of {total:,} rows has a time in '{section.time}' that has come"
        raise Unreadable(what, where="", next="see whether what writes it still runs", reason=Reason.DATA_EMPTY)
    start = first
    if section.window is not None:
        start = max(first, newest - section.window)
        past = past.filter(pl.col(_AT) > newest - section.window)
    elif section.rows is not None:
        past = past.top_k(section.rows, by=_AT)
    rows, oldest = past.select(pl.len(), pl.col(_AT).min().alias("oldest")).collect().row(0)
    since = start if section.window is not None else oldest
    return Window(_written(past.drop(_AT), target), rows, oldest, newest, future, untimed / total, _per_day(rows, since, newest))


def _per_day(rows: int, since: datetime | None, until: datetime | None) -> float | None:
    if since is None or until is None or until - since < _SHORTEST:
        return None
    return rows / ((until - since) / _DAY)


def _written(frame: pl.LazyFrame, target: Path) -> list[DataFile]:
    frame.sink_parquet(target, compression="lz4")
    return [DataFile("window.parquet", target)]
