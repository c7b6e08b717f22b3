"""What a run left in a real repository, packed for whoever may commit it."""

from pathlib import Path

import pytest

from actions.repository import Repository
from actions.train.results import made, pack
from policy.facts import Facts, OverrideFact, TrainingFacts
from policy.facts.commit import MAX_FILE, CommitFacts
from policy.facts.request import Arguments, Request
from policy.facts.training import StageRun
from policy.problems import UserProblem
from tests.reports import samples
from tests.repositories import PIPELINE, Repo

OVERRIDE = OverrideFact(file="params.yaml", key="train.slope", before="1.5", after="9")


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("made")).with_pipeline()


@pytest.fixture
def repo(author: Repo, tmp_path: Path) -> Repo:
    return author.copy(tmp_path)


def facts(*overrides: OverrideFact) -> Facts:
    return samples.facts().model_copy(update={"overrides": list(overrides), "training": None})


def packed(repo: Repo, told: Facts | None = None) -> CommitFacts:
    request = Request(id="9-0", command="train", pull_request=7, sha=repo.sha(), arguments=Arguments(base="main", commit=True))
    with Repository.open(repo.root) as opened:
        return pack(opened, told or facts(OVERRIDE), request)


def test_lock_parameters_and_metrics_are_packed_and_nothing_else_that_a_stage_wrote(repo: Repo) -> None:
    repo.write("params.yaml", "prepare: {minimum: 2}\ntrain: {slope: 9}\n")
    repo.write("train.py", (repo.root / "train.py").read_text() + "open('stolen.yml', 'w').write('x')\n").repro()
    repo.write(".github/workflows/evil.yml", "on: push\n").write("assay.yml", "version: 1\n")
    found = packed(repo)
    assert [file.path for file in found.files] == ["dvc.lock", "metrics.json", "params.yaml"]
    assert (found.request, found.sha) == ("9-0", repo.sha())
    assert found.files[2].text == (repo.root / "params.yaml").read_text()


def test_where_nothing_changed_nothing_is_packed(repo: Repo) -> None:
    assert packed(repo).files == []


def test_parameters_that_were_not_set_are_the_changes_own_affair(repo: Repo) -> None:
    repo.write("params.yaml", "prepare: {minimum: 2}\ntrain: {slope: 9}\n")
    assert [file.path for file in packed(repo, facts()).files] == []


def test_a_lock_that_is_new_is_packed(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline(run=False).repro()
    assert [file.path for file in packed(repo, facts()).files] == ["dvc.lock", "metrics.json"]


def test_files_in_a_folder_that_git_keeps_are_packed(tmp_path: Path) -> None:
    pipeline = PIPELINE.replace("metrics:\n      - metrics.json: {cache: false}", "plots:\n      - plots: {cache: false}")
    repo = Repo(tmp_path).with_pipeline(run=False).write("dvc.yaml", pipeline)
    repo.write("evaluate.py", "import os\nos.makedirs('plots')\nopen('plots/roc.csv', 'w').write('x,y\\n')\n").repro()
    assert [file.path for file in packed(repo, facts()).files] == ["dvc.lock", "plots/roc.csv"]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\xff\xfe", "no text"), (b"x" * (MAX_FILE + 1), "more than"), (None, "no ordinary file")],
)
def test_what_cannot_be_committed_whole_is_not_committed_in_part(repo: Repo, content: bytes | None, told: str) -> None:
    if content is None:
        repo.remove("metrics.json")
    else:
        repo.write("metrics.json", content)
    with pytest.raises(UserProblem, match=told):
        packed(repo)


def test_a_link_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2")
    repo.remove("metrics.json")
    (repo.root / "metrics.json").symlink_to(tmp_path / "secret")
    with pytest.raises(UserProblem, match="no ordinary file"):
        packed(repo)


def test_what_ran_or_was_restored_may_be_new() -> None:
    outcomes = ("executed", "restored", "unchanged", "failed", "not_reached")
    runs = [StageRun(name=outcome, outcome=outcome) for outcome in outcomes]
    assert made(facts().model_copy(update={"training": TrainingFacts(stages=runs)})) == ["executed", "restored"]
    assert made(facts()) == []
