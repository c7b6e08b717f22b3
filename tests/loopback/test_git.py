"""A repository that is kept open shows what lies in its folder now."""

import shutil
import subprocess
from pathlib import Path

from tests.loopback.git import Git


def other(git: Git, *arguments: str) -> str:
    """What a process of its own does in it."""
    return subprocess.run(["git", f"--git-dir={git.path}", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def test_what_other_processes_write_pack_and_delete_is_seen(tmp_path: Path) -> None:
    git = Git.create(tmp_path / "one.git", "main")
    first = git.write_commit("one", git.write_tree(None, []), [])
    git.set_ref("refs/heads/main", first)
    second = other(git, "-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", "-p", first, "-m", "two", f"{first}^{{tree}}")
    other(git, "update-ref", "refs/heads/main", second)
    assert (git.ref("refs/heads/main"), git.commit(second).message) == (second, "two")
    other(git, "gc", "--quiet", "--prune=now")
    assert (git.ref("refs/heads/main"), git.sha(second[:12]), git.log("main")) == (second, second, [second, first])
    other(git, "update-ref", "refs/heads/main", first)
    assert git.sha("main") == first
    other(git, "update-ref", "-d", "refs/heads/main")
    assert git.ref("refs/heads/main") is None


def test_another_folder_in_its_place_is_another_repository(tmp_path: Path) -> None:
    git = Git.create(tmp_path / "one.git", "main")
    git.set_ref("refs/heads/main", git.write_commit("one", git.write_tree(None, []), []))
    shutil.rmtree(git.path)
    assert Git.create(tmp_path / "one.git", "main").ref("refs/heads/main") is None
