"""Intervals and P-values from confidence distributions, and Holm's correction."""

from statistics import NormalDist

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from policy.confidence import holm, interval, p_above, p_below, quantile
from policy.facts.evaluation import Confidence

NORMAL = NormalDist()
P_VALUES = st.lists(st.floats(0, 1), max_size=30)
NUMBERS = st.floats(-5, 5)


def normal(error: float) -> Confidence:
    return Confidence(method="delong", standard_error=error)


def grid(values: list[float], reach: float = 2.5) -> Confidence:
    step = 2 * reach / (len(values) - 1)
    levels = [NORMAL.cdf(-reach + step * position) for position in range(len(values))]
    return Confidence(method="bootstrap_bca", grid=list(zip(levels, sorted(values), strict=True)))


def test_a_normal_distribution_gives_the_textbook_interval() -> None:
    low, high = interval(normal(2.0), 1.0, 0.95)
    assert (low, high) == pytest.approx((1 - 1.959964 * 2, 1 + 1.959964 * 2), rel=1e-6)


def test_p_values_of_a_normal_distribution_are_those_of_a_z_test() -> None:
    assert p_below(normal(1.0), -2.0, 0.0) == pytest.approx(NORMAL.cdf(-2.0))
    assert p_above(normal(1.0), 2.0, 0.0) == pytest.approx(NORMAL.cdf(-2.0))


def test_a_grid_that_is_normal_behaves_as_the_normal_also_beyond_its_ends() -> None:
    bootstrap = grid([-0.1 + 0.04 * z for z in (-2.5, -1.25, 0, 1.25, 2.5)])
    for value in (-0.4, -0.15, -0.1, 0.0, 0.03, 0.2):
        assert p_below(bootstrap, -0.1, value) == pytest.approx(p_below(normal(0.04), -0.1, value), rel=1e-6)
        assert p_above(bootstrap, -0.1, value) == pytest.approx(p_above(normal(0.04), -0.1, value), rel=1e-6)
    assert quantile(bootstrap, -0.1, 0.9999) == pytest.approx(quantile(normal(0.04), -0.1, 0.9999), rel=1e-6)


def test_an_exact_change_is_certain_on_either_side_and_undecided_at_itself() -> None:
    assert (p_below(normal(0.0), 0.5, 0.6), p_above(normal(0.0), 0.5, 0.4)) == (0.0, 0.0)
    assert (p_below(normal(0.0), 0.5, 0.5), p_above(normal(0.0), 0.5, 0.5)) == (1.0, 1.0)
    assert (p_below(normal(0.0), 0.735 - 0.74, -0.005), p_above(normal(0.0), 0.735 - 0.74, -0.005)) == (1.0, 1.0)


def test_where_the_distribution_jumps_both_p_values_claim_less() -> None:
    steps = grid([-1.0, 0.0, 0.0, 0.0, 1.0])
    assert p_below(steps, 0.0, 0.0) + p_above(steps, 0.0, 0.0) > 1


@given(st.lists(NUMBERS, min_size=3, max_size=15), NUMBERS)
@example([0.0, 1.0, 1.0, -5e-324], 0.0)  # the smallest number there is
def test_both_p_values_add_up_to_at_least_one(values: list[float], value: float) -> None:
    assert p_below(grid(values), 0.0, value) + p_above(grid(values), 0.0, value) >= 1 - 1e-9


@given(st.lists(NUMBERS, min_size=3, max_size=15), NUMBERS, NUMBERS)
def test_p_values_are_monotone(values: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert p_below(grid(values), 0.0, low) >= p_below(grid(values), 0.0, high) - 1e-12
    assert p_above(grid(values), 0.0, low) <= p_above(grid(values), 0.0, high) + 1e-12


@given(st.lists(st.integers(-40, 40), min_size=3, max_size=15, unique=True), st.floats(0.51, 0.9999))
def test_the_ends_of_an_interval_have_the_p_value_of_their_tail(values: list[int], level: float) -> None:
    confidence = grid([value / 10 for value in values])
    low, high = interval(confidence, 0.0, level)
    assert p_above(confidence, 0.0, low) == pytest.approx((1 - level) / 2, rel=1e-3, abs=1e-6)
    assert p_below(confidence, 0.0, high) == pytest.approx((1 - level) / 2, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"standard_error": 0.1, "grid": [(0.1, 0.0), (0.9, 1.0)]},
        {"grid": [(0.1, 1.0), (0.9, 0.0)]},
        {"grid": [(0.9, 0.0), (0.1, 1.0)]},
        {"grid": [(0.6, 0.0), (0.9, 1.0)]},
        {"grid": [(0.0, 0.0), (0.9, 1.0)]},
        {"grid": [(0.1, float("nan")), (0.9, 1.0)]},
        {"standard_error": -1.0},
        {"standard_error": float("inf")},
    ],
)
def test_ga_03_what_is_no_distribution_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Confidence.model_validate({"method": "delong", **parts})


def test_holm_on_the_example_of_a_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(P_VALUES)
def test_holm_never_lowers_and_stays_between_itself_and_bonferroni(p_values: list[float]) -> None:
    for raw, adjusted in zip(p_values, holm(p_values), strict=True):
        assert raw <= adjusted <= min(1.0, raw * len(p_values)) or adjusted == pytest.approx(raw)


@given(P_VALUES)
def test_holm_keeps_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert [adjusted[i] for i in sorted(range(len(p_values)), key=lambda i: (p_values[i], adjusted[i]))] == sorted(adjusted)


@given(P_VALUES.filter(bool), st.data())
def test_raising_one_p_value_lowers_no_adjusted_one(p_values: list[float], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(p_values) - 1))
    raised = list(p_values)
    raised[index] = data.draw(st.floats(p_values[index], 1))
    assert all(after >= before - 1e-12 for before, after in zip(holm(p_values), holm(raised), strict=True))


def test_holm_errs_at_most_as_often_as_it_says_when_nothing_changed() -> None:
    """Twenty true null hypotheses, correlated as the gates of one verdict are: any rejection at all is an error."""
    import random

    draw = random.Random(1)
    errors = 0
    for _ in range(4_000):
        common = draw.gauss(0, 1)
        scores = [0.7 * common + 0.714 * draw.gauss(0, 1) for _ in range(20)]
        errors += min(holm([NORMAL.cdf(score) for score in scores])) <= 0.025
    assert errors / 4_000 <= 0.025 + 3 * (0.025 * 0.975 / 4_000) ** 0.5
