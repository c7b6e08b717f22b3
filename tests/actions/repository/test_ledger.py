"""The ledger's branch is read whole, and what a clone fetched before is remembered. More in tests/assay/verbs/test_audit.py."""

from pathlib import Path

import pytest

from actions.repository import ledger
from policy.problems import UserProblem
from tests.repositories import Repo

BRANCH = "assay-ledger"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path, dvc=False).write("README.md", "x\n").commit()
    made.git("branch", "--move", BRANCH)
    return made.write("entries/000/000001.json", b"\x00\xff\n\n").commit("Entry 1")


def test_commits_come_the_oldest_first_with_their_changes_and_contents(repo: Repo) -> None:
    found = ledger.read(repo.root, offline=True)
    first, second = found.steps
    assert (first.sha, first.parents, second.parents) == (repo.sha("HEAD~1"), (), (first.sha,))
    (change,) = second.changes
    assert (change.letter, change.mode, change.path) == ("A", "100644", "entries/000/000001.json")
    assert found.contents[change.new] == b"\x00\xff\n\n" and second.author == "ada@example.org"


def test_a_link_and_a_submodule_of_a_strange_name_are_read_as_changes(repo: Repo) -> None:
    (repo.root / "a\nb").symlink_to("/etc/passwd")
    repo.git("add", "--all")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repo.git("commit", "--quiet", "-m", "Entry 2")
    found = ledger.read(repo.root, offline=True)
    assert [(each.letter, each.mode) for each in found.steps[-1].changes] == [("A", "120000"), ("A", "160000")]
    assert "1" * 40 not in found.contents


def test_a_clone_remembers_what_it_fetched_and_tells_when_it_is_gone(repo: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "clone", dvc=False)
    clone.git("remote", "add", "origin", str(repo.root))
    with pytest.raises(UserProblem, match="no branch"):
        ledger.read(clone.root, offline=True)
    before = ledger.read(clone.root)
    repo.git("commit", "--quiet", "--amend", "-m", "another")
    assert ledger.read(clone.root).rewritten_from == before.tip
    assert ledger.read(clone.root, offline=True).tip == before.tip
