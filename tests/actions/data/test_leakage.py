"""Columns that tell the label, against scipy and scikit-learn."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats
from sklearn.metrics import roc_auc_score

from actions.data.leakage import auc_strength, correlation, cramers_v, find, mid_ranks
from policy.problems import UserProblem

ROWS = 2_000
RNG = np.random.default_rng(3)
LATE = RNG.random(ROWS) < 0.3
NOISE = RNG.normal(size=ROWS)


def strengths(columns: dict[str, Any], label: str = "label", **options: Any) -> dict[str, float]:
    return {finding.column: finding.strength for finding in find(pl.LazyFrame(columns), label, **options)}


@settings(max_examples=100, deadline=None)
@given(
    arrays.arrays(float, st.shared(st.integers(2, 40), key="n"), elements=st.sampled_from([0.0, 0.5, 1.0, 1e300, -7.0])),
    arrays.arrays(bool, st.shared(st.integers(2, 40), key="n")),
)
def test_the_rescaled_auc_is_that_of_scikit_learn(values: Any, positive: Any) -> None:
    if positive.all() or not positive.any():
        assert auc_strength(values, positive) == 0
    else:
        assert auc_strength(values, positive) == pytest.approx(abs(2 * roc_auc_score(positive, values) - 1), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(float, st.integers(2, 30), elements=st.sampled_from([0.0, 1.0, 2.0, 1e150, -1e150])), st.integers(0, 9))
def test_correlations_are_those_of_scipy(values: Any, seed: int) -> None:
    other = np.random.default_rng(seed).normal(size=len(values))
    if len(set(values)) > 1:
        assert correlation(mid_ranks(values), mid_ranks(other)) == pytest.approx(abs(stats.spearmanr(values, other)[0]), abs=1e-9)
        assert correlation(values / 1e150, other) == pytest.approx(abs(stats.pearsonr(values / 1e150, other)[0]), abs=1e-7)
    assert correlation(np.ones(len(values)), other) == 0


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(int, (60, 2), elements=st.integers(0, 4)))
def test_cramers_v_is_bergsmas_correction_of_the_chi_squared_of_scipy(pairs: Any) -> None:
    left, right = pairs[:, 0], pairs[:, 1]
    table = np.array([[np.sum((left == a) & (right == b)) for b in np.unique(right)] for a in np.unique(left)])
    r, c = table.shape
    found = cramers_v(left, right)
    if min(r, c) < 2:
        assert found == 0
        return
    phi2 = max(0.0, stats.chi2_contingency(table, correction=False)[0] / 60 - (r - 1) * (c - 1) / 59)
    smallest = min(r - (r - 1) ** 2 / 59, c - (c - 1) ** 2 / 59) - 1
    assert found == pytest.approx(min(1.0, np.sqrt(phi2 / smallest)), abs=1e-9)


def test_the_label_by_another_name_has_strength_one_whatever_its_type() -> None:
    found = strengths(
        {
            "label": LATE,
            "flag": LATE.astype(int),
            "text": np.where(LATE, "late", "in time"),
            "minutes": np.where(LATE, 30.0, 0.0) + RNG.random(ROWS),
            "day": [dt.date(2013, 1, 1) + dt.timedelta(days=int(late)) for late in LATE],
            "category": pl.Series(np.where(LATE, "x", "y"), dtype=pl.Categorical),
            "noise": NOISE,
            "constant": np.ones(ROWS),
        }
    )
    assert set(found) == {"flag", "text", "minutes", "day", "category"}
    assert min(found.values()) > 0.999


def test_a_column_that_is_filled_only_after_the_event_tells_the_label_by_its_nulls() -> None:
    found = strengths({"label": LATE, "compensation": pl.Series(np.where(LATE, NOISE, None).tolist(), dtype=pl.Float64)})
    assert found["compensation"] > 0.999
    found = strengths({"label": LATE, "reason": pl.Series([f"r{i}" if late else None for i, late in enumerate(LATE)])})
    assert found["reason"] > 0.999
    found = strengths({"label": LATE, "compensation": np.where(LATE, NOISE, np.nan)})
    assert found["compensation"] > 0.999


def test_a_numeric_label_is_told_by_what_moves_with_it() -> None:
    found = strengths(
        {
            "label": NOISE,
            "double": NOISE * -2,
            "monotone": np.exp(NOISE * 5),
            "decile": (stats.rankdata(NOISE) // 200).astype(str),
        }
    )
    assert found["double"] == pytest.approx(1)
    assert found["monotone"] == pytest.approx(1)
    assert found["decile"] > 0.9


def test_a_label_of_several_classes_is_told_by_categories_and_by_numbers() -> None:
    classes = RNG.integers(0, 4, ROWS)
    shuffled = np.array([2, 0, 3, 1])[classes]
    found = strengths(
        {"label": classes, "code": shuffled, "name": shuffled.astype(str), "near": shuffled + RNG.random(ROWS) * 0.9}
    )
    assert found["code"] > 0.99
    assert found["name"] > 0.99
    assert found["near"] > 0.8


def test_weak_columns_names_and_ids_are_not_recorded() -> None:
    assert strengths({"label": LATE, "noise": NOISE, "id": [f"p{i}" for i in range(ROWS)], "weak": NOISE + LATE * 0.3}) == {}


def test_the_strongest_comes_first() -> None:
    found = list(strengths({"label": LATE, "b": LATE * 2 + NOISE, "a": LATE}))
    assert found == ["a", "b"]


def test_rows_without_a_label_do_not_count() -> None:
    label = pl.Series([None if i % 2 else bool(late) for i, late in enumerate(LATE)])
    values = np.where(np.arange(ROWS) % 2, NOISE * 1e6, LATE)
    assert strengths({"label": label, "x": values})["x"] > 0.999


def test_a_large_frame_is_sampled_the_same_way_every_time() -> None:
    columns = {"label": LATE, "x": LATE * 2 + NOISE}
    first, again = strengths(columns, rows=500, seed=1), strengths(columns, rows=500, seed=1)
    assert first == again != strengths(columns, rows=500, seed=2)


@pytest.mark.parametrize(
    ("columns", "message"), [({"x": [1]}, "no label column"), ({"label": [None, None], "x": [1, 2]}, "no row has a value")]
)
def test_a_label_that_is_not_there_is_a_problem(columns: Any, message: str) -> None:
    with pytest.raises(UserProblem, match=message):
        find(pl.LazyFrame(columns), "label")


def test_odd_columns_say_nothing_and_break_nothing() -> None:
    rows = 50
    label = [i % 2 == 0 for i in range(rows)]
    odd = {
        "label": label,
        "nulls": [None] * rows,
        "nan": [float("nan")] * rows,
        "inf": [float("inf"), float("-inf")] * (rows // 2),
        "binary": [b"\xff"] * rows,
        "list": [[1]] * rows,
        "struct": [{"a": 1}] * rows,
        "long": ["‮\x00" * 5_000] * rows,
        "huge": [1e308 * (-1) ** (i // 2) for i in range(rows)],
        "": [1] * rows,
        "wide": pl.Series([2**100 + i // 2 for i in range(rows)], dtype=pl.Int128),
    }
    assert strengths(odd) == {}


def test_too_few_rows_prove_nothing() -> None:
    assert strengths({"label": [True, False, True], "x": [1, 0, 1]}) == {}
    assert strengths({"label": [1.5] * 30, "x": list(range(30))}) == {}
