"""Predictions to measure: seeded, with a known truth, for the tests of this room."""

import io

import numpy as np
import polars as pl

from policy.gates import Evaluate

SECTION = {"path": "predictions.parquet", "key": ["id"], "label": "late", "score": "p", "slices": ["carrier"]}


def frame(rows: int = 400, *, noise: float = 0.5, seed: int = 0, model: int = 1) -> pl.DataFrame:
    """Rows with id, late (0 or 1), p and carrier. The truth depends on `seed` alone; what the model says on `model` too."""
    truth = np.random.default_rng(seed)
    signal = truth.normal(size=rows)
    late = (truth.random(rows) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    carrier = truth.choice(["AA", "HA", "UA"], rows, p=[0.6, 0.1, 0.3])
    said = signal + noise * np.random.default_rng([seed, model]).normal(size=rows)
    return pl.DataFrame({"id": np.arange(rows), "late": late, "p": 1 / (1 + np.exp(-said)), "carrier": carrier})


def parquet(table: pl.DataFrame) -> bytes:
    """The bytes of a Parquet file."""
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def section(*gates: dict[str, object], **more: object) -> Evaluate:
    """A section on these predictions."""
    predictions = SECTION | dict(more.pop("predictions", {}))  # type: ignore[call-overload]
    return Evaluate.model_validate({"predictions": predictions, "gates": list(gates), "resamples": 200, **more})
