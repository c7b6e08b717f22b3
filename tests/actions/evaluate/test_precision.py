"""Average precision, weighted, and its derivative."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from actions.evaluate.precision import average_precision, influence, rank

SEEDS = st.integers(0, 10_000)


def rows(seed: int, count: int = 40, values: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return np.r_[True, False, rng.random(count) < 0.4], rng.integers(0, values, count + 2).astype(float)


@given(SEEDS)
def test_weighted_values_are_those_of_scikit_learn(seed: int) -> None:
    positive, score = rows(seed)
    weights = np.random.default_rng([seed, 1]).integers(0, 3, len(score)).astype(float)
    weights[0] = 1
    expected = average_precision_score(positive, score, sample_weight=weights)
    assert float(average_precision(rank(positive, score), weights)) == pytest.approx(expected, abs=1e-12)


@given(SEEDS)
def test_the_influence_is_the_derivative_by_each_rows_weight(seed: int) -> None:
    positive, score = rows(seed, 15)
    ranking, step = rank(positive, score), 1e-6
    ones = np.ones(len(score))
    moved = ones + step * np.eye(len(score))
    back = ones - step * np.eye(len(score))
    slopes = (average_precision(ranking, moved) - average_precision(ranking, back)) / (2 * step)
    assert influence(ranking) == pytest.approx(slopes, abs=1e-7)


@given(SEEDS)
def test_equal_weights_for_all_move_nothing(seed: int) -> None:
    positive, score = rows(seed)
    assert float(influence(rank(positive, score)).sum()) == pytest.approx(0, abs=1e-12)


def test_many_weightings_at_once_are_one_at_a_time() -> None:
    positive, score = rows(1)
    weights = np.random.default_rng(0).integers(0, 3, (5, len(score))).astype(float)
    ranking = rank(positive, score)
    assert average_precision(ranking, weights) == pytest.approx([float(average_precision(ranking, each)) for each in weights])
