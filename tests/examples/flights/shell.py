"""Runs git, dvc and python as a user of the demo would."""

import subprocess
from pathlib import Path

from tests.repositories import environment


def run(folder: Path, *command: str) -> str:
    """What the program printed; a failure shows everything."""
    env = environment({"MLFLOW_TRACKING_URI": "", "MLFLOW_DISABLE_TELEMETRY": "true"})
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
