"""Reads data sets into profiles, a few columns at a time, so that memory is bounded by columns and not by data sets."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import polars as pl

from actions.datafile import DataFile
from actions.drift import numbers
from actions.drift.categories import KEEP, Categories, counted
from actions.drift.numbers import Floats, Numbers
from actions.drift.profile import Column, Kind, Profile
from actions.frames import reading, scan

GROUP_BYTES = 32 << 20
"""About how much is read at once and thread; a wider column is read alone."""
CHUNK_ROWS = 16_000_000
"""Columns of numbers that are longer are read in parts of this many rows, whose summaries are merged."""
TICKS = {"ms": 1e3, "us": 1e6, "ns": 1e9}

Task = Callable[[], list[Column]]


def profile(files: Sequence[DataFile], *, columns: Sequence[str] | None = None, exact: bool = False) -> Profile:
    """The profile of a data set that lies in `files`, of all columns or of `columns`.

    `exact` keeps every distinct value: for one comparison, not for the cache.

    Raises:
        Unreadable: any file is missing, empty, corrupt or of no known format, or they do not fit together.
    """
    frame = scan(files)
    schema = frame.collect_schema()
    names = [name for name in schema if columns is None or name in columns]
    with reading(files):
        rows = int(frame.select(pl.len()).collect().item())
        tasks = _tasks(frame, {name: kind_of(schema[name]) for name in names}, rows, exact) if rows else []
        with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
            done = [column for columns in pool.map(lambda task: task(), tasks) for column in columns]
    parts: dict[str, list[Column]] = {name: [] for name in names}
    for column in done:
        parts[column.name].append(column)
    return Profile(rows, tuple(_whole(name, str(schema[name]), rows, parts[name]) for name in names))


def kind_of(dtype: pl.DataType) -> Kind:
    """What a column's type means for drift."""
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "category"
    simple: dict[type[pl.DataType], Kind] = {pl.Boolean: "boolean", pl.Null: "empty"}
    return simple.get(dtype.base_type()) or ("number" if dtype.is_numeric() else "time" if dtype.is_temporal() else "other")


def _tasks(frame: pl.LazyFrame, kinds: dict[str, Kind], rows: int, exact: bool) -> list[Task]:
    """What there is to read, the slow ones first, so that no thread is left waiting for one."""
    of_categories = [name for name, kind in kinds.items() if kind in ("category", "boolean")]
    of_numbers = [name for name, kind in kinds.items() if kind in ("number", "time")]
    together = max(1, GROUP_BYTES // (8 * min(rows, CHUNK_ROWS)))
    groups = [of_numbers[start : start + together] for start in range(0, len(of_numbers), together)]
    others = [name for name, kind in kinds.items() if kind == "other"]
    return [
        *(partial(_count, frame, name, kinds[name], rows, exact) for name in of_categories),
        *(partial(_nulls, frame, name, rows) for name in others),
        *(
            partial(_sort, frame.slice(start, min(CHUNK_ROWS, rows - start)), group, kinds, exact)
            for group in groups
            for start in range(0, rows, CHUNK_ROWS)
        ),
    ]


def _whole(name: str, dtype: str, rows: int, parts: list[Column]) -> Column:
    """One column from its parts; without any it is empty."""
    if not parts:
        return Column(name, "empty", dtype, rows, rows)
    if len(parts) == 1:
        return parts[0]
    together = numbers.merge([part.numbers for part in parts if part.numbers])
    return _of_numbers(name, parts[0].kind, dtype, rows, together)


def _nulls(frame: pl.LazyFrame, name: str, rows: int) -> list[Column]:
    """A nested or binary column: only its nulls are counted."""
    counted = frame.select(pl.col(name).null_count()).collect(engine="streaming")
    return [Column(name, "other", str(frame.collect_schema()[name]), rows, int(counted.item()))]


def _sort(frame: pl.LazyFrame, group: list[str], kinds: dict[str, Kind], exact: bool) -> list[Column]:
    """Some columns of numbers or times, each freed before the next is copied."""
    data = frame.select(group).collect()
    columns = []
    for name in group:
        series = data.drop_in_place(name)
        rows, dtype = len(series), str(series.dtype)
        columns.append(_of_numbers(name, kinds[name], dtype, rows, Numbers.of(_floats(series), exact=exact)))
    return columns


def _of_numbers(name: str, kind: Kind, dtype: str, rows: int, found: Numbers) -> Column:
    """A column of numbers. NaN and infinities have no place among them and count as missing, as nulls do."""
    if found.count == 0:
        return Column(name, "empty", dtype, rows, rows)
    return Column(name, kind, dtype, rows, rows - found.count, numbers=found)


def _floats(series: pl.Series) -> Floats:
    """The values of a column of numbers or times (then in seconds) as floats that may be changed, without nulls."""
    if series.null_count():
        series = series.drop_nulls()
    dtype = series.dtype
    if dtype.is_temporal():
        series = series.to_physical()
    values: Floats = series.cast(pl.Float64).to_numpy(writable=True)
    if isinstance(dtype, pl.Date):
        return np.multiply(values, 86_400, out=values)
    if isinstance(dtype, pl.Datetime | pl.Duration | pl.Time):
        unit = "ns" if isinstance(dtype, pl.Time) else dtype.time_unit or "us"
        return np.divide(values, TICKS[unit], out=values)
    return values


def _count(frame: pl.LazyFrame, name: str, kind: Kind, rows: int, exact: bool) -> list[Column]:
    """A column of categories, counted while it streams by: only the distinct ones are held."""
    dtype = frame.collect_schema()[name]
    table = frame.group_by(pl.col(name).alias("name")).agg(pl.len().alias("count")).collect(engine="streaming")
    missing = int(table.filter(pl.col("name").is_null())["count"].sum())
    if missing == rows:
        return [Column(name, "empty", str(dtype), rows, rows)]
    found = _categories(table.filter(pl.col("name").is_not_null()).cast({"name": pl.String}), rows - missing, exact)
    return [Column(name, kind, str(dtype), rows, missing, categories=found)]


def _categories(table: pl.DataFrame, total: int, exact: bool) -> Categories:
    """Counts of categories; of very many the most frequent, ties by name, so that every run keeps the same."""
    distinct, largest_unnamed = table.height, 0
    if distinct > KEEP and not exact:
        heaviest = table["count"].top_k(KEEP + 1).sort(descending=True)
        level, largest_unnamed = int(heaviest[KEEP - 1]), int(heaviest[KEEP])
        above = table.filter(pl.col("count") > level)
        table = pl.concat([above, table.filter(pl.col("count") == level).bottom_k(KEEP - above.height, by="name")])
    names, counts = table["name"].to_list(), table["count"].cast(pl.Int64).to_numpy()
    return counted(names, counts, total=total, distinct=distinct, largest_unnamed=largest_unnamed)
