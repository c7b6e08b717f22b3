"""Optuna by hand around `dvc repro`: what somebody writes who has no `assay tune`. Given the folder and the number of trials."""

import json
import subprocess
import sys
from pathlib import Path

import optuna
from ruamel.yaml import YAML

folder, trials = Path(sys.argv[1]), int(sys.argv[2])
yaml = YAML()


def objective(trial: optuna.Trial) -> float:
    """One trial, in place."""
    params = yaml.load((folder / "params.yaml").read_text())
    params["train"]["slope"] = trial.suggest_float("train.slope", 2.0, 4.0)
    with (folder / "params.yaml").open("w") as file:
        yaml.dump(params, file)
    subprocess.run([sys.executable, "-m", "dvc", "repro", "--quiet"], cwd=folder, check=True)
    return float(json.loads((folder / "metrics.json").read_text())["accuracy"])


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=3))
study.optimize(objective, n_trials=trials)
print(study.best_value)
