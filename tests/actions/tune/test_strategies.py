"""Optuna's samplers and distributions, by the names of the policy."""

import subprocess
import sys
from pathlib import Path

import optuna
import pytest

from actions.tune.strategies import distributions, samplers
from policy.problems import UserProblem
from policy.tuning import Tune

ROOT = Path(__file__).parents[3]
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


@pytest.mark.parametrize("name", ["tpe", "cmaes", "nsga2", "nsga3", "random", "gp"])
def test_each_strategy_finds_points_in_the_space_and_the_same_ones_for_the_same_seed(name: str) -> None:
    rows = []
    for _ in range(2):
        study = optuna.create_study(sampler=samplers([name], 7)[name])  # type: ignore[list-item]
        for _ in range(6):
            trial = study.ask(distributions(TUNE))
            assert TUNE.holds(trial.params)
            study.tell(trial, trial.params["lr"])
        rows.append([trial.params for trial in study.trials])
    assert rows[0] == rows[1]


@pytest.mark.parametrize(("name", "library"), [("gp", "sklearn"), ("cmaes", "cmaes")])
def test_a_strategy_whose_library_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch, name: str, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UserProblem, match=f"a strategy needs {library}, which is not installed") as refused:
        samplers([name], None)  # type: ignore[list-item]
    assert "Install assay[tune]" in str(refused.value)


def test_the_libraries_of_the_strategies_are_only_loaded_where_they_are_asked_for() -> None:
    line = "import sys, actions.tune.search; print({'sklearn', 'scipy', 'cmaes'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "set()\n"
