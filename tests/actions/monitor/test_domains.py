"""Whether rows of two sides can be told apart."""

import time

import numpy as np
import polars as pl
import pytest

from actions.monitor.domains import apart


def frame(rows: int, seed: int, *, together: float = 0.0, shift: float = 0.0, grey: float = 0.5) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    one = draw.normal(size=rows)
    other = together * one + (1 - together**2) ** 0.5 * draw.normal(size=rows)
    sky = np.where(draw.random(rows) < grey, "grey", "blue")
    return pl.DataFrame({"one": one + shift, "other": other, "sky": sky})


NAMES = ["one", "other", "sky"]


def test_rows_of_one_distribution_cannot_be_told_apart() -> None:
    found = [apart(frame(600, each), frame(600, 1_000 + each), NAMES) for each in range(100)]
    p_values = [each.p for each in found if each]
    assert sum(p <= 0.05 for p in p_values) <= 10
    assert sum(p <= 0.5 for p in p_values) == pytest.approx(50, abs=15)


@pytest.mark.parametrize("changed", [{"shift": 0.7}, {"together": 0.8}, {"grey": 0.2}])
def test_rows_that_differ_can_be_told_apart(changed: dict[str, float]) -> None:
    found = apart(frame(2_000, 1), frame(2_000, 2, **changed), NAMES)
    assert found is not None
    assert found.auc > 0.6
    assert found.p < 1e-6


def test_missing_values_tell_too() -> None:
    window = frame(1_000, 2).with_columns(one=pl.when(pl.int_range(pl.len()) % 2 == 0).then("one"))
    found = apart(frame(1_000, 1), window, NAMES)
    assert found is not None and found.auc > 0.65


def test_times_booleans_and_odd_names_are_columns_too() -> None:
    side = pl.DataFrame({"rows": ["a", "b"] * 50, "level": [True, False] * 50, "at": pl.Series(range(100)).cast(pl.Datetime)})
    found = apart(side, side, ["rows", "level", "at"])
    assert found is not None and found.p > 0.01


def test_constant_columns_and_too_few_rows_say_nothing() -> None:
    side = pl.DataFrame({"x": [1.0] * 100})
    found = apart(side, side, ["x"])
    assert found is not None and (found.auc, found.p) == (0.5, 1.0)
    assert apart(side.head(3), side, ["x"]) is None
    assert apart(side, side, []) is None


def test_the_answer_is_the_same_every_time() -> None:
    assert apart(frame(900, 1), frame(700, 2), NAMES) == apart(frame(900, 1), frame(700, 2), NAMES)


def test_forty_columns_are_a_matter_of_seconds() -> None:
    draw = np.random.default_rng(0)
    one, other = (pl.DataFrame(draw.normal(size=(5_000, 40)), schema=[f"c{at}" for at in range(40)]) for _ in range(2))
    started = time.perf_counter()
    apart(one, other, one.columns)
    assert time.perf_counter() - started < 10
