"""Student's t distribution agrees with scipy's, and its quantiles are its inverse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from policy.pulse.student import cdf, quantile

FREEDOM = st.integers(1, 60)


@given(st.floats(-50, 50), FREEDOM)
def test_the_distribution_agrees_with_scipy(t: float, freedom: int) -> None:
    assert cdf(t, freedom) == pytest.approx(float(stats.t.cdf(t, freedom)), abs=1e-10)


@given(st.floats(0.001, 0.999), FREEDOM)
def test_quantiles_agree_with_scipy_and_lead_back(p: float, freedom: int) -> None:
    assert quantile(p, freedom) == pytest.approx(float(stats.t.ppf(p, freedom)), rel=1e-8, abs=1e-8)
    assert cdf(quantile(p, freedom), freedom) == pytest.approx(p, abs=1e-9)


def test_the_ends_are_nothing_and_all() -> None:
    assert [cdf(each, 3) for each in (float("-inf"), 0.0, float("inf"))] == pytest.approx([0, 0.5, 1])


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in (lambda: cdf(1.0, 0), lambda: quantile(0.0, 3), lambda: quantile(1.0, 3)):
        with pytest.raises(ValueError, match=r"t distribution|quantile"):
            wrong()
