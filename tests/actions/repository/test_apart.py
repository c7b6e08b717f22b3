"""A branch that lies apart from the code is found at the remote, or as it was fetched last."""

from pathlib import Path

import pytest

from actions.repository.apart import Apart, sha, tip
from actions.repository.git import Git
from policy.problems import OutsideProblem, UserProblem
from tests.repositories import Repo

WANTED = Apart("aside", "refs/assay/aside", "the diary", "It begins with a page")


@pytest.fixture
def origin(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "origin", dvc=False).write("a", "b").commit()


@pytest.fixture
def git(origin: Repo, tmp_path: Path) -> Git:
    clone = Repo(tmp_path / "clone", dvc=False)
    clone.git("remote", "add", "origin", str(origin.root))
    return Git(clone.root)


def test_its_end_is_that_of_the_remote_whatever_was_there_before(git: Git, origin: Repo) -> None:
    origin.git("branch", "aside")
    assert tip(git, WANTED, "origin", offline=False) == origin.sha("aside")
    origin.git("checkout", "--quiet", "aside")
    origin.write("a", "c").commit()
    assert tip(git, WANTED, "origin", offline=False) == origin.sha("aside")


def test_offline_it_is_what_was_kept_then_what_the_remote_had_then_a_branch_of_ours(git: Git, origin: Repo) -> None:
    origin.git("branch", "aside")
    first = tip(git, WANTED, "origin", offline=False)
    assert sha(git, WANTED.known) == "", "who reads it says whether it is kept"
    git.run("update-ref", "refs/heads/aside", first)
    assert tip(git, WANTED, "origin", offline=True) == first
    second = origin.write("a", "c").commit().sha("HEAD")
    git.run("fetch", "--quiet", "origin", second)
    git.run("update-ref", "refs/remotes/origin/aside", second)
    assert tip(git, WANTED, "origin", offline=True) == second
    git.run("update-ref", WANTED.known, first)
    assert tip(git, WANTED, "origin", offline=True) == first


def test_where_it_is_not_is_said_with_how_it_begins(git: Git) -> None:
    with pytest.raises(UserProblem, match="origin has no branch aside") as told:
        tip(git, WANTED, "origin", offline=False)
    assert (told.value.where, told.value.next) == ("the diary", "It begins with a page")
    with pytest.raises(UserProblem, match="no branch aside here"):
        tip(git, WANTED, "origin", offline=True)


def test_a_remote_that_is_away_is_a_problem_outside(git: Git, tmp_path: Path) -> None:
    git.run("remote", "set-url", "origin", str(tmp_path / "gone"))
    with pytest.raises(OutsideProblem, match="cannot fetch the diary"):
        tip(git, WANTED, "origin", offline=False)
