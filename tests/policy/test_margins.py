"""Margins as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from policy.margins import Margin

READ = TypeAdapter(Margin)


@pytest.mark.parametrize(
    ("written", "shown", "at_minus_two"),
    [(0.005, "0.005", 0.005), ("1%", "1%", 0.02), ("0.5 %", "0.5%", 0.01), (0, "0", 0.0), (3, "3", 3.0), ("100%", "100%", 2.0)],
)
def test_absolute_and_relative_margins(written: object, shown: str, at_minus_two: float) -> None:
    margin = READ.validate_python(written)
    assert str(margin) == shown
    assert margin.at(-2.0) == pytest.approx(at_minus_two)


@pytest.mark.parametrize(
    "written", [-1, True, "1", "-1%", "1%%", "a%", float("nan"), float("inf"), None, [], "1e3%", "9" * 60 + "%", "١%"]
)
def test_what_is_no_margin_is_refused_with_what_would_be_right(written: object) -> None:
    with pytest.raises(ValidationError, match="such as '1%'"):
        READ.validate_python(written)


@given(st.floats(0, 1e9))
def test_a_margin_survives_its_json(amount: float) -> None:
    margin = READ.validate_python(amount)
    assert READ.validate_json(READ.dump_json(margin)) == margin
    percent = READ.validate_python("12.5%")
    assert READ.validate_json(READ.dump_json(percent)) == percent
