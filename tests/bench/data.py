"""Data for the benches: 14 columns of floats and 6 of strings, the head slightly moved."""

from pathlib import Path

import numpy as np
import polars as pl

CONTRACT = '''\
"""The contract of the benches: ranges, sets and missing values."""

import pandera.polars as pa


class Rows(pa.DataFrameModel):
    number_00: float = pa.Field(ge=-100, le=100)
    number_01: float = pa.Field(ge=-100, le=100)
    number_02: float = pa.Field(ge=-100, le=100)
    number_03: float = pa.Field(ge=-100, le=100)
    number_04: float = pa.Field(ge=0)
    text_00: str = pa.Field(isin=[f"value-{index}" for index in range(8)])
    text_01: str = pa.Field(isin=[f"value-{index}" for index in range(16)])
    text_02: str = pa.Field(str_startswith="value-")
    text_03: str = pa.Field(nullable=False)
    text_04: str = pa.Field(str_length={"min_value": 3, "max_value": 20})
'''


def frame(rows: int, *, moved: float, seed: int) -> pl.DataFrame:
    """Rows of 14 floats (normal, the fifth and every fourth after it exponential) and 6 strings (4 to 200 categories)."""
    random = np.random.default_rng(seed)
    columns: dict[str, pl.Series] = {}
    for index in range(14):
        values = random.exponential(1 + moved, rows) if index % 4 == 0 and index else random.normal(moved * (index % 3), 1, rows)
        columns[f"number_{index:02}"] = pl.Series(values)
    for index, categories in enumerate((8, 16, 4, 50, 100, 200)):
        labels = pl.Series([f"value-{each}" for each in range(categories)])
        columns[f"text_{index:02}"] = labels[random.integers(0, categories, rows)]
    return pl.DataFrame(columns)


def write(folder: Path, rows: int) -> tuple[Path, Path]:
    """Base and head as Parquet; made once."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / f"base-{rows}.parquet", folder / f"head-{rows}.parquet"
    for path, moved, seed in zip(paths, (0.0, 0.05), (1, 2), strict=True):
        if not path.exists():
            frame(rows, moved=moved, seed=seed).write_parquet(path)
    (folder / "contract.py").write_text(CONTRACT)
    return paths
