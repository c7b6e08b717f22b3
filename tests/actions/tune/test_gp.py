"""Gaussian processes: that they find the best soon, stay in the space, and take in what others do."""

import logging
import math
import random
import statistics
import time

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.trial import TrialState, create_trial

from actions.tune import gp
from actions.tune import study as studies
from actions.tune.gp import Process
from actions.tune.strategies import distributions
from policy.tuning import Point, Tune

optuna.logging.set_verbosity(logging.ERROR)
TUNE = Tune.model_validate(
    {
        "space": {
            "lr": {"from": 1e-3, "to": 1, "scale": "log"},
            "n": {"from": 1, "to": 9},
            "drop": {"from": 0.0, "to": 0.9},
            "kind": {"of": ["flat", 2, None]},
        },
        "objectives": [{"metric": "accuracy"}],
    }
)
SPACE = distributions(TUNE)
POINTS = st.fixed_dictionaries(
    {
        "lr": st.floats(1e-3, 1),
        "n": st.integers(1, 9),
        "drop": st.floats(0.0, 0.9),
        "kind": st.sampled_from(["flat", 2, None]),
    }
)
SCORES = st.floats(allow_nan=False, allow_infinity=True) | st.sampled_from([0.0, 0.5])


def bowl(point: Point) -> float:
    """0 at best: in the middle of two ranges, and for one value of the list."""
    away = (math.log10(float(point["lr"] or 0)) + 1.2) ** 2 + (float(point["drop"] or 0) - 0.6) ** 2
    return away + ((int(point["n"] or 0) - 4) / 8) ** 2 + (point["kind"] != 2)


def by_chance(draw: random.Random) -> Point:
    """A point drawn evenly from the space."""
    kind = draw.choice(["flat", 2, None])
    return {"lr": 10 ** draw.uniform(-3, 0), "n": draw.randint(1, 9), "drop": draw.uniform(0, 0.9), "kind": kind}


CHANCE = statistics.mean(min(bowl(by_chance(random.Random(f"{seed} {each}"))) for each in range(300)) for seed in range(20))
"""The best of three hundred points by chance, on the mean."""


def filled(study: optuna.Study, points: list[Point], values: list[float]) -> optuna.Study:
    for point, value in zip(points, values, strict=True):
        study.add_trial(create_trial(params=dict(point), distributions=dict(SPACE), value=value))
    return study


def some(study: optuna.Study, trials: int = 8) -> list[Point]:
    """Points by chance, told to a study."""
    draw = random.Random(1)
    points = [by_chance(draw) for _ in range(trials)]
    filled(study, points, [bowl(point) for point in points])
    return points


def found(sampler: Process, trials: int, direction: str) -> float:
    study = optuna.create_study(direction=direction, sampler=sampler)
    for _ in range(trials):
        trial = study.ask(dict(SPACE))
        assert TUNE.holds(trial.params)
        study.tell(trial, bowl(trial.params) * (1 if direction == "minimize" else -1))
    assert all(not trial.system_attrs for trial in study.trials)
    return abs(study.best_value)


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_thirty_trials_come_nearer_to_the_best_than_three_hundred_by_chance(direction: str) -> None:
    assert found(Process(3), 30, direction) < 0.5 * CHANCE


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(POINTS, SCORES, st.sampled_from([TrialState.COMPLETE] * 4 + [TrialState.FAIL])), min_size=4, max_size=12),
    st.integers(0, 99),
)
def test_every_point_lies_in_the_space_whatever_was_told(told: list[tuple[Point, float, TrialState]], seed: int) -> None:
    study = optuna.create_study(sampler=Process(seed))
    for point, value, state in told:
        value_or_none = value if state is TrialState.COMPLETE else None
        attrs = {"problem": "it burnt"} if value_or_none is None else {}
        study.add_trial(
            create_trial(params=dict(point), distributions=dict(SPACE), value=value_or_none, state=state, user_attrs=attrs)
        )
    for _ in range(2):  # the first of them runs while the second is chosen
        assert TUNE.holds(study.ask(dict(SPACE)).params)


def test_no_point_is_chosen_that_runs_elsewhere_or_that_ended() -> None:
    tune = TUNE.model_copy(update={"space": {name: TUNE.space[name] for name in ("n", "kind")}})
    study = optuna.create_study(sampler=Process(2))
    points = []
    for number in range(27):
        trial = study.ask(distributions(tune))
        points.append((trial.params["n"], trial.params["kind"]))
        if number % 2 or number < 8:
            study.tell(trial, (trial.params["n"] - 4) ** 2)
    later = points[8:]
    assert len(set(later)) == len(later) and not set(later) & set(points[:8])
    assert TUNE.space["n"].holds(study.ask(distributions(tune)).params["n"])  # all were tried, and it goes on


def test_two_machines_with_the_same_trials_and_seed_choose_the_same_and_with_another_seed_not() -> None:
    points = []
    for seed in (5, 5, 6):
        study = optuna.create_study()
        some(study)
        study.sampler = Process(seed)
        points.append([study.ask(dict(SPACE)).params for _ in range(2)])
    assert points[0] == points[1] != points[2]
    study.sampler.reseed_rng()
    assert study.ask(dict(SPACE)).params not in points[2]


def test_it_keeps_away_from_where_trials_fail() -> None:
    study = optuna.create_study(sampler=Process(4))
    for _ in range(30):
        trial = study.ask(dict(SPACE))
        if trial.params["drop"] > 0.5:
            studies.end(study, trial, None, 1.0, "it burnt")
        else:
            study.tell(trial, bowl(trial.params))
    late = study.trials[-12:]
    assert sum(trial.state is TrialState.FAIL for trial in late) < 6
    assert study.best_value < 0.05  # of 0.01 at the border of what works


@pytest.mark.parametrize("problem", [True, False])
def test_a_trial_that_failed_says_something_of_its_point_and_one_that_was_killed_nothing(problem: bool) -> None:
    chosen = []
    for failed in (False, True):
        study = optuna.create_study()
        points = some(study)
        if failed:
            attrs = {"problem": "it burnt"} if problem else {}
            params, state = dict(points[0]) | {"drop": 0.6}, TrialState.FAIL
            study.add_trial(create_trial(params=params, distributions=dict(SPACE), state=state, user_attrs=attrs))
        study.sampler = Process(5)
        chosen.append(study.ask(dict(SPACE)).params)
    assert (chosen[0] != chosen[1]) == problem


@pytest.mark.parametrize("values", [[0.5] * 8, [0.5] * 7 + [0.6], [1e300, -1e300] * 4])
def test_scores_that_are_all_the_same_or_very_far_apart_are_no_trouble(values: list[float]) -> None:
    study = optuna.create_study()
    points = some(study)
    told = filled(optuna.create_study(sampler=Process(1)), points, values)
    asked = [told.ask(dict(SPACE)).params for _ in range(3)]
    assert all(TUNE.holds(point) for point in asked) and len({str(point) for point in asked}) == 3


def test_a_point_that_was_told_twice_with_different_scores_is_noise() -> None:
    study = optuna.create_study()
    points = some(study)
    told = filled(
        optuna.create_study(sampler=Process(1)), points + points, [bowl(point) + part for part in (0.0, 0.2) for point in points]
    )
    asked = told.ask(dict(SPACE)).params
    assert TUNE.holds(asked) and asked not in points


def test_with_several_objectives_it_finds_compromises_between_them() -> None:
    study = optuna.create_study(directions=["maximize", "minimize"], sampler=Process(3))
    for _ in range(30):
        trial = study.ask(dict(SPACE))
        study.tell(trial, [-bowl(trial.params), trial.params["drop"] + (trial.params["n"] > 5)])
    front = [trial.params["drop"] for trial in study.best_trials if bowl(trial.params) < 0.45]
    assert min(front) < 0.1 and max(front) > 0.45 and len(front) >= 4


def test_of_many_trials_the_best_and_the_newest_are_kept_so_that_it_stays_quick() -> None:
    study = optuna.create_study()
    some(study, 450)
    ended = study.trials
    costs = gp._costs(study, ended, None)  # type: ignore[arg-type]
    kept, values = gp._kept(ended, costs)
    assert len(kept) == len(values) == 200 and kept[-100:] == ended[-100:]
    assert min(costs) in values and [trial.value for trial in kept] == list(values)
    study.sampler = Process(1)
    began = time.process_time()
    study.ask(dict(SPACE))
    assert time.process_time() - began < 5


def test_what_is_expected_far_below_the_best_is_still_told_apart() -> None:
    found = gp._logarithm(np.array([-1e4, -100.0, -30.0, -5.0, -1.0, 0.0, 2.0]))
    assert all(np.isfinite(found)) and all(np.diff(found) > 0)
    assert found[-2] == pytest.approx(math.log(1 / math.sqrt(2 * math.pi)))
