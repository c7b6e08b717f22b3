"""A histogram in one line."""

from hypothesis import given
from hypothesis import strategies as st

from reports.sparkline import pair, sparkline, trend

counts = st.lists(st.integers(min_value=0, max_value=10**9), max_size=64)


def test_bars_stand_as_high_as_their_counts() -> None:
    assert sparkline([0, 1, 2, 4, 8]) == "▁▂▃▅█"
    assert sparkline([1, 1_000_000]) == "▂█"


def test_nothing_to_count_is_no_picture() -> None:
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == ""
    assert pair([], []) == ""


def test_base_stands_beside_head() -> None:
    assert pair([1, 2], [2, 1]) == "▅█ ▸ █▅"
    assert pair([], [2, 1]) == "· ▸ █▅"


@given(counts)
def test_a_picture_is_at_most_twelve_bars_and_its_tallest_is_full(found: list[int]) -> None:
    shown = sparkline(found)
    assert len(shown) == (min(len(found), 12) if any(found) else 0)
    assert set(shown) <= set("▁▂▃▄▅▆▇█")
    assert not shown or "█" in shown


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.lists(st.integers(0, 10**6), max_size=40))
def test_one_hill_stays_one_hill(left: list[int], right: list[int]) -> None:
    shown = sparkline([*sorted(left), *sorted(right, reverse=True)])
    top = shown.find("█")
    assert list(shown[:top]) == sorted(shown[:top])
    assert list(shown[top:]) == sorted(shown[top:], reverse=True)


def test_every_bar_covers_as_many_bins_as_the_others() -> None:
    assert sparkline([1] * 20) == "█" * 12
    assert sparkline([0] * 10 + [5] * 10) == "▁" * 6 + "█" * 6


def test_a_trend_runs_from_the_lowest_value_to_the_highest() -> None:
    assert trend([0.71, 0.72, 0.73]) == "▁▅█" and trend([3, 3]) == "▄▄" and trend([]) == ""
    assert trend([-1e308, 1e308]) == "▁█"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_a_trend_has_a_bar_for_each_of_the_last_values(values: list[float]) -> None:
    assert len(trend(values)) == min(len(values), 12)
