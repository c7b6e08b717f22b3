"""The profile of a data set: for every column what drift needs to know, small, mergeable, made once for each content."""

from dataclasses import dataclass
from typing import Literal

from actions.drift import categories, numbers
from actions.drift.categories import Categories
from actions.drift.numbers import Numbers
from policy.problems import UserProblem

Kind = Literal["number", "category", "time", "boolean", "empty", "other"]
"""`empty`: no value at all, so of any kind. `other`: nested or binary, which has no distance here."""

Withheld = Literal["ignored", "personal", "identifier"]
"""Why a profile that leaves the machine says nothing of a column's values: the policy ignores it, it may be about people, or it
names rows."""


@dataclass(frozen=True)
class Column:
    """One column: `missing` of `rows` are null, NaN or infinite; the rest is in `numbers` or `categories`.

    Times are numbers: seconds since 1970 (UTC), durations and times of day in seconds. Of a column that is `withheld` there is
    neither: only its kind and how much of it is missing are known.
    """

    name: str
    kind: Kind
    dtype: str
    rows: int
    missing: int
    numbers: Numbers | None = None
    categories: Categories | None = None
    withheld: Withheld | None = None

    @property
    def values(self) -> int:
        """How many rows have a value."""
        return self.rows - self.missing


@dataclass(frozen=True)
class Profile:
    """A data set of `rows` rows, column by column in the order of the data."""

    rows: int
    columns: tuple[Column, ...]

    def named(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


def merge(*profiles: Profile) -> Profile:
    """The profile of several data sets, one below the other; a column that one lacks is missing in its rows.

    Merging many at once costs no more accuracy than merging two. Raises UserProblem where a column changes its kind.
    """
    by_name = [profile.named() for profile in profiles]
    names = dict.fromkeys(name for columns in by_name for name in columns)
    merged = [
        _merged([columns.get(name) or _absent(name, profile.rows) for columns, profile in zip(by_name, profiles, strict=True)])
        for name in names
    ]
    return Profile(sum(profile.rows for profile in profiles), tuple(merged))


def _absent(name: str, rows: int) -> Column:
    """A column that a part does not have."""
    return Column(name, "empty", "null", rows, rows)


def _merged(parts: list[Column]) -> Column:
    """One column of several parts."""
    kinds = {part.kind: part.dtype for part in parts if part.kind != "empty"}
    name, rows, missing = parts[0].name, sum(part.rows for part in parts), sum(part.missing for part in parts)
    if len(kinds) > 1:
        what = f"the column {name!r} is {' in one part and '.join(kinds.values())} in another"
        raise UserProblem(what, next="give every file of the data set the same columns")
    if not kinds:
        return Column(name, "empty", parts[0].dtype, rows, missing)
    ((kind, dtype),) = kinds.items()
    of_numbers = [part.numbers for part in parts if part.numbers]
    of_categories = [part.categories for part in parts if part.categories]
    return Column(
        name,
        kind,
        dtype,
        rows,
        missing,
        numbers.merge(of_numbers) if of_numbers else None,
        categories.merge(of_categories) if of_categories else None,
    )
