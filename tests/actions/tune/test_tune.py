"""A run as a whole: several objectives, and what the next commit begins with."""

from pathlib import Path

import pytest

from actions.progress import Silent
from actions.repository import Repository
from actions.tune.bandit import Ended
from actions.tune.search import Limits
from actions.tune.tune import Asked, arms, tune
from policy import document
from policy.reasons import Reason
from policy.tuned import Tuned
from tests.actions.tune.projects import project
from tests.repositories import Repo, environment

POLICY = """\
version: 1
evaluate: {metrics: [metrics.json]}
tune:
  space: {train.slope: {from: 1.0, to: 4.0}}
  objectives: [{metric: accuracy}, {metric: seconds, better: lower}]
"""


def run(repo: Repo, trials: int) -> Tuned:
    policy = document.read(POLICY)
    assert policy.tune and policy.evaluate
    with Repository.open(repo.root) as repository:
        return tune(repository, policy.tune, policy.evaluate, policy.train, Asked(Limits(trials), seed=1), Silent())


def test_compromises_are_kept_and_the_next_commit_begins_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    repo = project(tmp_path, POLICY)
    first = run(repo, 2)
    # A steeper slope is better and slower, so each point is a compromise.
    assert [each.scores for each in first.front] == sorted((each.scores for each in first.front), reverse=True)
    assert len(first.front) == first.trials == 3
    assert first.winner is not None
    better = first.winner.scores[0] > first.present.scores[0]
    assert first.result.reason is (Reason.TUNE_BETTER_ONCE if better else Reason.TUNE_NONE_BETTER)
    assert bool(first.patch) is better
    assert {arm.strategy for arm in first.arms} == {"tpe", "nsga2"}

    later = run(repo.write("README.md", "words").commit("words"), 1)
    assert later.study != first.study
    assert (later.seeded, later.here, later.restored) == (3, 1, 1)
    assert [arm.strategy for arm in later.arms] == ["earlier"]


def test_arms_count_what_each_strategy_did() -> None:
    section = document.read(POLICY).tune
    assert section is not None
    ended = [
        Ended("present", (0.5, 1.0), 0.0),
        Ended("tpe", (0.6, 1.0), 2.0),
        Ended("tpe", None, 1.0),
        Ended("tpe", None, 0.5, pruned=True),
        Ended("earlier", (0.4, 2.0), 1.0),
    ]
    found = [(arm.strategy, arm.trials, arm.failed, arm.good, arm.seconds) for arm in arms(section, ended)]
    assert found == [("tpe", 1, 1, 1, 3.5), ("earlier", 1, 0, 0, 1.0)]
