"""Which strategy gets the next trial: bounds of the draw, what it learns, and that it loses little against the best alone."""

import logging
import random
import statistics
from collections import Counter
from pathlib import Path

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.tune import bandit
from actions.tune.bandit import Ended, Step
from policy.tuning import Goal
from tests.bench.flights_surface import flights
from tests.bench.strategies import FIRST, TURNS, WHOLE, reached

HIGHER = [Goal(metric="accuracy")]
ROOT = Path(__file__).parents[3]
SEEDS = 2
"""Of the twenty that the documentation tells of."""


@given(st.lists(st.tuples(st.booleans(), st.floats(0.01, 1e4)), max_size=60), st.integers(0, 99))
def test_a_rate_is_never_more_than_one_good_trial_for_the_time_that_trials_take(
    told: list[tuple[bool, float]], seed: int
) -> None:
    own = [Step("tpe", good, seconds) for good, seconds in told]
    rate = bandit.rate(own, 10.0, random.Random(seed))
    usual = (sum(seconds for _, seconds in told) + 10.0) / (len(told) + 1)
    assert 0 <= rate <= 1 / usual


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "earlier"]), st.booleans(), st.floats(0, 1e3)), max_size=40),
    st.integers(0, 99),
)
def test_the_choice_is_one_of_the_strategies_and_each_is_tried(told: list[tuple[str, bool, float]], seed: int) -> None:
    steps = [Step(*each) for each in told]
    chosen = bandit.choose(["a", "b"], steps, random.Random(seed))
    untried = {"a", "b"} - {step.strategy for step in steps}
    assert chosen in (untried or {"a", "b"})


def test_a_trial_is_good_where_few_before_it_are_better() -> None:
    scores = [0.5, 0.4, 0.6, 0.55, 0.3, None, 0.56]
    found = bandit.steps(HIGHER, [Ended("tpe", None if each is None else [each], 1.0) for each in scores])
    assert [step.good for step in found] == [True, False, True, False, False, False, True]
    lower = [Goal(metric="rmse")]
    assert [step.good for step in bandit.steps(lower, [Ended("tpe", [each], 1.0) for each in (3, 4, 2)])] == [True, False, True]


def test_with_several_objectives_a_trial_is_good_where_nothing_before_it_beats_it() -> None:
    both = [Goal(metric="accuracy"), Goal(metric="seconds", better="lower")]
    scores = [(0.5, 10), (0.6, 20), (0.4, 11), (0.6, 20), (0.7, 5), (0.65, 6)]
    found = bandit.steps(both, [Ended("nsga2", each, 1.0) for each in scores])
    assert [step.good for step in found] == [True, True, False, False, True, False]


@pytest.mark.parametrize(("good", "seconds"), [((0.6, 0.1), (10, 10)), ((0.4, 0.4), (10, 60))])
def test_who_brings_more_in_a_minute_has_more_turns(good: tuple[float, float], seconds: tuple[float, float]) -> None:
    turns: Counter[str] = Counter()
    for seed in range(20):
        draw, steps = random.Random(seed), list[Step]()
        for _ in range(60):
            chosen = bandit.choose(["a", "b"], steps, draw)
            index = "ab".index(chosen)
            steps.append(Step(chosen, draw.random() < good[index], seconds[index]))
            turns[chosen] += 1
    assert turns["a"] > 2 * turns["b"] > 0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=25), st.integers(0, 9))
def test_several_strategies_share_a_start_in_which_failures_do_not_count(told: list[tuple[bool, bool]], seed: int) -> None:
    ended = [Ended("tpe", [0.5] if works else None, 1.0, pruned and not works) for works, pruned in told]
    draw = random.Random(seed)
    began = sum(works or pruned for works, pruned in told) >= bandit.SHARED
    assert (bandit.turn(["tpe", "cmaes"], HIGHER, ended, draw) == bandit.START) != began
    assert bandit.turn(["tpe"], HIGHER, ended, draw) == "tpe"
    assert bandit.turn(["tpe", "nsga2"], [*HIGHER, Goal(metric="seconds", better="lower")], [], draw) == "tpe"


def test_on_the_flights_example_it_keeps_what_the_documentation_says_of_the_best_strategy_alone() -> None:
    optuna.logging.set_verbosity(logging.ERROR)
    row = next(line for line in (ROOT / "docs/tune.md").read_text("utf-8").splitlines() if line.startswith("| flights |"))
    chance, *alone, turns = (float(cell) for cell in row.split("|")[2:7])
    found = statistics.mean(reached(flights, TURNS, 40, seed) for seed in range(FIRST, FIRST + SEEDS))
    assert min(found, turns) >= chance + (1 + WHOLE) * (max(alone) - chance)
