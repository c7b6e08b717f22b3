"""The shipped workflows, filled in for one repository."""

from pathlib import Path

import pytest
import yaml

from actions.repository import Repository
from actions.setup import workflows
from actions.setup.workflows import Action, action_for, fill, installed, repository_name, wanted
from policy import document
from tests.repositories import Repo

ACTION = Action("acme/assay", "a" * 40, "v2.0.0")


def test_the_default_branch_and_the_commit_stand_in_every_workflow() -> None:
    texts = wanted("release/2", ACTION)
    assert {Path(path).parent.as_posix() for path in texts} == {".github/workflows"}
    assert yaml.safe_load(texts[".github/workflows/assay-main.yml"])[True]["push"]["branches"] == ["release/2"]
    uses = [
        line.split("uses: ")[1] for text in texts.values() for line in text.splitlines() if "uses: " in line and "assay" in line
    ]
    assert uses
    assert all(use.endswith(f"@{'a' * 40} # v2.0.0") and use.startswith("acme/assay") for use in uses)


def test_the_workflow_for_commands_may_be_left_out() -> None:
    without, every = wanted("main", ACTION, commands=False), wanted("main", ACTION)
    left_out = {Path(path).name for path in set(every) - set(without)}
    assert left_out == {file.name for file in workflows.SHIPPED.glob("*.yml")} & workflows.FOR_COMMANDS
    assert "assay-run.yml" in left_out


def test_the_workflow_for_monitoring_is_there_where_the_policy_says_what_to_look_at_and_whom_to_tell() -> None:
    more = set(wanted("main", ACTION, monitoring=True)) - set(wanted("main", ACTION))
    assert more == {".github/workflows/assay-monitor.yml"}
    monitor, watch = "monitor: {data: live.csv}\n", "watch: {}\n"
    told = [workflows.monitors(document.read(f"version: 1\n{text}")) for text in ("", monitor, watch, monitor + watch)]
    assert told == [False, False, False, True] and not workflows.monitors(None)


def test_the_workflow_for_tuning_is_there_where_the_policy_says_what_may_be_tried() -> None:
    more = set(wanted("main", ACTION, tuning=True)) - set(wanted("main", ACTION))
    assert more == {".github/workflows/assay-tune.yml"}


def test_the_workflow_for_imports_is_there_where_dvc_imports_data(tmp_path: Path) -> None:
    more = set(wanted("main", ACTION, imports=True)) - set(wanted("main", ACTION))
    assert more == {".github/workflows/assay-refresh.yml"}
    repo, told = Repo(tmp_path), []
    for text in (None, "deps: [{path: /a}]\nouts: [{path: a}]\nfrozen: true\n", "deps: ["):
        if text is not None:
            repo.write("a.dvc", text)
        with Repository.open(repo.root) as opened:
            told.append(workflows.has_imports(opened))
    assert told == [False, True, False]


def test_a_branch_with_a_strange_name_stays_one_yaml_text() -> None:
    branch = 'a";id;"'
    assert yaml.safe_load(fill("on: {push: {branches: [main]}}", branch, None))[True]["push"]["branches"] == [branch]


def test_without_a_known_commit_the_text_is_the_shipped_one() -> None:
    texts = wanted("main", None)
    assert all((workflows.SHIPPED / Path(path).name).read_text("utf-8") == text for path, text in texts.items())


def test_a_pin_that_the_repository_has_is_kept(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write(".github/workflows/assay-check.yml", f"- uses: acme/assay@{'b' * 40} # v9\n").commit()
    with Repository.open(repo.root) as repository:
        assert action_for(repository, "1") == Action("acme/assay", "b" * 40, "v9")


def test_zeros_are_no_pin(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write(".github/workflows/assay-check.yml", f"- uses: acme/assay@{'0' * 40}\n").commit()
    with Repository.open(repo.root) as repository:
        assert action_for(repository, "1") == installed("1")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/acme/assay", "acme/assay"),
        ("https://github.com/acme/assay.git", "acme/assay"),
        ("git@github.com:acme/assay.git", "acme/assay"),
        ("ssh://git@ghes.example/acme/assay/", "acme/assay"),
        ("/somewhere/acme/assay", None),
        ("file:///somewhere/assay", None),
    ],
)
def test_the_repository_of_an_address(url: str, name: str | None) -> None:
    assert repository_name(url) == name
