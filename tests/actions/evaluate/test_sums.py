"""Metrics as functions of sums: the value is that of the rows, whatever they are split into."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.evaluate.samples import Said, Truth, prepare
from actions.evaluate.sums import SUM_METRICS, compute
from tests.actions.evaluate.predictions import frame, section


def sample(seed: int, rows: int = 80) -> tuple[Truth, Said]:
    truth, (said,) = prepare([frame(rows, seed=seed)], section().predictions)
    return truth, said


@given(st.integers(0, 500), st.sampled_from([name for name in SUM_METRICS if name != "mape"]))
def test_weighting_rows_is_repeating_them(seed: int, name: str) -> None:
    truth, said = sample(seed)
    weights = np.random.default_rng(seed).integers(0, 3, truth.rows)
    weights[:2] = 1
    index = np.repeat(np.arange(truth.rows), weights)
    weighted = SUM_METRICS[name].value(weights @ SUM_METRICS[name].columns(truth, said), weights.sum())
    assert float(weighted) == pytest.approx(compute(name, truth.take(index), said.take(index)), rel=1e-9)


def test_many_sums_at_once_are_one_at_a_time() -> None:
    truth, said = sample(1)
    weights = np.random.default_rng(0).integers(0, 3, (4, truth.rows))
    for name in ("f1", "r2", "calibration_error", "rmse"):
        sums = weights @ SUM_METRICS[name].columns(truth, said)
        together = SUM_METRICS[name].value(sums, truth.rows)
        assert together.tolist() == [float(SUM_METRICS[name].value(each, truth.rows)) for each in sums]
