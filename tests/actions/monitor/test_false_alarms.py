"""How often nothing is called something, and whether July is noticed, on the flights of 2013."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.drift.reading import profile
from actions.monitor.look import seen
from actions.monitor.reference import Reference, Rows
from actions.monitor.window import Window
from examples.flights import source
from policy.monitoring import Monitor, decide
from policy.sighting import Severity, Sighting

ROWS = 1_000
WINDOWS = 40
AT = datetime(2013, 8, 1, tzinfo=UTC)
SECTION = Monitor.model_validate({"data": "live.parquet", "reference": "train.parquet"})
COLUMNS = [
    "carrier",
    "origin",
    "dest",
    "distance",
    "hour",
    "minute",
    "dep_delay",
    "arr_delay",
    "temp",
    "humid",
    "pressure",
    "visib",
]


@pytest.fixture(scope="module")
def months() -> pl.DataFrame:
    """Flights of January to May and July with their weather, in an order that says nothing."""
    flights, weather = source.flights(7), source.weather(7)
    joined = flights.join(weather.select("origin", "time_hour", "temp", "humid", "pressure", "visib"), on=["origin", "time_hour"])
    return joined.select("month", *COLUMNS).filter(pl.col("month") != 6).sample(fraction=1.0, shuffle=True, seed=2013)


def file(frame: pl.DataFrame, path: Path) -> list[DataFile]:
    frame.write_parquet(path)
    return [DataFile(path.name, path)]


@pytest.fixture(scope="module")
def reference(months: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    spring = months.filter(pl.col("month") <= 5).select(COLUMNS)
    files = file(spring.slice(WINDOWS * ROWS), tmp_path_factory.mktemp("reference") / "train.parquet")
    return Reference(profile(files), Rows.of(files))


def sighting(window: pl.DataFrame, reference: Reference, folder: Path) -> Sighting:
    cut = Window(file(window, folder / "window.parquet"), len(window))
    return decide(SECTION, seen(SECTION, reference, cut, AT), model="flight-delay", at=AT.isoformat())


def test_windows_without_drift_are_quiet(months: pl.DataFrame, reference: Reference, tmp_path: Path) -> None:
    spring = months.filter(pl.col("month") <= 5).select(COLUMNS)
    found = [sighting(spring.slice(each * ROWS, ROWS), reference, tmp_path) for each in range(WINDOWS)]
    alarms = [each.result.why for each in found if each.severity is not Severity.NONE]
    assert len(alarms) <= 0.05 * WINDOWS, alarms


@pytest.mark.parametrize("rows", [300, ROWS])
def test_july_is_noticed(months: pl.DataFrame, reference: Reference, tmp_path: Path, rows: int) -> None:
    july = months.filter(pl.col("month") == 7).select(COLUMNS)
    found = [sighting(july.slice(each * rows, rows), reference, tmp_path) for each in range(5)]
    assert {each.severity for each in found} == {Severity.MEDIUM}
    assert all("temp" in {leaf.name for leaf in each.result.leaves()} for each in found)
