"""Paths that stay inside, and content under the ids git gives it."""

from pathlib import Path

import pytest

from actions.datafile import DataFile
from actions.repository import Repository
from policy.problems import UserProblem
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path)


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../x", "", "a\0b"])
def test_a_path_that_leaves_the_repository_is_refused(repo: Repo, path: str) -> None:
    opened = Repository.open(repo.root)
    for revision in (None, "HEAD"):
        with pytest.raises(UserProblem, match="inside the repository"):
            opened.read(path, revision)


def test_a_symbolic_link_that_leads_out_is_refused(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (repo.root / "link").symlink_to("../secret")
    (repo.root / "inner").symlink_to(".dvcignore")
    base = repo.commit().sha()
    with Repository.open(repo.root) as opened:
        for revision in (None, base):
            with pytest.raises(UserProblem, match="leads out of the repository"):
                opened.read("link", revision)
            assert opened.read("inner", revision) == b""


def names(files: list[DataFile]) -> list[str]:
    return [file.name for file in files]


def test_a_plain_git_file_is_tracked_by_its_blob(repo: Repo) -> None:
    base = repo.write("small.csv", "a\n1\n").commit().sha()
    with Repository.open(repo.root) as opened:
        then, now = opened.tracked("small.csv", base), opened.tracked("small.csv")
        assert then is not None and now is not None
        assert then.digest == now.digest == f"git:{repo.git('rev-parse', 'HEAD:small.csv')}"
        assert then.size == now.size == 4
        repo.write("small.csv", "a\n2\n")
        later = opened.tracked("small.csv")
        assert later is not None and later.digest != then.digest
        assert [opened.files(one)[0].path.read_text() for one in (then, later)] == ["a\n1\n", "a\n2\n"]


def test_a_git_folder_has_gits_own_tree_id(repo: Repo) -> None:
    repo.write("parts/b/z.csv", "1").write("parts/a.csv", "2").write("parts/a-b.csv", "3").write("parts/a/x", "4")
    (repo.root / "parts/run.sh").write_text("x")
    (repo.root / "parts/run.sh").chmod(0o755)
    (repo.root / "parts/link").symlink_to("a.csv")
    base = repo.commit().sha()
    with Repository.open(repo.root) as opened:
        then, now = opened.tracked("parts", base), opened.tracked("parts")
        assert then is not None and now is not None
        assert now.digest == then.digest == f"git:{repo.git('rev-parse', 'HEAD:parts')}"
        repo.write("parts/new.csv", "5")
        later = opened.tracked("parts")
        assert later is not None and later.digest != then.digest
        assert "parts/new.csv" in names(opened.files(later))
        assert names(opened.files(then)) == [
            "parts/a-b.csv",
            "parts/a.csv",
            "parts/a/x",
            "parts/b/z.csv",
            "parts/link",
            "parts/run.sh",
        ]
