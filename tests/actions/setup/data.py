"""Data files on disk for the tests of the proposal."""

from pathlib import Path

import polars as pl

from actions.datafile import DataFile


def parquet(folder: Path, frame: pl.DataFrame, name: str = "data.parquet") -> list[DataFile]:
    """The frame as a data set of one Parquet file."""
    frame.write_parquet(folder / name)
    return [DataFile(name, folder / name)]
