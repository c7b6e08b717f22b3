"""Trials a minute: `assay tune` beside Optuna by hand around `dvc repro`, on a pipeline that takes no time by itself."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.actions.tune.projects import project
from tests.bench.cases import ASSAY, ROOT, Row

POLICY = """\
version: 1
evaluate: {metrics: [metrics.json]}
tune:
  space: {train.slope: {from: 2.0, to: 4.0}}
  objectives: [{metric: accuracy}]
  strategies: [tpe]
"""
PEER = ROOT / "tests/bench/peers/optuna_dvc.py"


def tuned(quick: bool) -> list[Row]:
    """Whole processes by turns, each in a project of its own, so that no point was ever tried before."""
    trials, rounds = (4, 1) if quick else (20, 5)
    ours, plain = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            place = project(Path(scratch), POLICY).root
            ours.append(_rate([*ASSAY, "tune", "--trials", str(trials), "--seed", "3"], place, trials))
        with tempfile.TemporaryDirectory() as scratch:
            place = project(Path(scratch), POLICY).root
            plain.append(_rate([sys.executable, PEER, place, str(trials)], place, trials))
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, plain, strict=True))
    beside = f"Optuna by hand, no evidence kept: {_told(plain)}"
    what = f"`assay tune`, {trials} trials, each a `dvc repro`"
    return [Row(what, _told(ours), beside, "≥ 0.8 ×", f"{ratio:.2f} ×", ratio >= 0.8)]


def _rate(command: list[str | Path], cwd: Path, trials: int) -> float:
    """Trials a minute, the process's start among them."""
    began = time.perf_counter()
    subprocess.run([str(part) for part in command], cwd=cwd, check=True, capture_output=True)
    return 60 * trials / (time.perf_counter() - began)


def _told(rates: list[float]) -> str:
    return f"{statistics.median(rates):.0f} a minute ({min(rates):.0f}–{max(rates):.0f})"
