"""Columns compared row by row: whatever their types, by value; in however many batches, the same."""

import datetime as dt
import math

import polars as pl
import pytest

from actions.data import columns
from actions.data.diff import compare
from policy.facts.data import DiffFacts

NAN = float("nan")


def diff(base: pl.LazyFrame, head: pl.LazyFrame) -> DiffFacts:
    return compare(base, head, ["k"], mask=str)


def changed(facts: DiffFacts) -> dict[str, int]:
    return {column.column: column.changed for column in facts.columns if column.changed}


def test_columns_compared_in_many_batches_differ_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    base = pl.LazyFrame({"k": [1, 2, 3], **{f"c{i}": [i, i, i] for i in range(9)}})
    head = base.with_columns(c4=pl.Series([4, 4, 0]), c8=pl.Series([0, 8, 8]))
    monkeypatch.setattr(columns, "BATCH_BYTES", 1)
    facts = diff(base, head)
    assert (changed(facts), facts.changed) == ({"c4": 1, "c8": 1}, 2)
    assert [column.column for column in facts.columns] == ["k", *(f"c{i}" for i in range(9))]


@pytest.mark.parametrize(
    ("before", "after", "differ"),
    [
        (pl.Series([1, None], dtype=pl.Int32), pl.Series([1, None], dtype=pl.Int64), 0),
        (pl.Series([1], dtype=pl.Int64), pl.Series([2**63], dtype=pl.UInt64), 1),
        (pl.Series([-1], dtype=pl.Int64), pl.Series([2**64 - 1], dtype=pl.UInt64), 1),
        (pl.Series([1, 2, None]), pl.Series([1.0, 2.5, None]), 1),
        (pl.Series([2**53 + 1]), pl.Series([float(2**53)]), 1),
        (pl.Series([1, 1]), pl.Series([NAN, math.inf]), 2),
        (pl.Series([0.5], dtype=pl.Float32), pl.Series([0.5]), 0),
        (pl.Series([0.1], dtype=pl.Float32), pl.Series([0.1]), 1),
        (pl.Series([0.3]), pl.Series([0.1 + 0.2]), 1),
        (pl.Series([NAN, None, -0.0]), pl.Series([NAN, None, 0.0]), 0),
        (pl.Series([NAN, None]), pl.Series([None, NAN]), 2),
        (pl.Series(["a", None]), pl.Series(["a", None], dtype=pl.Categorical), 0),
        (pl.Series(["a", "b"], dtype=pl.Categorical), pl.Series(["b", "b"], dtype=pl.Categorical), 1),
        (pl.Series(["a"], dtype=pl.Enum(["b", "a"])), pl.Series(["a"], dtype=pl.Enum(["a", "b"])), 0),
        (pl.Series([dt.date(2013, 1, 1)]), pl.Series([dt.datetime(2013, 1, 1)]), 0),
        (
            pl.Series([dt.datetime(2013, 1, 1)], dtype=pl.Datetime("ms")),
            pl.Series([dt.datetime(2013, 1, 1)], dtype=pl.Datetime("ns")),
            0,
        ),
        (
            pl.Series([dt.datetime(2013, 1, 1, 12)]).dt.replace_time_zone("UTC"),
            pl.Series([dt.datetime(2013, 1, 1, 13)]).dt.replace_time_zone("Europe/Berlin"),
            0,
        ),
        (pl.Series([dt.datetime(2013, 1, 1)]), pl.Series([dt.datetime(2013, 1, 1)]).dt.replace_time_zone("UTC"), 1),
        (pl.Series([dt.timedelta(1)]), pl.Series([dt.timedelta(1)], dtype=pl.Duration("ms")), 0),
        (pl.Series([dt.timedelta(1)]), pl.Series(["1d"]), 1),
        (pl.Series([dt.time(1)]), pl.Series([dt.time(2)]), 1),
        (pl.Series([True]), pl.Series(["true"]), 0),
        (pl.Series([1400, 17]), pl.Series(["1400", "?"]), 1),
        (pl.Series([[1, 2], None, []]), pl.Series([[1, 2], [], None]), 2),
        (pl.Series([[1, 2]]), pl.Series([[1, 2]], dtype=pl.List(pl.Int16)), 0),
        (pl.Series([["a"]]), pl.Series([["a"]], dtype=pl.List(pl.Categorical)), 0),
        (pl.Series([[1]]), pl.Series([["1"]]), 1),
        (pl.Series([{"a": 1, "b": [1]}]), pl.Series([{"a": 1, "b": [2]}]), 1),
        (pl.Series([{"a": 1}]), pl.Series([{"a": 1}], dtype=pl.Struct({"a": pl.Int8})), 0),
        (pl.Series([{"a": 1}, None, None]), pl.Series([{"b": 1}, {"b": 2}, None]), 2),
        (pl.Series([{"a": NAN}]), pl.Series([{"a": NAN}]), 0),
        (pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)), pl.Series([[1, 3]], dtype=pl.Array(pl.Int64, 2)), 1),
        (pl.Series([b"\x00\xff"]), pl.Series([b"\x00\xfe"]), 1),
        (pl.Series([None, None]), pl.Series([None, 1]), 1),
        (pl.Series([None, None]), pl.Series([None, None]), 0),
        (pl.Series(["1.10"]).cast(pl.Decimal(10, 2)), pl.Series(["1.100"]).cast(pl.Decimal(10, 3)), 0),
        (pl.Series(["1.10"]).cast(pl.Decimal(10, 2)), pl.Series([1.1]), 0),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pl.Series) else str(value),
)
def test_values_compare_by_value_whatever_their_types(before: pl.Series, after: pl.Series, differ: int) -> None:
    base = pl.LazyFrame({"k": range(len(before)), "v": before})
    head = pl.LazyFrame({"k": range(len(after)), "v": after})
    facts = diff(base, head)
    assert (facts.changed, changed(facts).get("v", 0)) == (differ, differ)
    assert bool(facts.schema_changes) == (before.dtype != after.dtype)
    assert (facts.columns[1].nulls_base, facts.columns[1].nulls_head) == (before.null_count(), after.null_count())
