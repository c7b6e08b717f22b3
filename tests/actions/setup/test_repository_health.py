"""git, DVC and the policy under the eyes of the doctor."""

from pathlib import Path

import pytest

from actions.repository import Repository
from actions.setup import repository_health
from tests.repositories import Repo


def levels(findings: object) -> dict[str, str]:
    return {finding.check: finding.level for finding in findings}  # type: ignore[attr-defined]


def test_data_that_was_never_pushed_is_an_error_with_the_command(tmp_path: Path) -> None:
    with Repository.open(Repo(tmp_path).with_pipeline().root) as repository:
        found = {finding.check: finding for finding in repository_health.dvc(repository, ask_remote=True)}
    assert found["dvc-remote"].level == "error"
    assert "never pushed" in found["dvc-remote"].what
    assert found["dvc-remote"].cure == "Run `dvc push`"
    assert found["pipeline"].level == "ok"


def test_a_stale_pipeline_is_a_warning_and_a_remote_that_was_not_asked_is_said(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline().write("params.yaml", "prepare: {minimum: 3}\ntrain: {slope: 1}\n")
    with Repository.open(repo.root) as repository:
        found = levels(repository_health.dvc(repository, ask_remote=False))
    assert found == {"dvc-remote": "note", "pipeline": "warning"}


def test_a_remote_that_is_away_is_an_error(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    repo.remote.rename(tmp_path / "elsewhere")
    with Repository.open(repo.root) as repository:
        assert levels(repository_health.dvc(repository, ask_remote=True))["dvc"] == "error"


@pytest.mark.parametrize(
    ("text", "check", "level"),
    [
        ("version: 1\n", "policy-base", "ok"),
        ("version: 2\n", "policy", "error"),
        ("version: 1\ndata: [{path: gone.csv}]\n", "data", "error"),
        ("version: 1\ndata: [{path: a.csv, contract: 'gone.py:A'}]\n", "contract", "error"),
    ],
)
def test_a_policy_is_judged_with_what_it_names(tmp_path: Path, text: str, check: str, level: str) -> None:
    repo = Repo(tmp_path).write("assay.yml", text).write("a.csv", "id\n1\n").commit()
    with Repository.open(repo.root) as repository:
        assert levels(repository_health.policy(repository, "main")[1])[check] == level


def test_a_policy_that_the_default_branch_lacks_or_has_otherwise_is_said(tmp_path: Path) -> None:
    repo = Repo(tmp_path).branch("change").write("assay.yml", "version: 1\n").commit()
    with Repository.open(repo.root) as repository:
        assert levels(repository_health.policy(repository, "main")[1])["policy-base"] == "warning"
        repo.write("assay.yml", "version: 1\ndata: []\n")
        assert levels(repository_health.policy(repository, "change")[1])["policy-base"] == "note"


def test_a_shallow_clone_is_a_warning(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "a").commit()
    with Repository.open(repo.clone(tmp_path / "b", depth=1).root) as repository:
        assert [finding.level for finding in repository_health.git(repository, "main")] == ["warning", "ok"]
