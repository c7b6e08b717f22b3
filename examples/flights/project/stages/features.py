"""How a flight becomes a row of numbers; training and evaluation must agree on it."""

import numpy as np
import polars as pl

CATEGORIES = ("carrier", "origin", "dest")

Levels = dict[str, list[str]]


def find_levels(frame: pl.DataFrame, features: list[str]) -> Levels:
    """The values of every category that is a feature, in alphabetical order: a value's place is its number."""
    return {name: frame[name].unique().sort().to_list() for name in CATEGORIES if name in features}


def to_matrix(frame: pl.DataFrame, features: list[str], levels: Levels) -> np.ndarray:
    """One row a flight, one column a feature; a category never seen in training is -1, which LightGBM reads as missing."""
    columns = [
        pl.col(name).replace_strict(levels[name], list(range(len(levels[name]))), default=-1).cast(pl.Float64)
        if name in levels
        else pl.col(name).cast(pl.Float64)
        for name in features
    ]
    return frame.select(columns).to_numpy()
