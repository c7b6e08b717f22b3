"""Shares of a range: there and back, and never outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from actions.tune.scale import Ranged, at, share

RANGES = [
    FloatDistribution(-2.0, 3.0),
    FloatDistribution(1e-4, 0.5, log=True),
    IntDistribution(1, 9),
    IntDistribution(4, 256, log=True),
]


@given(st.sampled_from(RANGES), st.floats(0, 1))
def test_a_value_at_a_share_lies_in_the_range_and_has_about_that_share(over: Ranged, part: float) -> None:
    value = at(over, part)
    assert isinstance(value, int if isinstance(over, IntDistribution) else float)
    assert isinstance(value, int | float) and over.low <= value <= over.high
    assert at(over, share(over, value)) == pytest.approx(value)
    if isinstance(over, FloatDistribution):
        assert share(over, value) == pytest.approx(part, abs=1e-9)


def test_whole_numbers_and_the_values_of_a_list_have_stretches_of_the_same_length() -> None:
    parts = [index / 1_000 for index in range(1_001)]
    for over in (IntDistribution(1, 4), CategoricalDistribution(["a", 2, None, True])):
        found = [at(over, part) for part in parts]
        assert [abs(found.count(each) - 250) <= 2 for each in dict.fromkeys(found)] == [True] * 4


def test_what_is_neither_a_range_nor_a_list_has_no_shares() -> None:
    class Other(BaseDistribution):
        """Of no kind that the policy knows."""

        single = _contains = to_internal_repr = to_external_repr = _asdict = None  # type: ignore[assignment]

    with pytest.raises(TypeError):
        at(Other(), 0.5)
