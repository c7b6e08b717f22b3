"""The work tree in which trials run: the commit, other parameters, `dvc repro`, and the metrics that come of it."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from actions.evaluate import sources
from actions.progress import Silent
from actions.repository import Repository
from actions.train.run import run
from actions.tune.live import Live, Told
from policy.evaluation import Evaluate
from policy.facts.override import Scalar
from policy.facts.training import TrainingFacts
from policy.reasons import Reason
from policy.training import Train
from policy.tuning import Point, Tune, overrides

_WORSE = "worse than half of those before were"


@dataclass(frozen=True)
class Outcome:
    """What one run told: its scores, one an objective, or the problem that kept it from having any."""

    scores: tuple[float, ...] | None
    seconds: float
    restored: bool = False
    """Whether no stage had to be executed."""
    problem: str = ""
    pruned: bool = False
    """Whether it was ended early, as worse than others."""
    again: int | None = None
    """The trial that this only repeats; nothing was run."""


class Workshop:
    """Runs points one after the other in one work tree, which is brought back to the commit before each."""

    def __init__(self, tree: Repository, sha: str, tune: Tune, evaluate: Evaluate, train: Train | None) -> None:
        self._tree = tree
        self._sha = sha
        self._tune = tune
        self._evaluate = evaluate
        self._train = train or Train()

    def present(self) -> dict[str, Scalar]:
        """What the parameters of the space are at the commit.

        Raises:
            UserProblem: one of them, or the seed of the repeats, is not there or is a list.
        """
        if self._tune.repeats is not None:
            self._tree.parameters(overrides({self._tune.repeats.key: 1}))
        wanted = overrides(dict.fromkeys(self._tune.space, 0))
        found = self._tree.parameters(wanted)
        return {name: value for name, value in zip(self._tune.space, found, strict=True) if not isinstance(value, list)}

    def run(self, point: Point, told: Told | None = None) -> Outcome:
        """Run the pipeline with a point; none of its parameters is asked for by name, so it may also hold a seed.

        `told` is told the first objective, step by step where the training writes it so, and may end the run.

        Raises:
            UserProblem: a parameter cannot be set, or there is no dvc on PATH.
        """
        started = time.monotonic()
        self._tree.renew(self._sha)
        self._tree.override(overrides(point))
        live = Live(self._tree.root, self._evaluate.metrics, self._tune.metrics[0], told) if told else None
        facts = run(self._tree, self._train, None, Silent(), enough=live.enough if live else None)
        if live and facts.problem is Reason.TRIAL_PRUNED:
            return Outcome(None, time.monotonic() - started, problem=f"at step {live.step} it was {_WORSE}", pruned=True)
        restored = not any(stage.outcome == "executed" for stage in facts.stages)
        problem = _problem(facts)
        found = sources.numbers(self._tree, self._evaluate.metrics, None)
        seconds = time.monotonic() - started
        absent = [metric for metric in self._tune.metrics if metric not in found.numbers]
        if not problem and absent:
            problem = f"{', '.join(absent)} is in none of {', '.join(self._evaluate.metrics)}"
        if problem:
            return Outcome(None, seconds, restored, " ".join(problem.split())[:1_000])
        return Outcome(tuple(found.numbers[metric] for metric in self._tune.metrics), seconds, restored)

    def patch(self, point: Point) -> str:
        """The difference to the files of parameters that a point makes."""
        self._tree.renew(self._sha)
        return self._tree.patch([fact.file for fact in self._tree.override(overrides(point))])


def _problem(facts: TrainingFacts) -> str:
    """Why a run has no outcome: what DVC said, and the last line of the stage that failed."""
    if facts.problem is None:
        return ""
    last = next((stage.tail[-1] for stage in facts.stages if stage.outcome == "failed" and stage.tail), "")
    return f"{facts.problem_detail}; {last}" if last else facts.problem_detail


@contextmanager
def opened(repository: Repository, sha: str, tune: Tune, evaluate: Evaluate, train: Train | None) -> Iterator[Workshop]:
    """A workshop for a commit, in the scratch folder; removed at the end, and those that killed processes left are too.

    Raises:
        UserProblem: the scratch folder cannot be used.
        OutsideProblem: git could not make the work tree.
    """
    home = repository.scratch / "tune"
    home.mkdir(exist_ok=True)
    clear(home)
    folder = home / f"tree-{_name(os.getpid())}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with repository.clone(sha, folder) as tree:
            tree.renew(sha)
            yield Workshop(tree, sha, tune, evaluate, train)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(home: Path) -> None:
    """Remove the work trees of processes that are no more."""
    for folder in home.glob("tree-*"):
        number = folder.name.removeprefix("tree-").partition("-")[0]
        if not number.isdecimal() or f"tree-{_name(int(number))}" != folder.name:
            shutil.rmtree(folder, ignore_errors=True)


def _name(process: int) -> str:
    """A process by its number and the moment it began, because numbers are given again; the number alone where it is no more."""
    try:
        return f"{process}-{int(psutil.Process(process).create_time() * 100)}"
    except psutil.Error:
        return str(process)
