"""The bootstrap: exact sums, the same draws for the same seed, and BCa as in the literature."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.evaluate import bootstrap
from policy.confidence import interval


def test_every_resample_draws_as_many_rows_as_there_are() -> None:
    for drawn in bootstrap.weights(50, 30, 0, ""):
        assert (drawn.sum(axis=1) == 50).all()


def test_the_chunks_do_not_change_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    together = list(bootstrap.weights(50, 30, 7, "x"))
    monkeypatch.setattr(bootstrap, "_CHUNK", 100)
    apart = list(bootstrap.weights(50, 30, 7, "x"))
    assert (len(together), len(apart)) == (1, 15)
    assert np.array_equal(np.concatenate(together), np.concatenate(apart))


def test_seed_and_sample_choose_the_draws() -> None:
    first = next(bootstrap.weights(50, 3, 7, "x"))
    assert np.array_equal(first, next(bootstrap.weights(50, 3, 7, "x")))
    assert not np.array_equal(first, next(bootstrap.weights(50, 3, 8, "x")))
    assert not np.array_equal(first, next(bootstrap.weights(50, 3, 7, "y")))


@settings(max_examples=30)
@given(st.integers(0, 1_000), st.floats(1e-8, 1e8))
def test_sums_are_exact_in_any_order_so_threads_cannot_change_them(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    numbers, units = bootstrap.whole(scale * rng.standard_cauchy((3_000, 3)))
    found = bootstrap.sums(numbers, 4, seed, "")
    drawn = np.concatenate(list(bootstrap.weights(3_000, 4, seed, ""))).astype(int)
    by_hand = [[sum(int(w) * int(x) for w, x in zip(each, column, strict=True)) for column in numbers.T] for each in drawn]
    assert found.tolist() == by_hand
    assert (units > 0).all()


def test_bca_agrees_with_scipy_on_a_skewed_mean() -> None:
    from scipy import stats

    values = np.random.default_rng(1).lognormal(size=60)
    draws = np.concatenate(list(bootstrap.weights(60, 20_000, 0, ""))) @ values / 60
    left_out = (values.sum() - values) / 59
    low, high = interval(bootstrap.bca(values.mean(), draws, left_out), values.mean(), 0.95)
    expected = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="BCa", random_state=0).confidence_interval
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=0.02)


def test_draws_that_are_all_equal_or_undefined_say_nothing() -> None:
    assert bootstrap.bca(0.0, np.zeros(200), np.zeros(10)) is None
    assert bootstrap.bca(0.0, np.r_[np.full(10, np.nan), np.random.default_rng(0).normal(size=190)], np.arange(10.0)) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=200, max_size=200), st.floats(-1e6, 1e6), st.integers(0, 99))
def test_whatever_is_drawn_gives_a_rising_grid_or_none(draws: list[float], observed: float, seed: int) -> None:
    left_out = np.random.default_rng(seed).standard_cauchy(50)
    confidence = bootstrap.bca(observed, np.array(draws), left_out)
    if confidence is not None:  # its own validator holds it to a rising grid
        low, high = interval(confidence, observed, 0.95)
        assert low <= high
