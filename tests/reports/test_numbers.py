"""Numbers read the way people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import numbers
from reports.numbers import compared, count, duration, number, share, signed, size

finite = st.floats(allow_nan=False, allow_infinity=False)


def test_whole_numbers_have_separators_and_a_real_minus() -> None:
    assert count(225_008) == "225,008"
    assert count(-1_200) == "−1,200"
    assert count(None) == "—"
    assert (signed(58_850), signed(-12), signed(0)) == ("+58,850", "−12", "0")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.74123, "0.7412"),
        (-0.012, "−0.012"),
        (3.1, "3.1"),
        (1_234_567.0, "1,234,567"),
        (1e-9, "1×10⁻⁹"),
        (-2.5e20, "−2.5×10²⁰"),
        (0.1 + 0.2, "0.3"),
        (None, "—"),
        (math.nan, "not a number"),
        (-math.inf, "−∞"),
    ],
)
def test_a_number_has_the_digits_that_matter(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_base_head_and_change_have_the_same_decimals() -> None:
    shown = compared(0.7412, 0.7291, -0.0121, -0.0153, -0.0089)
    assert (shown.base, shown.head, shown.change) == ("0.741", "0.729", "−0.012 (−0.015 … −0.009)")


def test_a_wide_interval_shows_fewer_decimals() -> None:
    assert compared(0.68, 0.66, -0.02, -0.09, 0.05).change == "−0.02 (−0.09 … +0.05)"


def test_numbers_that_have_one_decimal_show_one() -> None:
    assert compared(3.1, 3.2) == numbers.Compared("3.1", "3.2", "+0.1")


def test_a_change_that_is_there_never_reads_as_nothing() -> None:
    assert compared(0.5, 0.50001, None, -0.1, 0.1).change.startswith("+0.00001 ")
    assert compared(0.5, 0.5).change == "0"


def test_a_change_just_past_its_limit_does_not_read_like_the_limit() -> None:
    assert compared(0.7412, 0.73613, -0.00507, -0.02, 0.01, beside="≥ −0.005").change.startswith("−0.0051")
    assert compared(0.7412, 0.7362, -0.005, -0.02, 0.01, beside="≥ −0.005").change.startswith("−0.005 ")


def test_a_value_just_past_its_limit_does_not_read_like_the_limit() -> None:
    assert compared(0.7, 0.67999, beside="≥ 0.68").head == "0.67999"
    assert compared(0.69, 0.68, beside="≥ 0.68").head == "0.68"
    change = compared(0.7412, 0.7392, -0.002, -0.00503, 0.001, beside="≥ −0.005").change
    assert change == "−0.00200 (−0.00503 … +0.00100)"


def test_a_limit_of_the_other_sign_is_no_near_miss() -> None:
    assert compared(0.709, 0.7163, 0.0072, 0.0048, 0.0099, beside="≥ −0.005").change == "+0.007 (+0.005 … +0.010)"


def test_rows_of_one_table_have_the_same_digits_unless_a_row_needs_more() -> None:
    shown = [compared(*each).head for each in ((0.7358, 0.6373), (0.74156, 0.73474), (0.68754, 0.69013), (0.487, 0.4712))]
    assert shown == ["0.637", "0.735", "0.690", "0.471"]
    assert compared(0.6974, 0.6968).head == "0.6968"
    assert compared(1_234.5, 1_229.9) == numbers.Compared("1,234", "1,230", "−5")


rates_of_metrics = st.floats(0.001, 1)


@given(rates_of_metrics, rates_of_metrics)
def test_values_that_differ_read_differently_and_the_change_fits_them_to_a_unit(base: float, head: float) -> None:
    shown = compared(base, head)
    if abs(head - base) < 1e-7:
        return
    assert (shown.base == shown.head) == (base == head)
    decimals = len(shown.base.partition(".")[2])
    read = float(shown.head) - float(shown.base)
    assert abs(read - float(shown.change.replace("−", "-"))) <= 1.01 * 10**-decimals


def test_rates_keep_their_decimal() -> None:
    assert (numbers.rate(0.099), numbers.rate(0.1), numbers.rate(None)) == ("9.9 %", "10.0 %", "—")


def test_missing_values_are_dashes() -> None:
    assert compared(None, 0.7291) == numbers.Compared("—", "0.729", "—")
    assert compared(None, None) == numbers.Compared("—", "—", "—")


def test_tiny_and_huge_numbers_are_not_rounded_away() -> None:
    assert compared(1e-12, 3e-12).base == "1×10⁻¹²"
    assert compared(1e18, 3e18).change == "+2×10¹⁸"


@given(st.none() | finite, st.none() | finite, st.none() | finite, st.none() | finite, st.none() | finite, st.text(max_size=20))
def test_any_numbers_can_be_compared_in_few_characters(
    base: float | None, head: float | None, change: float | None, low: float | None, high: float | None, beside: str
) -> None:
    shown = compared(base, head, change, low, high, beside)
    assert max(len(shown.base), len(shown.head)) <= 40
    assert len(shown.change) <= 120
    assert "-" not in f"{shown.base}{shown.head}{shown.change}"


@given(finite.filter(lambda value: value != 0))
def test_a_number_that_is_not_nothing_is_not_shown_as_nothing(value: float) -> None:
    assert number(value) != "0"
    assert number(value).startswith("−") == (value < 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0 %"),
        (0.123, "12.3 %"),
        (0.5, "50 %"),
        (1.0, "100 %"),
        (0.999999, "> 99.99 %"),
        (0.000001, "< 0.01 %"),
        (0.0012, "0.12 %"),
        (None, "—"),
    ],
)
def test_shares_are_per_cent_and_almost_is_not_all(value: float | None, shown: str) -> None:
    assert share(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "< 0.1 s"),
        (0.4, "0.4 s"),
        (7.4, "7.4 s"),
        (12, "12 s"),
        (59.7, "1 min"),
        (72, "1 min 12 s"),
        (3_600, "1 h"),
        (11_100, "3 h 5 min"),
        (187_200, "2 d 4 h"),
        (None, "—"),
    ],
)
def test_durations_have_their_two_largest_units(seconds: float | None, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 B"),
        (1_023, "1023 B"),
        (1_288_490_189, "1.2 GiB"),
        (1_048_575, "1.0 MiB"),
        (610_000_000, "582 MiB"),
        (2**70, "1,048,576 PiB"),
        (None, "—"),
    ],
)
def test_sizes_are_in_binary_units(value: int | None, shown: str) -> None:
    assert size(value) == shown
