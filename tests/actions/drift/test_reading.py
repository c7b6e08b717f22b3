"""Reading columns of every type into a profile, from real files."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from actions.datafile import DataFile
from actions.drift import reading
from actions.drift.categories import KEEP
from actions.drift.profile import Column, merge
from actions.drift.reading import profile
from actions.frames import Unreadable


def written(frame: pl.DataFrame, folder: Path, name: str = "data.parquet") -> list[DataFile]:
    path = folder / name
    {".parquet": frame.write_parquet, ".csv": frame.write_csv, ".jsonl": frame.write_ndjson}[path.suffix](path)
    return [DataFile(name, path)]


def column(values: pl.Series, folder: Path) -> Column:
    (found,) = profile(written(values.alias("x").to_frame(), folder)).columns
    return found


@pytest.mark.parametrize(
    ("values", "points"),
    [
        (pl.Series([3, 1, 2], dtype=pl.Int8), [1, 2, 3]),
        (pl.Series([3, 1, 2], dtype=pl.UInt64), [1, 2, 3]),
        (pl.Series([0.5, 0.25], dtype=pl.Float32), [0.25, 0.5]),
        (pl.Series([Decimal("1.50"), Decimal("2.25")]), [1.5, 2.25]),
        (pl.Series([date(1970, 1, 2)]), [86_400]),
        (pl.Series([datetime(1970, 1, 1, 1)]), [3_600]),
        (pl.Series([datetime(1970, 1, 1, 1)], dtype=pl.Datetime("ns")), [3_600]),
        (pl.Series([timedelta(minutes=1)], dtype=pl.Duration("ms")), [60]),
        (pl.Series([time(0, 2)]), [120]),
    ],
)
def test_numbers_and_times_become_numbers(values: pl.Series, points: list[float], tmp_path: Path) -> None:
    found = column(values, tmp_path)
    assert found.kind == ("time" if values.dtype.is_temporal() else "number")
    assert found.numbers is not None
    assert found.numbers.points.tolist() == points


def test_a_moment_is_the_same_in_every_time_zone(tmp_path: Path) -> None:
    utc = pl.Series([datetime(2013, 1, 1, 12)]).dt.replace_time_zone("UTC")
    found = [column(moments, tmp_path).numbers for moments in (utc, utc.dt.convert_time_zone("Europe/Berlin"))]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].points.tolist() == found[1].points.tolist() == [1357041600.0]


@pytest.mark.parametrize(
    "values",
    [
        pl.Series(["a", "b", "a", None]),
        pl.Series(["a", "b", "a", None], dtype=pl.Categorical),
        pl.Series(["a", "b", "a", None], dtype=pl.Enum(["b", "a", "z"])),
    ],
)
def test_words_become_categories(values: pl.Series, tmp_path: Path) -> None:
    found = column(values, tmp_path)
    assert (found.kind, found.rows, found.missing) == ("category", 4, 1)
    assert found.categories is not None
    assert dict(zip(found.categories.names, found.categories.low.tolist(), strict=True)) == {"a": 2, "b": 1}


def test_true_and_false_are_two_categories(tmp_path: Path) -> None:
    found = column(pl.Series([True, False, True, None]), tmp_path)
    assert (found.kind, found.missing) == ("boolean", 1)
    assert found.categories is not None
    assert found.categories.names == ("true", "false")


def test_null_nan_and_infinity_are_missing_alike(tmp_path: Path) -> None:
    found = column(pl.Series([1.0, None, float("nan"), float("inf"), float("-inf")]), tmp_path)
    assert (found.rows, found.missing) == (5, 4)


@pytest.mark.parametrize(
    "values", [pl.Series([None, None]), pl.Series([float("nan")] * 2), pl.Series([None, None], dtype=pl.String)]
)
def test_a_column_without_values_is_empty_whatever_its_type(values: pl.Series, tmp_path: Path) -> None:
    found = column(values, tmp_path)
    assert (found.kind, found.rows, found.missing) == ("empty", 2, 2)


@pytest.mark.parametrize("values", [pl.Series([[1], None]), pl.Series([{"a": 1}, None]), pl.Series([b"x", None])])
def test_nested_and_binary_columns_are_only_counted(values: pl.Series, tmp_path: Path) -> None:
    found = column(values, tmp_path)
    assert (found.kind, found.rows) == ("other", 2)
    assert found.numbers is found.categories is None


def test_an_integer_of_few_values_stays_a_number(tmp_path: Path) -> None:
    assert column(pl.Series([0, 1, 1, 0]), tmp_path).kind == "number"


def test_of_very_many_categories_the_most_frequent_are_kept_the_same_in_every_run(tmp_path: Path) -> None:
    words = [f"w{at:06}" for at in range(KEEP + 1_000)] + ["w000003"] * 5
    first, second = column(pl.Series(words), tmp_path), column(pl.Series(words[::-1]), tmp_path)
    assert first.categories is not None
    assert second.categories is not None
    assert first.categories.names == second.categories.names
    assert len(first.categories.names) == KEEP
    assert first.categories.names[:2] == ("w000003", "w000000")
    assert (first.categories.distinct, first.categories.largest_unnamed) == (KEEP + 1_000, 1)


def test_columns_keep_their_order_and_can_be_picked(tmp_path: Path) -> None:
    files = written(pl.DataFrame({"name": ["a"], "count": [1], "": [2.0], "len": ["z"]}), tmp_path)
    assert [found.name for found in profile(files).columns] == ["name", "count", "", "len"]
    assert [found.name for found in profile(files, columns=["len", "name"]).columns] == ["name", "len"]


def test_a_table_without_rows_has_empty_columns(tmp_path: Path) -> None:
    found = profile(written(pl.DataFrame({"x": [1.0]}).clear(), tmp_path))
    assert (found.rows, [column.kind for column in found.columns]) == (0, ["empty"])


def test_the_format_makes_no_difference(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [1.5, None, 3.0], "word": ["a", "b", "a"]})
    found = [profile(written(frame, tmp_path, f"data.{suffix}")) for suffix in ("parquet", "csv", "jsonl")]
    for other in found[1:]:
        for one, two in zip(found[0].columns, other.columns, strict=True):
            assert (one.name, one.kind, one.missing) == (two.name, two.kind, two.missing)


def test_a_folder_of_files_is_one_data_set(tmp_path: Path) -> None:
    one = written(pl.DataFrame({"x": [1.0, 2.0]}), tmp_path, "a.parquet")
    two = written(pl.DataFrame({"x": [3.0]}), tmp_path, "b.parquet")
    whole = profile(one + two)
    assert whole.rows == 3
    assert whole.columns[0].numbers is not None
    assert whole.columns[0].numbers.points.tolist() == [1, 2, 3]


def test_a_long_column_read_in_parts_is_the_merge_of_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(5).normal(size=30_000)
    files = written(pl.DataFrame({"x": values, "word": ["a", "b", "c"] * 10_000}), tmp_path)
    at_once = profile(files)
    monkeypatch.setattr(reading, "CHUNK_ROWS", 10_000)
    in_parts = profile(files)
    assert in_parts.rows == 30_000
    words, words_at_once = in_parts.columns[1].categories, at_once.columns[1].categories
    assert words is not None
    assert words_at_once is not None
    assert (words.names, words.low.tolist()) == (words_at_once.names, words_at_once.low.tolist())
    parts = [
        profile(written(pl.DataFrame({"x": part}), tmp_path, f"{at}.parquet")) for at, part in enumerate(np.split(values, 3))
    ]
    merged = merge(*parts).columns[0].numbers
    assert merged is not None
    assert in_parts.columns[0].numbers is not None
    assert in_parts.columns[0].numbers.points.tolist() == merged.points.tolist()


def test_a_damaged_file_is_a_clear_problem(tmp_path: Path) -> None:
    files = written(pl.DataFrame({"x": np.arange(50_000.0)}), tmp_path)
    data = bytearray(files[0].path.read_bytes())
    data[5_000:60_000] = b"\0" * 55_000
    files[0].path.write_bytes(bytes(data))
    with pytest.raises(Unreadable):
        profile(files)
