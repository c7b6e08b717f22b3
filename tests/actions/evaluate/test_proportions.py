"""Tango's interval for the change of accuracy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.evaluate import proportions
from actions.evaluate.bootstrap import LEVELS, SCALE
from policy.confidence import interval, p_below

CELLS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60))


def bounds(gained: int, lost: int, rows: int, level: float = 0.95) -> tuple[float, float]:
    confidence = proportions.distribution(gained, lost, rows, SCALE, LEVELS)
    return interval(confidence, (gained - lost) / rows, level)


@given(CELLS)
def test_at_zero_it_is_mcnemars_test(cells: tuple[int, int, int]) -> None:
    gained, lost, agreed = cells
    if gained + lost:
        value = proportions.statistic(gained, lost, gained + lost + agreed, np.array([0.0]))[0]
        assert value == pytest.approx((gained - lost) / math.sqrt(gained + lost), abs=1e-9)


@given(CELLS)
def test_the_interval_holds_what_the_test_does_not_reject(cells: tuple[int, int, int]) -> None:
    gained, lost, agreed = cells
    rows = gained + lost + agreed
    low, high = bounds(gained, lost, rows)
    assert -1 <= low <= (gained - lost) / rows <= high <= 1
    for end, wanted in ((low, 1.96), (high, -1.96)):
        if abs(end) < 0.999:
            assert proportions.statistic(gained, lost, rows, np.array([end]))[0] == pytest.approx(wanted, abs=0.03)


@given(CELLS)
def test_swapping_the_sides_mirrors_the_interval(cells: tuple[int, int, int]) -> None:
    gained, lost, agreed = cells
    rows = gained + lost + agreed
    low, high = bounds(gained, lost, rows)
    other_low, other_high = bounds(lost, gained, rows)
    assert (low, high) == pytest.approx((-other_high, -other_low), abs=1e-6)


def test_no_discordant_row_among_few_is_not_certainty() -> None:
    low, high = bounds(0, 0, 20)
    assert high == pytest.approx(1.96**2 / (20 + 1.96**2), abs=2e-3)  # the closed form of Tango's interval there
    assert low == pytest.approx(-high, abs=1e-9)


def test_a_published_example() -> None:
    """Airway reactivity before and after a transplantation, 1 and 7 discordant of 21 pairs (Fagerland, Lydersen & Laake,
    Statistics in Medicine 2014): Tango's interval is -0.517 to -0.026."""
    assert bounds(1, 7, 21) == pytest.approx((-0.517, -0.026), abs=5e-4)


@pytest.mark.parametrize(("rows", "up", "down"), [(30, 0.10, 0.10), (30, 0.02, 0.05), (200, 0.01, 0.01)])
def test_the_exact_probability_of_a_false_alarm_stays_near_its_level(rows: int, up: float, down: float) -> None:
    """Summed over every table of the trinomial: how often a true change is called below itself at 2.5 %."""
    truth, alarm, total = up - down, 0.0, 0.0
    for gained in range(rows + 1):
        for lost in range(rows + 1 - gained):
            chance = math.exp(
                math.lgamma(rows + 1) - math.lgamma(gained + 1) - math.lgamma(lost + 1) - math.lgamma(rows - gained - lost + 1)
                + gained * math.log(up) + lost * math.log(down) + (rows - gained - lost) * math.log(1 - up - down)
            )  # fmt: skip
            if chance < 1e-9:
                continue
            total += chance
            confidence = proportions.distribution(gained, lost, rows, SCALE, LEVELS)
            alarm += chance * (p_below(confidence, (gained - lost) / rows, truth) <= 0.025)
    assert total > 0.999
    assert alarm <= 0.04
