"""What every flight must be. The key's uniqueness is asked for in `assay.yml`."""

from typing import Annotated

import pandera.polars as pa
import polars as pl

CARRIERS = ["9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO", "UA", "US", "VX", "WN", "YV"]


class Flights(pa.DataFrameModel):
    """Departures from the three airports of New York, one row a scheduled flight."""

    year: int = pa.Field(ge=2013)
    month: int = pa.Field(ge=1, le=12)
    day: int = pa.Field(ge=1, le=31)
    sched_dep_time: int = pa.Field(ge=0, le=2359)  # local time, hhmm
    sched_arr_time: int = pa.Field(ge=0, le=2400)
    dep_time: int = pa.Field(ge=1, le=2400, nullable=True)  # null: cancelled
    arr_time: int = pa.Field(ge=1, le=2400, nullable=True)
    dep_delay: int = pa.Field(ge=-120, nullable=True)  # minutes; negative: early
    arr_delay: int = pa.Field(ge=-180, nullable=True)
    air_time: int = pa.Field(ge=0, nullable=True)  # minutes
    distance: int = pa.Field(gt=0)  # miles
    hour: int = pa.Field(ge=0, le=23)
    minute: int = pa.Field(ge=0, le=59)
    carrier: str = pa.Field(isin=CARRIERS)
    flight: int = pa.Field(gt=0)
    tailnum: str = pa.Field(str_matches=r"^[A-Z0-9]{5,6}$", nullable=True)
    origin: str = pa.Field(isin=["EWR", "JFK", "LGA"])
    dest: str = pa.Field(str_matches=r"^[A-Z]{3}$")
    time_hour: Annotated[pl.Datetime, "us", "UTC"]
