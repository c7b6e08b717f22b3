"""The default branch and the address of the place that a repository is pushed to."""

from pathlib import Path

from actions.repository.remotes import default_branch, origin, revision
from tests.repositories import Repo


def test_a_clone_knows_the_default_branch_of_its_origin(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "a")
    repo.git("branch", "--move", "released")
    clone = repo.clone(tmp_path / "b").branch("main")
    assert default_branch(clone.root) == "released"
    assert origin(clone.root) == repo.root.as_uri()


def test_without_an_origin_the_usual_branch_that_exists_is_taken(tmp_path: Path) -> None:
    repo = Repo(tmp_path).branch("change")
    assert default_branch(repo.root) == "main"
    assert origin(repo.root) is None
    repo.git("branch", "--delete", "--force", "main")
    assert default_branch(repo.root) == "change"


def test_the_commit_of_a_checkout(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "a")
    assert revision(repo.root) == repo.sha()
    (tmp_path / "b").mkdir()
    assert revision(tmp_path / "b") is None
