"""CMA-ES that learns from the trials of all: where it looks, that it is the same everywhere, and what it leaves behind."""

import logging

import numpy as np
import optuna
import pytest

from actions.tune.cloud import Cloud
from actions.tune.strategies import distributions
from policy.tuning import Tune

optuna.logging.set_verbosity(logging.ERROR)
TUNE = Tune.model_validate(
    {
        "space": {"lr": {"from": 1e-3, "to": 1, "scale": "log"}, "n": {"from": 1, "to": 99}, "drop": {"from": 0.0, "to": 0.9}},
        "objectives": [{"metric": "accuracy"}],
    }
)


def told(best: float, trials: int = 42, direction: str = "maximize") -> optuna.Study:
    """A study with trials of another strategy that are the better the nearer `drop` is to a value."""
    study = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(trials):
        trial = study.ask(distributions(TUNE))
        away = abs(trial.params["drop"] - best)
        study.tell(trial, away if direction == "minimize" else -away)
    return study


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
@pytest.mark.parametrize("best", [0.1, 0.8])
def test_it_looks_where_the_trials_of_others_were_good(best: float, direction: str) -> None:
    study = told(best, direction=direction)
    study.sampler = Cloud(3)
    found = [study.ask(distributions(TUNE)).params["drop"] for _ in range(20)]
    assert abs(sum(found) / len(found) - best) < 0.2


def test_two_machines_that_see_the_same_trials_choose_the_same_for_the_same_seed() -> None:
    points = []
    for _ in range(2):
        study = told(0.3)
        study.sampler = Cloud(5)
        points.append([study.ask(distributions(TUNE)).params for _ in range(3)])
    assert points[0] == points[1]


def test_it_finds_the_best_by_itself_and_leaves_nothing_but_its_points_in_the_storage() -> None:
    study = optuna.create_study(direction="minimize", sampler=Cloud(2))
    for _ in range(100):
        trial = study.ask(distributions(TUNE))
        assert TUNE.holds(trial.params)
        study.tell(trial, (trial.params["drop"] - 0.6) ** 2 + ((trial.params["n"] - 20) / 99) ** 2)
    assert study.best_value < 0.002
    assert all(not trial.system_attrs for trial in study.trials)


def test_a_parameter_with_a_list_of_values_is_left_to_chance() -> None:
    tune = TUNE.model_copy(update={"space": {**TUNE.space, "kind": TUNE.space["n"].model_validate({"of": ["a", "b"]})}})
    study = optuna.create_study(sampler=Cloud(2))
    kinds = set()
    for _ in range(20):
        trial = study.ask(distributions(tune))
        kinds.add(trial.params["kind"])
        study.tell(trial, trial.params["drop"])
    assert kinds == {"a", "b"}


def test_without_a_seed_it_is_another_one_each_time() -> None:
    study = told(0.3)
    first, second = Cloud(5), Cloud(5)
    second.reseed_rng()
    study.sampler = first
    one = study.ask(distributions(TUNE)).params
    study.sampler = second
    assert study.ask(distributions(TUNE)).params != one


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("width", [1e-2, 0.0])
def test_a_narrow_cloud_that_is_told_of_a_better_place_far_away_goes_there_and_is_narrow_again(width: float) -> None:
    draw = np.random.RandomState(1)
    study = optuna.create_study(direction="minimize")
    space = {name: optuna.distributions.FloatDistribution(0.0, 1.0) for name in "abc"}
    for number in range(400):
        middle, cost = (0.2, 1.0) if number < 250 else (0.7, 0.0)
        place = np.clip(middle + width * draw.randn(3), 0, 1)
        params = dict(zip("abc", map(float, place), strict=True))
        value = cost + float(np.sum((place - middle) ** 2))
        study.add_trial(optuna.trial.create_trial(params=params, distributions=dict(space), value=value))
    study.sampler = Cloud(3)
    for _ in range(120):
        trial = study.ask(dict(space))
        study.tell(trial, sum((value - 0.7) ** 2 for value in trial.params.values()))
    assert all(abs(value - 0.7) < 0.1 for trial in study.trials[-10:] for value in trial.params.values())
