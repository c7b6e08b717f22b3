"""Would it still win: pairs over seeds, and Student's interval."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from actions.progress import Silent
from actions.tune.repeats import interval, repeat
from actions.tune.workshop import Outcome
from policy.problems import UserProblem
from policy.tuning import Point, Repeats, Tune

TUNE = Tune.model_validate({"space": {"depth": {"from": 1, "to": 9}}, "objectives": [{"metric": "accuracy"}, {"metric": "mae"}]})
REPEATS = Repeats(key="train.seed", seeds=4)


def noisy(point: Point) -> Outcome:
    """The noise is the seed's own, so it is the same in both of a pair."""
    depth, seed = float(point["depth"] or 0), float(point["train.seed"] or 0)
    return Outcome((depth / 10 + math.sin(seed), 1 / depth), 1.0)


def test_noise_that_both_share_cancels_out() -> None:
    first, second = repeat(TUNE, REPEATS, noisy, {"depth": 2}, {"depth": 4}, Silent())
    assert first.metric == "accuracy" and len(first.present) == len(first.winner) == 4
    assert (first.change, first.low, first.high) == pytest.approx((0.2, 0.2, 0.2))
    assert second.change == pytest.approx(-0.25)


def test_a_repeat_without_scores_is_named() -> None:
    with pytest.raises(UserProblem, match=r"a repeat with train\.seed=1 has no scores: it burnt"):
        repeat(TUNE, REPEATS, lambda _: Outcome(None, 1.0, problem="it burnt"), {"depth": 2}, {"depth": 4}, Silent())


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=30), st.floats(0.55, 0.999))
def test_the_interval_is_that_of_the_paired_t_test(differences: list[float], confidence: float) -> None:
    mean, low, high = interval(differences, confidence)
    assert low <= mean <= high
    spread = max(differences) - min(differences)
    if spread > 1e-3:
        told = stats.ttest_1samp(differences, 0.0).confidence_interval(confidence)
        assert (low, high) == pytest.approx((told.low, told.high), rel=1e-6, abs=1e-6 * spread)
