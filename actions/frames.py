"""Reads data sets: Parquet, CSV, JSON Lines and Arrow, one file or a folder of them, as lazy frames in bounded memory.

The format comes from a file's *name*, because its path may be a nameless object of DVC's cache. Whatever is not Parquet
is turned into Parquet once per process (see `actions.staging`); so any column of any format is cheap to read alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from actions.datafile import DataFile
from actions.formats import Unreadable, detect, members
from actions.staging import as_parquet, corrupt
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BUDGET", "Unreadable", "columns", "parquet", "read_groups", "reading", "row_count", "scan"]

BUDGET = 256 * 1024**2
"""Bytes of values that are held at once when a data set is read group by group."""
LONGEST_NAME = 500
"""Characters in the name of a column; a longer one is most likely a file without a header, or no text at all."""
_SAMPLE = 4_096


def parquet(files: Sequence[DataFile]) -> list[Path]:
    """The data set as Parquet files with equal columns, in order of their names; temporary where it is of another format.

    One Parquet file costs two small reads and no import.

    Raises:
        Unreadable: any file is missing, empty, corrupt or of no known format, formats are mixed, or columns differ.
    """
    kept = sorted(members(list(files)), key=lambda file: file.name)
    if not kept:
        where = files[0].name if files else ""
        raise Unreadable("there is no data file", where=where, next="check the path in assay.yml", reason=Reason.DATA_MISSING)
    kinds = {file.name: detect(file.name).kind for file in kept}
    for name, kind in kinds.items():
        if kind != kinds[kept[0].name]:
            _mixed(name, f"it is {kind}, and {kept[0].name} is {kinds[kept[0].name]}")
    paths = [as_parquet(file) for file in kept]
    if len(paths) > 1:
        _same_columns(kept, paths)
    return paths


@contextmanager
def reading(files: Sequence[DataFile]) -> Iterator[None]:
    """Around a `collect`: damage in the middle of a file, which shows only then, becomes Unreadable."""
    import polars as pl

    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        raise corrupt(files[0].name, error) from None


def scan(files: Sequence[DataFile]) -> "pl.LazyFrame":
    """The rows of a data set, lazily. Types are those of the file; those of CSV and JSON Lines are found by reading all of it.

    Raises:
        Unreadable: see `parquet`. Damage in the middle of a Parquet file shows only when it is collected: see `reading`.
    """
    import polars as pl

    paths = parquet(files)
    with reading(files):
        lazy = pl.scan_parquet(paths, glob=False, hive_partitioning=False)
        names = lazy.collect_schema().names()
    if long := next((name for name in names if len(name) > LONGEST_NAME), None):
        what = f"the name of a column has {len(long):,} characters, and {LONGEST_NAME} are the most: {long[:40]}..."
        raise Unreadable(what, where=files[0].name, next="shorten it, or write the header again")
    return lazy


def row_count(files: Sequence[DataFile]) -> int:
    """How many rows there are, from the files' footers."""
    import polars as pl

    lazy = scan(files)
    with reading(files):
        return int(lazy.select(pl.len()).collect().item())


def columns(files: Sequence[DataFile]) -> "dict[str, pl.DataType]":
    """The columns in order, with their types."""
    return dict(scan(files).collect_schema())


def read_groups(
    files: Sequence[DataFile], *, only: Sequence[str] | None = None, budget: int = BUDGET
) -> "Iterator[pl.DataFrame]":
    """The whole data set as frames of all rows and a few columns each, so that one frame holds about `budget` bytes.

    Every column (of `only`, where given) comes exactly once, in order. A single column larger than the budget comes
    alone: drop each frame before asking for the next, and the peak is about twice the larger of budget and that column.

    Raises:
        Unreadable: also for damage in the middle of a file.
    """
    lazy = scan(files)
    with reading(files):
        groups = _groups(lazy, list(only if only is not None else lazy.collect_schema().names()), budget)
    for group in groups:
        with reading(files):
            frame = lazy.select(group).collect()
        yield frame
        del frame


def _groups(lazy: "pl.LazyFrame", names: list[str], budget: int) -> list[list[str]]:
    """Neighbouring columns, as many as fit the budget by the width of the first rows."""
    import polars as pl

    if not names:
        return []
    rows = lazy.select(pl.len()).collect().item()
    sample = lazy.select(names).head(_SAMPLE).collect()
    groups: list[list[str]] = []
    filled = 0.0
    for name in names:
        width = sample[name].estimated_size() / max(1, len(sample)) * rows
        if not groups or filled + width > budget:
            groups.append([])
            filled = 0.0
        groups[-1].append(name)
        filled += width
    return groups


def _same_columns(files: list[DataFile], paths: list[Path]) -> None:
    import polars as pl

    wanted: dict[str, pl.DataType] = {}
    for file, path in zip(files, paths, strict=True):
        with reading([file]):
            found = dict(pl.read_parquet_schema(path))
        wanted = wanted or found
        for name in sorted(wanted.keys() | found.keys()):
            if name not in found:
                _mixed(file.name, f"it lacks the column '{name}' that {files[0].name} has")
            if name not in wanted:
                _mixed(file.name, f"it has the column '{name}' that {files[0].name} lacks")
            if found[name] != wanted[name]:
                _mixed(file.name, f"its column '{name}' is {found[name]}, and in {files[0].name} it is {wanted[name]}")


def _mixed(name: str, detail: str) -> None:
    raise Unreadable(detail, where=name, next="give every file of the folder the same columns", reason=Reason.DATA_MIXED)
