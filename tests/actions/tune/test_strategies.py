"""Optuna's samplers and distributions, by the names of the policy."""

from importlib.util import find_spec

import optuna
import pytest

from actions.tune.strategies import distributions, samplers
from policy.problems import UserProblem
from policy.tuning import Tune

TUNE = Tune.model_validate(
    {
        "space": {"lr": {"from": 1e-3, "to": 1, "scale": "log"}, "n": {"from": 1, "to": 9}, "kind": {"of": ["a", 2, None]}},
        "objectives": [{"metric": "accuracy"}],
    }
)


def test_a_space_becomes_distributions() -> None:
    assert distributions(TUNE) == {
        "lr": optuna.distributions.FloatDistribution(1e-3, 1.0, log=True),
        "n": optuna.distributions.IntDistribution(1, 9),
        "kind": optuna.distributions.CategoricalDistribution(["a", 2, None]),
    }


@pytest.mark.parametrize("name", ["tpe", "cmaes", "nsga2", "nsga3", "random"])
def test_each_strategy_finds_points_in_the_space_and_the_same_ones_for_the_same_seed(name: str) -> None:
    rows = []
    for _ in range(2):
        study = optuna.create_study(sampler=samplers([name], 7)[name])  # type: ignore[list-item]
        for _ in range(4):
            trial = study.ask(distributions(TUNE))
            assert TUNE.holds(trial.params)
            study.tell(trial, trial.params["lr"])
        rows.append([trial.params for trial in study.trials])
    assert rows[0] == rows[1]


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_gaussian_processes_need_torch_and_say_so() -> None:
    with pytest.raises(UserProblem, match="a strategy needs torch, which is not installed"):
        samplers(["gp"], None)
