"""The summary of a column of numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.drift.numbers import KEEP, STEPS, Numbers, merge, unit
from tests.actions.drift.laws import columns, samples


def holds(summary: Numbers, values: np.ndarray) -> None:
    """Every rank that the summary claims encloses the true one, at its points and everywhere between."""
    values = np.sort(values)
    grid = np.unique(np.concatenate((values, summary.points, (values[1:] + values[:-1]) / 2, [values[0] - 1, values[-1] + 1])))
    known = summary.around(grid)
    below, upto = np.searchsorted(values, grid, side="left"), np.searchsorted(values, grid, side="right")
    assert (known.below_low <= below).all() and (below <= known.below_high).all()
    assert (known.upto_low <= upto).all() and (upto <= known.upto_high).all()
    assert (known.upto_guess >= known.upto_low - 1e-6).all() and (known.upto_guess <= known.upto_high + 1e-6).all()
    assert np.max(np.abs(known.upto_guess - upto)) <= 2 * summary.rank_error * len(values) + 1e-6


@settings(deadline=None)
@given(samples)
def test_a_short_column_is_kept_exactly(values: np.ndarray) -> None:
    summary = Numbers.of(values.copy())
    assert summary.exact
    assert summary.rank_error == 0
    assert summary.points.tolist() == np.unique(values).tolist()


@settings(max_examples=40, deadline=None)
@given(columns())
def test_the_ranks_of_a_long_column_enclose_the_true_ones(values: np.ndarray) -> None:
    summary = Numbers.of(values.copy())
    assert len(summary.points) <= KEEP
    assert summary.rank_error <= 1 / (2 * STEPS) + 1 / len(values)
    holds(summary, values)


@settings(max_examples=40, deadline=None)
@given(st.lists(columns(), min_size=2, max_size=4))
def test_the_ranks_of_merged_columns_enclose_the_true_ones(parts: list[np.ndarray]) -> None:
    summaries = [Numbers.of(part.copy()) for part in parts]
    together = merge(summaries)
    before = sum(summary.rank_error * summary.count for summary in summaries) / together.count
    assert len(together.points) <= KEEP
    assert together.rank_error <= before + 1 / (2 * STEPS) + 1 / together.count
    holds(together, np.concatenate(parts))


@settings(max_examples=20, deadline=None)
@given(columns(), columns())
def test_merging_is_commutative(one: np.ndarray, other: np.ndarray) -> None:
    left, right = (merge([Numbers.of(part.copy()) for part in parts]) for parts in ((one, other), (other, one)))
    assert left.points.tolist() == right.points.tolist()
    assert left.upto_low.tolist() == right.upto_low.tolist()
    assert left.upto_high.tolist() == right.upto_high.tolist()
    assert left.deviation == pytest.approx(right.deviation)


@settings(max_examples=15, deadline=None)
@given(st.lists(columns(), min_size=3, max_size=3))
def test_merging_in_steps_is_as_true_as_merging_at_once(parts: list[np.ndarray]) -> None:
    first, second, third = (Numbers.of(part.copy()) for part in parts)
    in_steps = merge([merge([first, second]), third])
    holds(in_steps, np.concatenate(parts))
    assert in_steps.rank_error <= 3 / (2 * STEPS) + 3 / in_steps.count


@settings(deadline=None)
@given(samples, samples)
def test_moments_survive_a_merge(one: np.ndarray, other: np.ndarray) -> None:
    together = merge([Numbers.of(one.copy()), Numbers.of(other.copy())])
    whole = Numbers.of(np.concatenate((one, other)))
    size = max(abs(whole.lowest), abs(whole.highest))
    assert together.mean == pytest.approx(whole.mean, rel=1e-9, abs=1e-9 * size)
    assert together.deviation == pytest.approx(whole.deviation, rel=1e-6, abs=1e-9 * size)


@settings(deadline=None)
@given(samples)
def test_moments_are_those_of_numpy_where_numpy_can_compute_them(values: np.ndarray) -> None:
    summary, scale = Numbers.of(values.copy()), unit(float(values.min()), float(values.max()))
    size = float(np.abs(values).max())
    assert summary.mean == pytest.approx((values / scale).mean() * scale, rel=1e-9, abs=1e-12 * size)
    assert summary.deviation == pytest.approx((values / scale).std() * scale, rel=1e-6, abs=1e-12 * size)


def test_a_constant_has_no_deviation_at_all() -> None:
    assert Numbers.of(np.full(1_000, 0.1)).deviation == 0.0
    assert merge([Numbers.of(np.full(10, 0.1)), Numbers.of(np.full(7, 0.1))]).deviation == 0.0


def test_squares_of_huge_and_tiny_values_neither_overflow_nor_vanish() -> None:
    assert Numbers.of(np.array([-1e308, 1e308])).deviation == pytest.approx(1e308)
    assert Numbers.of(np.array([-1e-300, 1e-300])).deviation == pytest.approx(1e-300)


def test_nan_and_infinities_are_left_out() -> None:
    summary = Numbers.of(np.array([np.nan, 1.0, -np.inf, 2.0, np.inf, np.nan]))
    assert summary.count == 2
    assert (summary.lowest, summary.highest) == (1.0, 2.0)


def test_nothing_is_a_summary_too() -> None:
    assert Numbers.of(np.empty(0)).count == 0
    assert Numbers.of(np.array([np.nan])).rank_error == 0
    assert merge([Numbers.of(np.empty(0)), Numbers.of(np.array([3.0]))]).count == 1
    assert merge([]).count == 0


def test_the_deciles_of_a_long_column_are_among_its_points() -> None:
    values = np.sort(np.random.default_rng(1).normal(size=1_000_003))
    points = set(Numbers.of(values.copy()).points.tolist())
    assert {float(values[-(-len(values) * tenth // 10) - 1]) for tenth in range(1, 11)} <= points


def test_two_runs_keep_the_same_points() -> None:
    values = np.random.default_rng(2).standard_cauchy(100_000)
    assert Numbers.of(values.copy()).points.tolist() == Numbers.of(values[::-1].copy()).points.tolist()
