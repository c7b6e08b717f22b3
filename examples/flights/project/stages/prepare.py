"""Join flights with the weather at their origin, say which were late, and set every fifth day aside for evaluation.

Whole days are set aside, not single flights: flights of one hour are late together, so a model that has seen one
of them in training would know too much about the others.
"""

from datetime import date
from pathlib import Path

import polars as pl
import yaml

SCHEDULE = ["dest", "distance", "month", "hour", "minute"]
WEATHER = ["temp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]


def main() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())["prepare"]
    flights = pl.read_parquet("data/flights.parquet").drop_nulls("arr_delay")  # cancelled or diverted: never arrived
    weather = pl.read_parquet("data/weather.parquet").select("origin", "time_hour", *WEATHER)
    day = pl.date("year", "month", "day")
    rows = flights.join(weather, on=["origin", "time_hour"], how="left", maintain_order="left").select(
        "time_hour",
        "carrier",
        "flight",
        "origin",
        *SCHEDULE,
        *WEATHER,
        weekday=day.dt.weekday(),
        late=pl.col("arr_delay") > params["late_after"],
        aside=(day.dt.ordinal_day() % params["evaluate_every"] == 0) & (day <= date.fromisoformat(params["evaluate_until"])),
    )
    Path("prepared").mkdir(exist_ok=True)
    rows.filter(~pl.col("aside")).drop("aside").write_parquet("prepared/train.parquet")
    rows.filter("aside").drop("aside").write_parquet("prepared/evaluate.parquet")


if __name__ == "__main__":
    main()
