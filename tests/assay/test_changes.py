"""Which files of the work tree a pull request would hold."""

from pathlib import Path

import pytest

from assay.changes import changed
from policy.problems import UserProblem
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A commit, and changes of every sort beside it."""
    repo = Repo(tmp_path).write(".gitignore", "ignored\n").write("same", "1").write("models/old", "1").write("gone", "1")
    repo.write("kept.txt", "1").commit("before")
    repo.write("ignored", "1").write("models/old", "2").write("models/deep/new.json", "{}").write("kept.txt", "2")
    (repo.root / "gone").unlink()
    (repo.root / "run.sh").write_text("#!/bin/sh\n")
    (repo.root / "run.sh").chmod(0o755)
    (repo.root / "link").symlink_to("same")
    return repo


def names(repo: Repo, *globs: str, folder: str = ".") -> list[str]:
    return sorted(changed(repo.root / folder, globs).files)


def test_a_dot_is_everything_that_changed_and_is_not_ignored(repo: Repo) -> None:
    assert names(repo, ".") == ["kept.txt", "link", "models/deep/new.json", "models/old", "run.sh"]
    assert changed(repo.root, ["."]).gone == ("gone",)


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (["models"], ["models/deep/new.json", "models/old"]),
        (["models/*"], ["models/old"]),
        (["**/*.json"], ["models/deep/new.json"]),
        (["*.txt", "./run.sh"], ["kept.txt", "run.sh"]),
        (["same"], []),
        (["../elsewhere", "/etc/passwd"], []),
        ([], []),
    ],
)
def test_globs_choose_among_what_changed(repo: Repo, globs: list[str], expected: list[str]) -> None:
    assert names(repo, *globs) == expected


def test_globs_are_relative_to_where_one_stands(repo: Repo) -> None:
    assert names(repo, ".", folder="models") == ["models/deep/new.json", "models/old"]
    assert names(repo, "../kept.txt", folder="models") == ["kept.txt"]


def test_modes_and_links_are_kept(repo: Repo) -> None:
    files = changed(repo.root, ["."]).files
    assert (files["run.sh"].mode, files["kept.txt"].mode) == ("100755", "100644")
    assert (files["link"].mode, files["link"].content) == ("120000", b"same")


def test_files_of_git_lfs_are_refused(repo: Repo) -> None:
    repo.write(".gitattributes", "*.bin filter=lfs\n").write("big.bin", "1")
    with pytest.raises(UserProblem, match=r"big\.bin"):
        changed(repo.root, ["."])
