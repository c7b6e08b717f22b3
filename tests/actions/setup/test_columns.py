"""What is seen in a table: missing values, ranges, categories, and names that no expression can hold."""

from pathlib import Path

import polars as pl

from actions.setup.columns import describe, tame
from tests.actions.setup.data import parquet


def test_ranges_nulls_and_categories_of_a_table(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1, 2, None] * 10, "kind": ["a", "b", "a"] * 10, "text": [f"row {i}" for i in range(30)]})
    table = describe(parquet(tmp_path, frame))
    n, kind, text = table.columns
    assert (table.rows, n.low, n.high, n.nulls, n.complete) == (30, 1, 2, 10, False)
    assert kind.categories == ("a", "b")
    assert text.categories == ()


def test_a_column_with_nan_or_infinity_is_told_and_has_no_infinite_range(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"nan": [1.0, float("nan")], "endless": [1.0, float("inf")], "empty": pl.Series([None, None], dtype=pl.Float64)}
    )
    nan, endless, empty = describe(parquet(tmp_path, frame)).columns
    assert (nan.nans, nan.complete, nan.low, nan.high) == (1, False, 1.0, 1.0)
    assert (endless.low, endless.high) == (None, None)
    assert (empty.low, empty.nulls) == (None, 2)


def test_names_that_polars_reads_as_patterns_are_set_apart(tmp_path: Path) -> None:
    table = describe(parquet(tmp_path, pl.DataFrame({"*": [1], "^a$": [1], "": [1], "a": [1]})))
    assert table.hostile == ("*", "^a$", "")
    assert [column.name for column in table.columns] == ["a"]
    assert tame("^a")
