"""Shares of the trials: how they are written, and that together they are all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actions.tune.share import Share
from policy.problems import UserProblem


@given(some.integers(0, 100_000), some.integers(1, 100))
def test_the_workers_together_make_all_trials_and_none_makes_two_more_than_another(trials: int, workers: int) -> None:
    parts = [Share(number, workers).part(trials) for number in range(1, workers + 1)]
    assert sum(parts) == trials and max(parts) - min(parts) <= 1


def test_a_share_is_written_as_people_say_it() -> None:
    assert Share.parse("2/3") == Share(2, 3)
    assert [Share.parse(text).first for text in ("1/1", "1/3", "3/3")] == [True, True, False]


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "-1/3", "1/0", "1/3/5", "a/b", "1/99999", "1/3\n", "²/3"])
def test_what_is_no_share_is_named(text: str) -> None:
    with pytest.raises(UserProblem, match="this is no share of the trials"):
        Share.parse(text)
