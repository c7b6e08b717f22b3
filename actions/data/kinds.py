"""In which type two columns of the same name can be compared by value."""

from typing import Any

import polars as pl

DataType = Any
"""A polars data type: a class or an instance, as `collect_schema` gives it."""

_UNITS = ("ms", "us", "ns")


def common(before: DataType, after: DataType) -> DataType | None:
    """The type that holds the values of both exactly, or None where there is none.

    Integers of any width, floats of any width, text (string, categorical, enum), dates and times of any unit, and
    decimals of any scale compare by value, and so do lists and structs of them. Whole numbers against floats are the
    caller's: no type holds both exactly.
    """
    if before == pl.Null or after == pl.Null:
        return after if before == pl.Null else before
    for family in (_integers, _floats, _texts, _times, _decimals, _nested):
        found = family(before, after)
        if found is not None:
            return found
    return before if before == after else None


def textual(dtype: DataType) -> bool:
    """Whether a value of this type has a text that means the same in every type."""
    plain = (pl.Boolean, pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Datetime, pl.Time)
    return bool(dtype.is_numeric()) or any(dtype == other for other in plain)


def narrow(dtype: DataType) -> bool:
    """Whether a value takes at most eight bytes, so that a whole column of them is cheap to hold."""
    if dtype in (pl.Int128, pl.UInt128) or dtype == pl.Decimal:
        return False
    return bool(dtype.is_numeric()) or any(dtype == other for other in (pl.Boolean, pl.Date, pl.Datetime, pl.Duration, pl.Time))


def _integers(before: DataType, after: DataType) -> DataType | None:
    if not (before.is_integer() and after.is_integer()):
        return None
    if before == after:
        return before
    if pl.UInt128 in (before, after):
        return None
    return pl.Int128 if {before, after} & {pl.UInt64, pl.Int128} else pl.Int64


def _floats(before: DataType, after: DataType) -> DataType | None:
    if not (before.is_float() and after.is_float()):
        return None
    return before if before == after else pl.Float64


def _texts(before: DataType, after: DataType) -> DataType | None:
    def text(dtype: DataType) -> bool:
        return any(dtype == other for other in (pl.String, pl.Categorical, pl.Enum))

    return pl.String if text(before) and text(after) else None


def _times(before: DataType, after: DataType) -> DataType | None:
    if before == pl.Duration and after == pl.Duration:
        return pl.Duration(_finer(before.time_unit, after.time_unit))
    if before == pl.Datetime and after == pl.Datetime:
        unit = _finer(before.time_unit, after.time_unit)
        if before.time_zone == after.time_zone:
            return pl.Datetime(unit, before.time_zone)
        return pl.Datetime(unit, "UTC") if before.time_zone and after.time_zone else None
    for date, moment in ((before, after), (after, before)):
        if date == pl.Date and moment == pl.Datetime and moment.time_zone is None:
            return moment
    return None


def _finer(before: Any, after: Any) -> Any:
    return max(before, after, key=_UNITS.index)


def _decimals(before: DataType, after: DataType) -> DataType | None:
    if before != pl.Decimal or after != pl.Decimal:
        return None
    scale = max(before.scale, after.scale)
    whole = max((dtype.precision or 38) - dtype.scale for dtype in (before, after))
    return pl.Decimal(min(38, whole + scale), scale)


def _nested(before: DataType, after: DataType) -> DataType | None:
    if before == pl.List and after == pl.List:
        inner = common(before.inner, after.inner)
        return None if inner is None else pl.List(inner)
    if before == pl.Array and after == pl.Array and before.shape == after.shape:
        inner = common(before.inner, after.inner)
        return None if inner is None else pl.Array(inner, before.size)
    if before == pl.Struct and after == pl.Struct:
        return _struct(before, after)
    return None


def _struct(before: DataType, after: DataType) -> DataType | None:
    if [field.name for field in before.fields] != [field.name for field in after.fields]:
        return None
    kinds = [common(ours.dtype, theirs.dtype) for ours, theirs in zip(before.fields, after.fields, strict=True)]
    fields = [pl.Field(field.name, kind) for field, kind in zip(before.fields, kinds, strict=True) if kind is not None]
    return pl.Struct(fields) if len(fields) == len(kinds) else None
