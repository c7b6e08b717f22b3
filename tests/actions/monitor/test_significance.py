"""P-values from profiles are those of SciPy on the rows."""

import numpy as np
import polars as pl
import pytest
from scipy import special, stats

from actions.drift.categories import counted
from actions.drift.numbers import Numbers
from actions.drift.profile import Column
from actions.monitor.significance import homogeneity, kolmogorov, missing, moved, upper_gamma


def numbers(values: np.ndarray, *, exact: bool = True) -> Column:
    return Column("x", "number", "Float64", len(values), 0, numbers=Numbers.of(values.copy(), exact=exact))


def categories(values: list[str]) -> Column:
    table = pl.Series("name", values).value_counts()
    found = counted(table["name"].to_list(), table["count"].to_numpy(), total=len(values), distinct=table.height)
    return Column("x", "category", "String", len(values), 0, categories=found)


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.3])
def test_two_samples_of_numbers_are_compared_as_scipy_does(shift: float) -> None:
    draw = np.random.default_rng(3)
    base, head = draw.normal(size=5_000), draw.normal(shift, size=1_000)
    expected = stats.ks_2samp(base, head, method="asymp").pvalue
    assert moved(numbers(base), numbers(head)) == pytest.approx(expected, rel=0.1, abs=1e-3)


def test_a_small_sample_is_closer_to_the_exact_distribution_than_the_limit_is() -> None:
    statistic, exact = 0.3, stats.kstwo(20).sf(0.3)
    limit = stats.kstwobign.sf(0.3 * 20**0.5)
    assert abs(kolmogorov(statistic, 20, 10**9) - exact) < abs(limit - exact) / 3


def test_a_coarse_profile_never_makes_a_difference_surer_than_it_is() -> None:
    draw = np.random.default_rng(4)
    base, head = draw.normal(size=60_000), draw.normal(0.02, size=60_000)
    coarse = moved(numbers(base, exact=False), numbers(head, exact=False))
    whole = moved(numbers(base), numbers(head))
    assert coarse is not None and whole is not None
    assert whole <= coarse < 0.2


@pytest.mark.parametrize("tilt", [0.0, 0.03, 0.2])
def test_counts_are_compared_as_scipy_does(tilt: float) -> None:
    draw = np.random.default_rng(5)
    base = draw.choice(list("abcd"), 4_000, p=[0.4, 0.3, 0.2, 0.1]).tolist()
    head = draw.choice(list("abcd"), 900, p=[0.4 - tilt, 0.3 + tilt, 0.2, 0.1]).tolist()
    table = [[side.count(name) for name in "abcd"] for side in (base, head)]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert moved(categories(base), categories(head)) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_rare_categories_are_no_alarm_where_nothing_changed() -> None:
    draw = np.random.default_rng(6)
    shares = 1 / np.arange(1, 801)
    shares /= shares.sum()
    alarms = 0
    for _ in range(200):
        base, head = draw.multinomial(20_000, shares).astype(float), draw.multinomial(300, shares).astype(float)
        alarms += homogeneity(base, head) <= 0.05
    assert alarms <= 18  # of 200, where 10 are expected


def test_one_category_says_nothing() -> None:
    assert moved(categories(["a"] * 50), categories(["a"] * 9)) == 1.0


def test_missing_values_are_compared_as_scipy_does() -> None:
    def column(gaps: int, rows: int) -> Column:
        return Column("x", "number", "Float64", rows, gaps)

    expected = stats.chi2_contingency([[100, 4_900], [40, 960]]).pvalue
    assert missing(column(100, 5_000), column(40, 1_000)) == pytest.approx(expected, rel=1e-9)
    assert missing(column(0, 5_000), column(0, 1_000)) == 1.0
    assert missing(column(0, 0), column(0, 1_000)) is None


def test_a_column_without_values_has_no_test() -> None:
    assert moved(numbers(np.ones(9)), Column("x", "empty", "Float64", 5, 5)) is None


@pytest.mark.parametrize("shape", [0.5, 1.0, 7.5, 60.0, 500.0])
@pytest.mark.parametrize("times", [0.0, 0.2, 0.9, 1.1, 2.0, 9.0])
def test_the_tail_of_chi_square_is_scipys(shape: float, times: float) -> None:
    assert upper_gamma(shape, shape * times) == pytest.approx(special.gammaincc(shape, shape * times), rel=1e-8, abs=1e-14)


def test_no_difference_has_a_p_value_of_one_and_the_largest_of_nearly_none() -> None:
    assert kolmogorov(0.0, 100, 100) == 1.0
    assert kolmogorov(1.0, 1_000, 1_000) < 1e-100
