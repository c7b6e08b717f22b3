"""DeLong's variance against its definition, and its coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from actions.evaluate import delong


def by_definition(positive: np.ndarray, base: np.ndarray, head: np.ndarray) -> tuple[float, float, float]:
    """Areas and standard error from the O(mn) kernel of DeLong et al. 1988: 1 above, 1/2 equal, 0 below."""

    def kernel(score: np.ndarray) -> np.ndarray:
        gap = score[positive][:, None] - score[~positive][None, :]
        return (gap > 0) + 0.5 * (gap == 0)

    kernels = [kernel(score) for score in (base, head)]
    s10 = np.cov([each.mean(axis=1) for each in kernels])
    s01 = np.cov([each.mean(axis=0) for each in kernels])
    contrast = np.array([-1.0, 1.0])
    variance = contrast @ (s10 / positive.sum() + s01 / (~positive).sum()) @ contrast
    return float(kernels[0].mean()), float(kernels[1].mean()), float(np.sqrt(max(variance, 0.0)))


@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(2, 30), st.integers(1, 12))
def test_the_fast_algorithm_equals_the_definition_with_and_without_ties(seed: int, wins: int, losses: int, values: int) -> None:
    rng = np.random.default_rng(seed)
    positive = rng.permutation(np.r_[np.ones(wins, bool), np.zeros(losses, bool)])
    base, head = rng.integers(0, values, (2, wins + losses)) / 7
    areas = delong.compare(positive, base, head)
    first, second, error = by_definition(positive, base, head)
    assert areas.base == pytest.approx(first, abs=1e-12)
    assert areas.head == pytest.approx(second, abs=1e-12)
    if error > 1e-7:
        assert areas.standard_error == pytest.approx(error, rel=1e-9)


@given(st.integers(0, 10_000), st.integers(2, 200), st.integers(1, 20))
def test_the_area_is_that_of_scikit_learn(seed: int, rows: int, values: int) -> None:
    rng = np.random.default_rng(seed)
    positive = np.r_[True, False, rng.random(rows) < 0.3]
    score = rng.integers(0, values, rows + 2).astype(float)
    assert delong.area(positive, score) == pytest.approx(roc_auc_score(positive, score), abs=1e-12)


def test_swapping_base_and_head_keeps_the_error() -> None:
    rng = np.random.default_rng(1)
    positive, (base, head) = rng.random(200) < 0.4, rng.normal(size=(2, 200))
    one, other = delong.compare(positive, base, head), delong.compare(positive, head, base)
    assert (one.base, one.head) == (other.head, other.base)
    assert one.standard_error == pytest.approx(other.standard_error, rel=1e-12)


def test_scores_that_rank_alike_have_no_error_at_all() -> None:
    rng = np.random.default_rng(2)
    positive, base = rng.random(100) < 0.4, rng.normal(size=100)
    assert delong.compare(positive, base, np.exp(3 * base)).standard_error == 0.0


def test_two_perfect_rankings_that_differ_are_not_certain() -> None:
    """The variance estimate is zero there, and a dozen rows do not prove that nothing changed."""
    positive = np.r_[np.ones(10, bool), np.zeros(20, bool)]
    base = np.r_[np.arange(10) + 10.0, np.arange(20) / 20]
    areas = delong.compare(positive, base, np.r_[base[:10][::-1], base[10:]])
    assert (areas.base, areas.head) == (1.0, 1.0)
    assert areas.standard_error == pytest.approx(np.sqrt(2) / 12)


@pytest.mark.parametrize(("rows", "share"), [(120, 0.5), (600, 0.1)])
def test_ninety_five_percent_intervals_cover_the_true_change(rows: int, share: float) -> None:
    """Two correlated scores with areas Phi(d / sqrt(2)); 1,500 samples put a 95 % coverage within about 2 points."""
    rng = np.random.default_rng(3)
    from statistics import NormalDist

    truth = NormalDist().cdf(1.0 / np.sqrt(2)) - NormalDist().cdf(1.3 / np.sqrt(2))
    wins = int(rows * share)
    positive = np.r_[np.ones(wins, bool), np.zeros(rows - wins, bool)]
    covered = 0
    for _ in range(1_500):
        common = rng.normal(size=rows)
        base, head = (d * positive + 0.8 * common + 0.6 * rng.normal(size=rows) for d in (1.3, 1.0))
        areas = delong.compare(positive, base, head)
        covered += abs(areas.head - areas.base - truth) <= 1.959964 * areas.standard_error
    assert 0.93 <= covered / 1_500 <= 0.97


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_midranks_are_those_of_scipy(values: list[int]) -> None:
    from scipy.stats import rankdata

    assert np.array_equal(delong.midranks(np.array(values, float)), rankdata(values))
