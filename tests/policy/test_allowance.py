"""A search goes on for as long as its time and its money last, whichever is over first."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.allowance import seconds
from policy.cost import Cost
from policy.problems import UserProblem
from policy.tuning import Tune

SPACE: dict[str, Any] = {"space": {"lr": {"from": 0.1, "to": 1.0}}, "objectives": [{"metric": "accuracy"}]}
PRICED = Cost.model_validate({"currency": "EUR", "prices": {"gpu": 0.5, "own": 0}})


def tune(**more: Any) -> Tune:
    return Tune.model_validate(SPACE | more)


def test_without_money_the_time_alone_counts() -> None:
    assert seconds(tune(), PRICED, None, 1) is None
    assert seconds(tune(budget="2 hours"), None, None, 3) == 7_200
    assert seconds(tune(budget="2 hours"), None, 1.5, 3) == 90
    assert seconds(tune(budget="2 hours"), None, 0, 1) == 0


def test_money_lasts_for_whole_minutes_of_all_jobs_together() -> None:
    assert seconds(tune(money=5, runner="gpu"), PRICED, None, 1) == 600
    assert seconds(tune(money=5, runner="gpu"), PRICED, None, 3) == 180
    assert seconds(tune(money=0.06), None, None, 1) == 600, "GitHub's list, where the policy names no price"


def test_whichever_is_over_first_ends_it() -> None:
    assert seconds(tune(money=5, runner="gpu", budget="1 hour"), PRICED, None, 1) == 600
    assert seconds(tune(money=5, runner="gpu", budget="5 minutes"), PRICED, None, 1) == 300
    assert seconds(tune(money=5, runner="gpu"), PRICED, 2, 1) == 120


def test_what_costs_nothing_has_no_end_by_money() -> None:
    assert seconds(tune(money=5, runner="own"), PRICED, None, 1) is None


def test_a_price_that_nobody_says_and_too_little_money_are_told_with_the_cure() -> None:
    with pytest.raises(UserProblem, match="nobody says what a minute on 'huge' costs") as told:
        seconds(tune(money=5, runner="huge"), PRICED, None, 1)
    assert told.value.next == "Add it to `cost.prices`"
    with pytest.raises(UserProblem, match="nobody says"):
        seconds(tune(money=5), PRICED, None, 1)  # the list is in dollars
    with pytest.raises(UserProblem, match=r"1 EUR is less than a minute of 3 on 'gpu' costs, 1\.5"):
        seconds(tune(money=1, runner="gpu"), PRICED, None, 3)


@given(st.floats(0.01, 1_000), st.floats(0.01, 10), st.integers(1, 8))
def test_no_more_is_ever_spent_than_is_allowed(money: float, price: float, jobs: int) -> None:
    section = Cost.model_validate({"prices": {"gpu": price}})
    try:
        lasts = seconds(tune(money=money, runner="gpu"), section, None, jobs)
    except UserProblem:
        assert money / jobs / price < 1 + 1e-9
        return
    assert lasts is not None and lasts % 60 == 0
    assert lasts / 60 * price * jobs <= money * (1 + 1e-9)
