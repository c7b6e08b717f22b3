"""Distances: the definitions of scipy where summaries are exact, and a bound that is never broken where they are not."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from actions.drift import distances
from actions.drift.cells import of_numbers
from actions.drift.distances import Shares
from actions.drift.numbers import Numbers, merge, unit
from tests.actions.drift.laws import columns, samples

counts = st.lists(st.integers(0, 1_000), min_size=1, max_size=30)


def exactly(values: np.ndarray) -> Numbers:
    return Numbers.of(values.copy(), exact=True)


@settings(deadline=None)
@given(samples, samples)
def test_wasserstein_is_that_of_scipy_over_the_deviation_of_the_base(base: np.ndarray, head: np.ndarray) -> None:
    found = distances.wasserstein(exactly(base), exactly(head))
    scale = unit(*base.tolist(), *head.tolist())
    deviation = (base / scale).std() if base.min() < base.max() else (np.concatenate((base, head)) / scale).std()
    raw = wasserstein_distance(base / scale, head / scale)
    assert found.bound == 0
    if raw == 0:
        assert found.value == 0
    elif deviation > 1e-6 * np.abs(base / scale).max():
        assert found.value == pytest.approx(min(raw / deviation, distances.LARGEST), rel=1e-9, abs=1e-9)
    assert math.isfinite(found.value)


@settings(deadline=None)
@given(samples, samples)
def test_ks_is_that_of_scipy(base: np.ndarray, head: np.ndarray) -> None:
    found = distances.ks(exactly(base), exactly(head))
    assert found.bound == 0
    assert found.value == pytest.approx(float(ks_2samp(base, head, method="asymp").statistic), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 1_000)), min_size=1, max_size=30))
def test_jensen_shannon_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    p, q = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    if not p.sum() or not q.sum():
        return
    p, q = p / p.sum(), q / q.sum()
    found = distances.jensen_shannon(Shares.exactly(p), Shares.exactly(q))
    # scipy clips rounding below 0 nowhere and takes the root of it: there it says NaN or a few parts in 10^9.
    assert found.value**2 == pytest.approx(float(np.nan_to_num(jensenshannon(p, q, base=2))) ** 2, abs=1e-15)
    assert found.value == pytest.approx(
        float(np.nan_to_num(jensenshannon(p, q, base=2))), abs=1e-9 if not np.allclose(p, q) else 1e-7
    )


@settings(deadline=None)
@given(counts)
def test_equal_shares_are_at_no_distance(found: list[int]) -> None:
    shares = np.array(found) / max(sum(found), 1)
    assert distances.jensen_shannon(Shares.exactly(shares), Shares.exactly(shares.copy())).value == 0
    assert distances.psi(Shares.exactly(shares), Shares.exactly(shares.copy())).value == 0


def test_disjoint_shares_are_at_jensen_shannon_distance_1() -> None:
    assert distances.jensen_shannon(Shares.exactly(np.array([1.0, 0.0])), Shares.exactly(np.array([0.0, 1.0]))).value == 1


def test_psi_of_a_worked_example() -> None:
    base, head = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.3, 0.3])
    wanted = -0.1 * math.log(0.4 / 0.5) + 0.1 * math.log(0.3 / 0.2)
    assert distances.psi(Shares.exactly(base), Shares.exactly(head)).value == pytest.approx(wanted, abs=1e-12)


def test_an_empty_cell_counts_as_epsilon_in_psi() -> None:
    found = distances.psi(Shares.exactly(np.array([0.9, 0.1])), Shares.exactly(np.array([1.0, 0.0]))).value
    epsilon = distances.EPSILON
    assert found == pytest.approx(0.1 * math.log(1 / 0.9) + (epsilon - 0.1) * math.log(epsilon / 0.1))


def test_a_constant_that_stays_did_not_move_and_one_that_changes_did() -> None:
    still = distances.wasserstein(exactly(np.full(9, 7.0)), exactly(np.full(5, 7.0)))
    moved = distances.wasserstein(exactly(np.full(9, 7.0)), exactly(np.full(5, 7.1)))
    assert still.value == 0
    assert moved.value >= 2


def test_a_constant_that_begins_to_vary_in_one_row_of_a_hundred_is_worth_a_look() -> None:
    head = np.zeros(10_000)
    head[:100] = 5.0
    assert 0.1 < distances.wasserstein(exactly(np.zeros(10_000)), exactly(head)).value < 0.2


def test_no_distance_is_infinite() -> None:
    found = distances.wasserstein(exactly(np.array([0.0, 5e-324])), exactly(np.array([-1.7e308, 1.7e308])))
    assert found.value == distances.LARGEST


def within(found: distances.Distance, exact: distances.Distance) -> bool:
    return abs(found.value - exact.value) <= found.bound + 1e-9 * max(1.0, exact.value)


@settings(max_examples=60, deadline=None)
@given(columns(), columns())
def test_a_profile_is_never_further_from_the_exact_distance_than_its_bound(base: np.ndarray, head: np.ndarray) -> None:
    profiled, exact = (Numbers.of(base.copy()), Numbers.of(head.copy())), (exactly(base), exactly(head))
    for distance in (distances.wasserstein, distances.ks):
        assert within(distance(*profiled), distance(*exact))
    for distance in (distances.psi, distances.jensen_shannon):
        assert within(distance(*of_numbers(*profiled)), distance(*of_numbers(*exact)))


@settings(max_examples=40, deadline=None)
@given(st.lists(columns(), min_size=2, max_size=4), columns(), st.integers(0, 1))
def test_a_merged_profile_keeps_within_its_larger_bound(parts: list[np.ndarray], other: np.ndarray, swap: int) -> None:
    merged, whole = merge([Numbers.of(part.copy()) for part in parts]), exactly(np.concatenate(parts))
    apart, exact_apart = Numbers.of(other.copy()), exactly(other)
    profiled, exact = [(merged, apart), (apart, merged)][swap], [(whole, exact_apart), (exact_apart, whole)][swap]
    for distance in (distances.wasserstein, distances.ks):
        assert within(distance(*profiled), distance(*exact))


def test_the_bound_is_small_for_ordinary_columns() -> None:
    random = np.random.default_rng(3)
    for base in (random.normal(size=200_000), random.exponential(size=200_000), random.uniform(size=200_000)):
        pair = Numbers.of(base.copy()), Numbers.of(base + 0.01)
        assert distances.wasserstein(*pair).bound < 0.005
        assert distances.ks(*pair).bound < 0.0025
