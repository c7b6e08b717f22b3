"""What can be said of a table without asking anybody: types, missing values, ranges and small sets of values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from actions.data.kinds import DataType
from actions.datafile import DataFile
from actions.frames import read_groups, reading, scan

MOST_CATEGORIES = 20
"""A text column with more different values is no set of categories."""
ROWS_PER_CATEGORY = 5
"""How often each category must be seen, on average, before the set is worth writing down."""
LONGEST_CATEGORY = 60


@dataclass(frozen=True)
class Column:
    """One column: its type, and what its values have in common."""

    name: str
    dtype: DataType
    nulls: int = 0
    nans: int = 0
    low: int | float | None = None
    """The smallest value of a column of numbers; None where there is none that is finite."""
    high: int | float | None = None
    categories: tuple[str, ...] = ()
    """The values of a text column, sorted, where they are few and each is seen often."""

    @property
    def complete(self) -> bool:
        """Whether no value is missing."""
        return not self.nulls and not self.nans


@dataclass(frozen=True)
class Table:
    """One data set: its rows, and its columns in order. `hostile` are names that no expression can hold."""

    rows: int
    columns: tuple[Column, ...]
    hostile: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


def tame(name: str) -> bool:
    """Whether polars takes a name for a name: it reads `*` and `^...$` as patterns, and pandera an empty name as none."""
    return bool(name) and name != "*" and not (name.startswith("^") and name.endswith("$"))


def describe(files: Sequence[DataFile]) -> Table:
    """Look at every value of a data set, a few columns at a time.

    Raises:
        Unreadable: see `actions.frames.scan`.
    """
    lazy = scan(files)
    with reading(files):
        names = lazy.collect_schema().names()
        rows = int(lazy.select(pl.len()).collect().item())
    wanted = [name for name in names if tame(name)]
    columns = [_column(group[name]) for group in read_groups(files, only=wanted) for name in group.columns]
    return Table(rows, tuple(columns), tuple(name for name in names if not tame(name)))


def _column(values: pl.Series) -> Column:
    dtype = values.dtype
    nans = int(values.is_nan().sum()) if dtype.is_float() else 0
    low, high = _range(values) if dtype.is_integer() or dtype.is_float() else (None, None)
    categories = _categories(values) if dtype in (pl.String, pl.Categorical) else ()
    return Column(values.name, dtype, values.null_count(), nans, low, high, categories)


def _range(values: pl.Series) -> tuple[int | float | None, int | float | None]:
    low, high = values.min(), values.max()
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None, None
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)


def _categories(values: pl.Series) -> tuple[str, ...]:
    text = values.cast(pl.String).drop_nulls()
    # A column of free text is told by its beginning, without comparing all of it.
    if text.head(1_000).n_unique() > MOST_CATEGORIES:
        return ()
    found = text.unique().sort().to_list()
    few = 0 < len(found) <= MOST_CATEGORIES and len(text) >= ROWS_PER_CATEGORY * len(found)
    return tuple(found) if few and all(len(each) <= LONGEST_CATEGORY for each in found) else ()
