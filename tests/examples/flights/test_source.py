"""The data of the example is real, and its key is one."""

from datetime import date

import polars as pl
import pytest

from examples.flights import source


@pytest.fixture(scope="module")
def year() -> pl.DataFrame:
    return source.flights(12)


def test_all_flights_of_2013_are_there(year: pl.DataFrame) -> None:
    assert year.height == 336_776
    assert year["month"].unique().sort().to_list() == list(range(1, 13))


def test_the_key_tells_every_flight_of_the_year_from_every_other(year: pl.DataFrame) -> None:
    assert not year.select(source.KEY).is_duplicated().any()
    assert year.select(pl.col(source.KEY).null_count()).row(0) == (0, 0, 0, 0)


def test_weather_has_one_row_an_airport_and_hour() -> None:
    assert not source.weather(12).select("time_hour", "origin").is_duplicated().any()


def test_the_wind_that_cannot_have_been_is_unknown() -> None:
    weather = source.weather(12)
    assert weather["wind_speed"].max() < 60
    that_night = weather.filter(pl.col("time_hour").dt.date() == date(2013, 2, 12), origin="EWR")
    assert that_night["wind_speed"].null_count() == 1


def test_the_months_asked_for_are_the_first_of_the_year() -> None:
    assert source.flights(5)["month"].max() == 5
    assert source.weather(5)["month"].max() == 5


def test_corrupt_flights_have_all_four_defects(year: pl.DataFrame) -> None:
    damaged = source.corrupt(year)
    assert set(year.columns) - set(damaged.columns) == {"tailnum"}
    assert damaged.filter(pl.col("distance") <= 0).height > 0
    assert set(damaged["carrier"]) - set(year["carrier"]) == {"ZZ"}
    assert damaged.select(source.KEY).is_duplicated().sum() == 240
