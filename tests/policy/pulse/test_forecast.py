"""A forecast follows its data: moved and stretched with it, sure of a straight line, silent about too few versions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy.metrics import Better
from policy.pulse.forecast import Forecast, Outlook, Point, due, forecast, meets

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=200)
BY = date(2026, 12, 31)
VALUES = st.lists(st.integers(-1_000, 1_000).map(lambda each: each / 1_000), min_size=3, max_size=12)


def points(values: list[float], every: int = 10) -> list[Point]:
    return [Point(f"v{index + 1}", START + timedelta(days=every * index), value) for index, value in enumerate(values)]


def at(values: list[float], target: float = 2.0, better: Better = "higher", now: datetime = NOW) -> Forecast:
    return forecast(points(values), target, better, BY, now)


def test_a_straight_line_is_carried_on_and_is_sure() -> None:
    found = at([0.70, 0.71, 0.72], target=0.9)
    days = (due(BY) - START).days
    assert found.expected == pytest.approx(0.70 + days * 0.001) and found.low == found.high == found.expected
    assert (found.outlook, found.chance) == (Outlook.ON_TRACK, 1.0)
    assert at([0.70, 0.71, 0.72], target=1.1).outlook is Outlook.AT_RISK


def test_the_interval_is_that_of_the_textbook() -> None:
    # y on x = 0, 10, 20, 30 is 1, 3, 2, 4: slope 0.08, mean 2.5, residuals -.3, .9, -.9, .3, so s² = 0.9.
    found = forecast(points([1.0, 3.0, 2.0, 4.0]), 9.0, "higher", date(2026, 2, 9), START + timedelta(days=31))
    reach = 1.885618083164127 * (0.9 * (1 + 1 / 4 + 25**2 / 500)) ** 0.5
    assert found.expected == pytest.approx(2.5 + 0.08 * 25)
    assert (found.low, found.high) == (pytest.approx(4.5 - reach), pytest.approx(4.5 + reach))


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.6]])
def test_fewer_than_three_versions_are_too_little_and_nothing_is_guessed(values: list[float]) -> None:
    found = at(values)
    assert found.outlook is Outlook.TOO_LITTLE and found.expected is None and found.chance is None


def test_versions_of_one_moment_make_no_line() -> None:
    assert forecast([Point("v", START, each) for each in (1.0, 2.0, 3.0)], 9, "higher", BY, NOW).outlook is Outlook.TOO_LITTLE


def test_after_its_day_an_objective_is_reached_or_missed_and_not_before() -> None:
    last = due(BY) - timedelta(seconds=1)
    assert at([0.1, 0.2, 0.1], now=last).outlook is Outlook.AT_RISK
    assert at([0.1, 0.2, 0.1], now=due(BY)).outlook is Outlook.MISSED
    assert at([], now=due(BY)).outlook is Outlook.MISSED
    assert at([0.1, 0.2, 2.0], now=due(BY)).outlook is Outlook.REACHED


def test_a_version_that_is_still_to_come_does_not_count() -> None:
    assert at([0.1, 0.2, 0.3, 9.0], now=START + timedelta(days=25)).latest == points([0.1, 0.2, 0.3])[-1]


@given(VALUES, st.integers(-100, 100), st.sampled_from([-4.0, -0.5, 0.25, 2.0, 1024.0]))
def test_moving_and_stretching_the_scale_moves_and_stretches_the_forecast(values: list[float], shift: int, scale: float) -> None:
    one = at(values)
    better: Better = "higher" if scale > 0 else "lower"
    other = at([each * scale + shift for each in values], 2.0 * scale + shift, better)
    assert one.expected is not None and other.expected is not None
    room = 1e-6 * (abs(scale) + abs(shift))
    assert other.expected == pytest.approx(one.expected * scale + shift, abs=room)
    ends = sorted((each or 0.0) * scale + shift for each in (one.low, one.high))
    assert [other.low, other.high] == pytest.approx(ends, abs=room * 100)
    assume(abs(one.expected - 2.0) > 1e-6)
    assert other.outlook is one.outlook and other.chance == pytest.approx(one.chance, abs=1e-4)


@given(VALUES)
def test_the_forecast_lies_in_its_interval_and_the_chance_is_one(values: list[float]) -> None:
    found = at(values)
    assert found.expected is not None and found.low is not None and found.high is not None and found.chance is not None
    assert found.low <= found.expected <= found.high and 0 <= found.chance <= 1
    assert (found.outlook is Outlook.ON_TRACK) == (found.chance >= 0.5) or abs(found.expected - 2.0) < 1e-6


@given(VALUES.map(sorted))
def test_of_values_that_never_fall_the_forecast_does_not_fall_below_the_middle(values: list[float]) -> None:
    found = at(values)
    assert found.expected is not None and found.expected >= sum(values) / len(values) - 1e-9


@given(VALUES, st.integers(0, 900))
def test_what_is_reached_stays_reached_however_late_it_is_looked_at(values: list[float], later: int) -> None:
    found = at([*values, 2.0])
    assert found.outlook is Outlook.REACHED
    assert at([*values, 2.0], now=NOW + timedelta(days=later)).outlook is Outlook.REACHED
    assert at([*values, 2.0, 2.5], now=NOW + timedelta(days=later)).outlook is Outlook.REACHED


@given(VALUES, st.integers(0, 900), st.randoms())
def test_the_order_in_which_versions_are_named_says_nothing(values: list[float], later: int, random: object) -> None:
    shuffled = points(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    moment = NOW + timedelta(days=later)
    assert forecast(shuffled, 2.0, "higher", BY, moment) == forecast(points(values), 2.0, "higher", BY, moment)


@given(VALUES, st.integers(0, 164))
def test_no_day_before_the_last_makes_it_missed(values: list[float], later: int) -> None:
    assert at(values, now=NOW + timedelta(days=min(later, 164))).outlook is not Outlook.MISSED


def test_the_target_itself_meets_the_target_whatever_binary_makes_of_it() -> None:
    assert meets(0.1 + 0.2, 0.3, "higher") and meets(0.1 + 0.2, 0.3, "lower")
    assert not meets(0.2999, 0.3, "higher") and not meets(0.3001, 0.3, "lower")
