"""Files that are wanted against those that are there."""

import subprocess
from pathlib import Path

import pytest

from actions.repository import Repository
from actions.setup.files import File, plan, write
from policy.problems import UserProblem
from tests.repositories import Repo


def test_a_file_is_new_the_same_or_another(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("same.txt", "a\r\n").write("other.txt", "mine\n")
    with Repository.open(repo.root) as repository:
        files = plan(repository, {"new.txt": "a\n", "same.txt": "a\n", "other.txt": "a\n"})
    assert [file.state for file in files] == ["new", "same", "differs"]


def test_the_difference_is_a_patch_that_git_applies(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("other.txt", "mine\nkept\n").commit()
    new, other = File("a/new.txt", "a\n", None), File("other.txt", "theirs\nkept\n", "mine\nkept\n")
    subprocess.run(["git", "apply"], input=f"{new.diff}\n{other.diff}\n", text=True, cwd=repo.root, check=True)
    assert (repo.root / "a/new.txt").read_text() == "a\n"
    assert (repo.root / "other.txt").read_text() == "theirs\nkept\n"


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write(tmp_path, File("a/b/c.txt", "å\n", None))
    assert (tmp_path / "a/b/c.txt").read_bytes() == "å\n".encode()
    assert [each.name for each in (tmp_path / "a/b").iterdir()] == ["c.txt"]


def test_a_folder_that_is_a_file_is_a_problem_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(UserProblem, match=r"a/b\.txt: cannot write"):
        write(tmp_path, File("a/b.txt", "", None))
