"""Trials in a real repository: a work tree of their own, the run cache shared, and what a failure says."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from actions.repository import Repository
from actions.tune.workshop import Workshop, clear, opened
from policy import document
from tests.repositories import Repo, environment

POLICY = """\
version: 1
train: {targets: [evaluate]}
evaluate: {metrics: [metrics.json]}
tune:
  space: {train.slope: {from: 0.5, to: 9.0}}
  objectives: [{metric: accuracy}]
"""


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        yield Repo(tmp_path_factory.mktemp("tuned")).with_pipeline().write("params.yaml", "train: {slope: 3}\n")


@pytest.fixture(scope="module")
def shop(repo: Repo) -> Iterator[Workshop]:
    policy = document.read(POLICY)
    assert policy.tune and policy.evaluate
    with (
        Repository.open(repo.root) as repository,
        opened(repository, repo.sha(), policy.tune, policy.evaluate, policy.train) as shop,
    ):
        yield shop


def test_the_present_parameters_are_those_of_the_commit_and_cost_nothing(shop: Workshop) -> None:
    assert shop.present() == {"train.slope": 1.5}
    found = shop.run({})
    assert found.restored and not found.problem
    assert found.scores == pytest.approx((1 - 1 / (1 + 1.5 * 12),))


def test_a_repeated_point_costs_nothing_and_the_users_work_tree_stays_as_it_is(shop: Workshop, repo: Repo) -> None:
    before = repo.git("status", "--porcelain"), (repo.root / "model.txt").read_text()
    first = shop.run({"train.slope": 4.0})
    again = shop.run({"train.slope": 4.0})
    assert (first.restored, again.restored) == (False, True)
    assert first.scores == again.scores == pytest.approx((1 - 1 / (1 + 4.0 * 12),))
    assert (repo.git("status", "--porcelain"), (repo.root / "model.txt").read_text()) == before


def test_a_stage_that_fails_gives_its_last_words_and_the_next_trial_is_none_the_worse(shop: Workshop) -> None:
    found = shop.run({"train.slope": "steep"})
    assert found.scores is None
    assert "ValueError: could not convert string to float: 'steep'" in found.problem
    assert shop.run({}).scores is not None


STEPWISE = """\
import json, os, time
for step in range(200):
    json.dump({"accuracy": step / 200, "step": step}, open("live.tmp", "w"))
    os.replace("live.tmp", "metrics.json")
    time.sleep(0.1)
"""


def test_a_trial_that_is_no_good_is_ended_with_all_its_processes_and_the_next_one_is_none_the_worse(tmp_path: Path) -> None:
    pipeline = "stages: {train: {cmd: python train.py, params: [train], metrics: [metrics.json: {cache: false}]}}\n"
    repo = Repo(tmp_path).write("train.py", STEPWISE).write("dvc.yaml", pipeline).write("params.yaml", "train: {slope: 1.0}\n")
    repo.write("metrics.json", '{"accuracy": 1.0, "step": 500}\n').commit()
    policy, seen = document.read(POLICY.replace("[evaluate]", "[train]")), []
    assert policy.tune and policy.evaluate

    def told(steps: Mapping[int, float]) -> bool:
        seen.append(list(steps.items())[-1])
        return seen[-1][0] >= 3

    with (
        Repository.open(repo.root) as repository,
        opened(repository, repo.sha(), policy.tune, policy.evaluate, policy.train) as shop,
    ):
        found = shop.run({"train.slope": 4.0}, told)
        left = [each for each in psutil.Process().children(recursive=True) if "train.py" in " ".join(each.cmdline())]
        assert found.pruned and found.scores is None and found.seconds < 15 and left == []
        assert found.problem == f"at step {seen[-1][0]} it was worse than half of those before were"
        assert all(value == step / 200 for step, value in seen) and seen[-1][0] < 20
        assert shop.patch({"train.slope": 2.5}).endswith("+train: {slope: 2.5}\n")


def test_a_patch_is_what_git_would_apply(shop: Workshop) -> None:
    assert shop.patch({"train.slope": 2.5}).splitlines()[-2:] == ["-  slope: 1.5", "+  slope: 2.5"]


def test_work_trees_of_processes_that_are_no_more_are_removed(tmp_path: Path) -> None:
    for name in ("tree-999999999-5", f"tree-{os.getpid()}-5", "tree-x", "journal"):
        (tmp_path / name).mkdir()
    clear(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["journal"]
