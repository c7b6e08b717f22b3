"""The contracts of the example hold on the real data and name every defect of the corrupt data."""

import importlib.util
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from examples.flights import assemble, source


def load(name: str) -> ModuleType:
    path = Path(assemble.__file__).parent / f"project/contracts/{name}.py"
    spec = importlib.util.spec_from_file_location(f"contract_of_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_flight_of_the_branches_keeps_its_contract() -> None:
    load("flights").Flights.validate(source.flights(7), lazy=True)


def test_every_hour_of_weather_keeps_its_contract() -> None:
    load("weather").Weather.validate(source.weather(7), lazy=True)


def test_the_contract_names_the_lost_column_the_wrong_sign_and_the_unknown_carrier() -> None:
    with pytest.raises(SchemaErrors) as caught:
        load("flights").Flights.validate(source.corrupt(source.flights(5)), lazy=True)
    told = str(caught.value)
    assert all(word in told for word in ("tailnum", "distance", "carrier"))


def test_a_time_without_a_zone_breaks_the_contract() -> None:
    naive = source.flights(1).with_columns(pl.col("time_hour").dt.replace_time_zone(None))
    with pytest.raises(SchemaErrors, match="time_hour"):
        load("flights").Flights.validate(naive, lazy=True)
