"""Amounts count as they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from policy.prices import Amount, Label, money


@given(st.integers(0, 10_000_000))
def test_an_amount_is_what_stands_there_and_no_binary_neighbour(mills: int) -> None:
    assert money(mills / 1_000) == Decimal(mills) / 1_000


@pytest.mark.parametrize("wrong", [-0.01, float("nan"), float("inf"), 1_000_001, "much"])
def test_no_amount_is_negative_endless_or_no_number(wrong: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Amount).validate_python(wrong)


@pytest.mark.parametrize("wrong", ["", "x" * 101])
def test_a_name_with_a_price_is_short_and_there(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Label).validate_python(wrong)
