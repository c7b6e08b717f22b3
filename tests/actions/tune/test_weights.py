"""How much each parameter matters."""

import logging

import optuna

from actions.tune.strategies import distributions
from actions.tune.weights import LEAST, weights
from policy.tuning import Tune


def study(direction: str, count: int, sign: float, constant: bool = False) -> tuple[optuna.Study, Tune]:
    metric = "accuracy" if direction == "maximize" else "rmse"
    space = {"much": {"from": 0.0, "to": 1.0}, "little": {"from": 0.0, "to": 1.0}}
    tune = Tune.model_validate({"space": space, "objectives": [{"metric": metric}]})
    optuna.logging.set_verbosity(logging.ERROR)
    made = optuna.create_study(direction=direction, sampler=optuna.samplers.RandomSampler(seed=3))
    for _ in range(count):
        trial = made.ask(distributions(tune))
        score = -((trial.params["much"] - 0.5) ** 2) - 0.001 * trial.params["little"]
        made.tell(trial, 0.0 if constant else sign * score)
    return made, tune


def test_what_decides_the_score_matters_most_in_either_direction() -> None:
    for direction, sign in (("maximize", 1.0), ("minimize", -1.0)):
        found = weights(*study(direction, 60, sign))
        assert [each.key for each in found] == ["much", "little"]
        assert found[0].share > 0.6
        assert abs(sum(each.share for each in found) - 1) < 1e-9


def test_nothing_is_said_of_too_few_trials() -> None:
    assert weights(*study("maximize", LEAST - 1, 1.0)) == []


def test_equal_scores_say_nothing_that_is_no_number() -> None:
    assert all(0 <= each.share <= 1 for each in weights(*study("maximize", 30, 1.0, constant=True)))
