"""What every hour of weather must be."""

from typing import Annotated

import pandera.polars as pa
import polars as pl


class Weather(pa.DataFrameModel):
    """Hourly observations at the three airports."""

    origin: str = pa.Field(isin=["EWR", "JFK", "LGA"])
    time_hour: Annotated[pl.Datetime, "us", "UTC"]
    temp: float = pa.Field(ge=-40, le=130, nullable=True)  # degrees Fahrenheit
    humid: float = pa.Field(ge=0, le=100, nullable=True)  # per cent
    wind_dir: int = pa.Field(ge=0, le=360, nullable=True)
    wind_speed: float = pa.Field(ge=0, le=150, nullable=True)  # miles an hour
    precip: float = pa.Field(ge=0, nullable=True)  # inches
    pressure: float = pa.Field(ge=900, le=1100, nullable=True)  # millibars
    visib: float = pa.Field(ge=0, le=10, nullable=True)  # miles
