"""The type in which two columns compare by value."""

import polars as pl
import pytest

from actions.data.kinds import common, narrow, textual

TYPES = [
    pl.Int8(),
    pl.UInt64(),
    pl.Float32(),
    pl.Float64(),
    pl.String(),
    pl.Categorical(),
    pl.Date(),
    pl.Datetime("us"),
    pl.Duration("ms"),
]
TYPES += [
    pl.Boolean(),
    pl.Binary(),
    pl.Decimal(10, 2),
    pl.Null(),
    pl.List(pl.Int8()),
    pl.Struct({"a": pl.Int8()}),
    pl.Time(),
    pl.UInt128(),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (pl.Int8(), pl.UInt32(), pl.Int64),
        (pl.Int64(), pl.UInt64(), pl.Int128),
        (pl.Int64(), pl.UInt128(), None),
        (pl.Float32(), pl.Float64(), pl.Float64),
        (pl.Int64(), pl.Float64(), None),
        (pl.String(), pl.Enum(["a"]), pl.String),
        (pl.Categorical(), pl.Categorical(), pl.String),
        (pl.Date(), pl.Datetime("ms"), pl.Datetime("ms")),
        (pl.Datetime("us"), pl.Datetime("us", "UTC"), None),
        (pl.Datetime("us", "Europe/Berlin"), pl.Datetime("ns", "UTC"), pl.Datetime("ns", "UTC")),
        (pl.Decimal(10, 2), pl.Decimal(12, 4), pl.Decimal(12, 4)),
        (pl.Null(), pl.String(), pl.String),
        (pl.List(pl.Int8()), pl.List(pl.Int64()), pl.List(pl.Int64)),
        (pl.List(pl.Int8()), pl.List(pl.String()), None),
        (pl.Struct({"a": pl.Int8()}), pl.Struct({"b": pl.Int8()}), None),
    ],
    ids=str,
)
def test_the_common_type_holds_both_exactly_or_there_is_none(before: pl.DataType, after: pl.DataType, expected: object) -> None:
    assert common(before, after) == expected


def test_the_common_type_does_not_depend_on_the_side() -> None:
    assert all(common(left, right) == common(right, left) for left in TYPES for right in TYPES)


def test_every_type_has_itself_as_a_common_type() -> None:
    assert all(common(kind, kind) is not None for kind in TYPES)


def test_wide_values_are_neither_narrow_nor_always_textual() -> None:
    assert {str(kind) for kind in TYPES if not narrow(kind)} == {
        "UInt128",
        "String",
        "Categorical",
        "Binary",
        "Decimal(precision=10, scale=2)",
        "Null",
        "List(Int8)",
        "Struct({'a': Int8})",
    }
    assert {str(kind) for kind in TYPES if not textual(kind)} == {
        "Duration(time_unit='ms')",
        "Binary",
        "Null",
        "List(Int8)",
        "Struct({'a': Int8})",
    }
