"""The git executable: what it reads, and what it must not run."""

from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import UserProblem
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path)


def refusal(start: Path) -> str:
    with pytest.raises(UserProblem) as refused:
        Repository.open(start)
    return str(refused.value)


def test_git_missing_from_the_path_says_so(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.root))
    assert "git was not found" in refusal(repo.root)


def test_files_are_read_at_revisions_and_from_the_work_tree(repo: Repo) -> None:
    base = repo.write("dir/ä b.txt", "old\n").commit().sha()
    repo.write("dir/ä b.txt", b"new \xff")
    with Repository.open(repo.root) as opened:
        assert opened.read("dir/ä b.txt", base) == b"old\n"
        assert opened.read("dir/ä b.txt") == b"new \xff"
        assert opened.read("nope", base) is opened.read("nope") is opened.read("dir", base) is opened.read("dir") is None


def test_many_reads_share_one_git(repo: Repo) -> None:
    base = repo.write("a", "").write("b", "b" * 100_000).commit().sha()
    with Repository.open(repo.root) as opened:
        assert [opened.read(name, base) for name in ("a", "b", "c", "a")] == [b"", b"b" * 100_000, None, b""]


def test_nothing_of_the_users_git_is_run_or_changed(repo: Repo, tmp_path: Path) -> None:
    hook = repo.root / ".git/hooks/post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    before = (repo.root / ".git/config").read_bytes()
    with Repository.open(repo.root) as opened:
        opened.head(), opened.changed_files("HEAD"), opened.tracked(".dvcignore")
    assert not (tmp_path / "ran").exists()
    assert (repo.root / ".git/config").read_bytes() == before


def test_git_variables_of_a_surrounding_hook_do_not_lead_astray(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert not Repository.open(repo.root).head().dirty
