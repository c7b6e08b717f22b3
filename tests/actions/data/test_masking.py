"""How values are shown: what is personal never whole, what is ordinary as it is."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.data.masking import mask, mask_if_personal, masker
from actions.data.personal import find
from policy.personal import Personal
from tests.actions.data.personal_values import ALL, ORDINARY, PESELS


@given(st.text(max_size=60))
def test_a_mask_never_shows_more_than_the_first_and_the_last_character(value: str) -> None:
    shown = mask(value)
    assert shown.count("•••") == 1
    before, after = shown.split("•••")
    assert len(before) <= 1 and len(after) <= 1
    assert (before + after).isascii() and (before + after + "x").isalnum()
    assert not (before or after) or len(value.strip()) >= 8


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(ALL),
    st.text(st.characters(exclude_categories=["L", "N", "Cs"], exclude_characters="+-._%'@:"), max_size=20),
    st.text(st.characters(exclude_categories=["L", "N", "Cs"], exclude_characters="+-._%'@:"), max_size=20),
)
def test_a_found_value_is_never_shown_whole(value: str, before: str, after: str) -> None:
    text = mask_if_personal(f"{before} {value} {after}")
    assert value not in text
    assert "•••" in text


@pytest.mark.parametrize("value", ORDINARY)
def test_an_ordinary_value_is_shown_as_it_is(value: str) -> None:
    assert mask_if_personal(value) == value


@pytest.mark.parametrize(
    ("name", "values"), [("phone", ["2024561111", "2124561112"]), ("ssn", ["536904399"]), ("ip", ["10.0.0.1"]), ("pin", PESELS)]
)
def test_what_was_found_in_the_data_is_masked_everywhere_in_it(name: str, values: list[str]) -> None:
    facts = find(pl.LazyFrame({name: values}), Personal())
    assert facts.findings
    assert all("•••" in masker(facts)(value) for value in values)
    assert [masker(None)(value) for value in values] == [mask_if_personal(value) for value in values]


def test_a_long_value_is_cut_and_an_address_across_the_cut_is_hidden() -> None:
    assert mask_if_personal("x" * 10_000) == "x" * 199 + "…"
    assert "acme" not in mask_if_personal("x " * 95 + "jo.doe.the.elder@acme.org" + " y" * 500)
