"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from policy.durations import parse, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("60 min", 3_600),
        ("1.5 h", 5_400),
        ("2 hours", 7_200),
        ("7 days", 604_800),
        ("1 day", 86_400),
        ("2weeks", 1_209_600),
    ],
)
def test_a_number_and_a_unit_are_read(text: str, seconds: float) -> None:
    assert parse(text) == timedelta(seconds=seconds)
    assert parse(written(parse(text))) == parse(text)


@pytest.mark.parametrize("value", [60, "60", "", "min", "-1 h", "1 fortnight", "1h30", "1e9 h", None, "١ h"])
def test_anything_else_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValueError, match="such as '60 min'"):
        parse(value)
