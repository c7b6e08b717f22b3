"""Freeze windows are read by the clocks of their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from policy.windows import TimeZone, Window, within

WEEKEND = "Fri 16:00 - Mon 08:00"


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("2026-11-27T15:59+00:00", False),
        ("2026-11-27T16:00+00:00", True),
        ("2026-11-29T12:00+00:00", True),
        ("2026-11-30T07:59+00:00", True),
        ("2026-11-30T08:00+00:00", False),
    ],
)
def test_a_weekly_window_passes_over_the_end_of_the_week(now: str, held: bool) -> None:
    assert (within([WEEKEND], "UTC", datetime.fromisoformat(now)) == WEEKEND) is held


def test_a_weekly_window_within_a_week_ends_on_its_day() -> None:
    assert within(["Tue 09:00 - Wed 09:00"], "UTC", datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert not within(["Tue 09:00 - Wed 09:00"], "UTC", datetime(2026, 11, 26, 10, tzinfo=UTC))


def test_the_last_date_counts_whole_unless_an_hour_is_given() -> None:
    last = datetime(2027, 1, 2, 23, 59, tzinfo=UTC)
    assert within(["2026-12-20 - 2027-01-02"], "UTC", last)
    assert not within(["2026-12-20 - 2027-01-02"], "UTC", last + timedelta(minutes=1))
    assert not within(["2026-12-20 12:00 - 2027-01-02 08:00"], "UTC", last)


def test_a_window_is_read_by_the_clocks_of_its_zone_in_summer_and_in_winter() -> None:
    assert within([WEEKEND], "Europe/Berlin", datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    assert within([WEEKEND], "Europe/Berlin", datetime(2026, 7, 3, 14, 0, tzinfo=UTC))
    assert not within([WEEKEND], "Europe/Berlin", datetime(2026, 11, 27, 14, 59, tzinfo=UTC))


def test_an_hour_that_passes_twice_is_held_both_times() -> None:
    window = ["2026-10-25 02:00 - 2026-10-25 03:00"]
    assert within(window, "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert within(window, "Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weekends", "write"),
        ("Fri 16:00 - Fri 16:00", "same moment"),
        ("Fri 24:00 - Mon 08:00", "write"),
        ("2026-02-30 - 2026-03-01", "no day"),
        ("2027-01-02 - 2026-12-20", "ends before"),
        ("2026-12-20 - 2027-01-02\n", "write"),
    ],
)
def test_what_is_no_window_is_said(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Window).validate_python(text)


@pytest.mark.parametrize("text", ["Europe/Berln", "../UTC", "", "Europe", "a\0b"])
def test_what_is_no_time_zone_is_said(text: str) -> None:
    with pytest.raises(ValidationError, match="time zone"):
        TypeAdapter(TimeZone).validate_python(text)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.integers(-12, 12))
def test_the_same_moment_gives_the_same_answer_whatever_its_offset(moment: datetime, hours: int) -> None:
    here = moment.replace(tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=hours)))
    assert within([WEEKEND], "America/New_York", here) == within([WEEKEND], "America/New_York", there)
