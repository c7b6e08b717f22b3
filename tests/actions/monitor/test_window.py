"""Which rows are looked at."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.monitor.window import Window, cut, rate
from policy.monitoring import Monitor

START = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 1, 31, tzinfo=UTC)


def hours(count: int) -> list[datetime]:
    return [START + timedelta(hours=each) for each in range(count)]


def data(folder: Path, frame: pl.DataFrame, name: str = "live.parquet") -> list[DataFile]:
    path = folder / name
    frame.write_csv(path) if name.endswith("csv") else frame.write_parquet(path)
    return [DataFile(name, path)]


def section(**more: object) -> Monitor:
    return Monitor.model_validate({"data": "live.parquet"} | more)


def taken(folder: Path, files: list[DataFile], wanted: Monitor, at: datetime = AT) -> tuple[Window, pl.DataFrame]:
    found = cut(files, wanted, at, folder / "window.parquet")
    return found, pl.read_parquet(found.files[0].path)


def test_days_are_counted_back_from_the_newest_row(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": hours(240), "x": range(240)}))
    found, rows = taken(tmp_path, files, section(time="at", window="2 days"))
    assert rows["x"].to_list() == list(range(192, 240))
    assert (found.rows, found.newest, found.oldest) == (48, START + timedelta(hours=239), START + timedelta(hours=192))
    assert found.per_day == pytest.approx(24)


def test_the_last_rows_are_those_of_the_latest_times_in_whatever_order_they_lie(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": hours(100), "x": range(100)}).sample(fraction=1.0, shuffle=True, seed=1))
    found, rows = taken(tmp_path, files, section(time="at", rows=30))
    assert sorted(rows["x"]) == list(range(70, 100))
    assert found.per_day == pytest.approx(24, rel=0.05)


def test_without_times_the_last_rows_are_those_at_the_end(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"x": range(100)}))
    found, rows = taken(tmp_path, files, section(rows=30))
    assert rows["x"].to_list() == list(range(70, 100))
    assert (found.rows, found.newest, found.per_day) == (30, None, None)
    assert taken(tmp_path, files, section())[0].rows == 100
    assert taken(tmp_path, files, section(rows=1_000))[0].rows == 100


def test_a_row_of_the_future_does_not_make_late_data_fresh(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": [*hours(48), AT + timedelta(days=400)], "x": range(49)}))
    found, rows = taken(tmp_path, files, section(time="at", window="10 days"))
    assert (found.future, found.newest, len(rows)) == (1, START + timedelta(hours=47), 48)


def test_rows_without_a_time_are_counted_and_left_out(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": [*hours(30), *[None] * 10], "x": range(40)}))
    found, rows = taken(tmp_path, files, section(time="at", window="10 days"))
    assert (found.untimed, len(rows)) == (0.25, 30)


def test_data_that_began_within_the_window_is_not_called_little(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": hours(49)}))
    assert taken(tmp_path, files, section(time="at", window="30 days"))[0].per_day == pytest.approx(24, rel=0.05)


def test_a_stretch_of_an_hour_says_nothing_about_a_day(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": hours(2)}))
    assert taken(tmp_path, files, section(time="at", window="30 days"))[0].per_day is None


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-01-01T00:00:00Z", "2026-01-30T12:00:00Z"],
        ["2026-01-01T00:00:00.5+02:00", "2026-01-30T14:00:00+02:00"],
        ["2026-01-01 00:00:00", "2026-01-30 12:00:00"],
        ["2026-01-01T00:00:00", "2026-01-30T12:00:00.000"],
    ],
)
def test_times_in_a_csv_file_are_read(tmp_path: Path, texts: list[str]) -> None:
    files = data(tmp_path, pl.DataFrame({"at": texts}), "live.csv")
    found, _ = taken(tmp_path, files, section(time="at", window="3 days"))
    assert (found.newest, found.rows) == (datetime(2026, 1, 30, 12, tzinfo=UTC), 1)


def test_days_and_other_zones_are_times(tmp_path: Path) -> None:
    files = data(tmp_path, pl.DataFrame({"at": [date(2026, 1, 3)]}))
    assert taken(tmp_path, files, section(time="at"))[0].newest == datetime(2026, 1, 3, tzinfo=UTC)
    tokyo = pl.DataFrame({"at": pl.Series(hours(1)).dt.convert_time_zone("Asia/Tokyo")})
    assert taken(tmp_path, data(tmp_path, tokyo), section(time="at"))[0].newest == START


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"x": [1]}), "is gone"),
        (pl.DataFrame({"at": [1]}), "which is no time"),
        (pl.DataFrame({"at": ["soon"]}), "none of 1 rows has a time"),
        (pl.DataFrame({"at": [AT + timedelta(days=1)]}), "none of 1 rows has a time"),
        (pl.DataFrame(schema={"at": pl.Datetime}), "it has no rows"),
    ],
)
def test_data_without_times_that_have_come_cannot_be_read(tmp_path: Path, frame: pl.DataFrame, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        cut(data(tmp_path, frame), section(time="at"), AT, tmp_path / "window.parquet")


def test_the_rate_of_the_reference_is_that_of_all_its_rows(tmp_path: Path) -> None:
    assert rate(data(tmp_path, pl.DataFrame({"at": hours(241)})), "at") == pytest.approx(24.1)


def test_a_reference_without_times_has_no_rate(tmp_path: Path) -> None:
    assert rate(data(tmp_path, pl.DataFrame({"x": [1]})), "at") is None
    assert rate(data(tmp_path, pl.DataFrame({"at": [1]})), "at") is None
