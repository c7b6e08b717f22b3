"""Opening a repository, and every reason why one cannot be opened."""

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


def test_a_repository_is_found_from_any_folder_inside(repo: Repo) -> None:
    repo.write("a/b/c.txt", "x")
    assert Repository.open(repo.root / "a/b").root == repo.root


def test_a_folder_without_git_says_so(tmp_path: Path) -> None:
    Repo(tmp_path, git=False, dvc=False)
    assert "not a git repository" in refusal(tmp_path / "work")


def test_a_folder_that_does_not_exist_says_so(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "nowhere/at/all")


def test_git_without_dvc_says_how_to_set_it_up(tmp_path: Path) -> None:
    repo = Repo(tmp_path, dvc=False).write("a", "1").commit()
    assert "DVC is not set up here" in refusal(repo.root)
    assert "dvc init" in refusal(repo.root)


def test_a_branch_without_a_commit_says_so(tmp_path: Path) -> None:
    assert "no commit yet" in refusal(Repo(tmp_path, dvc=False).root)


def test_a_bare_repository_says_so(tmp_path: Path, repo: Repo) -> None:
    repo.git("clone", "--quiet", "--bare", str(repo.root), str(tmp_path / "bare"))
    assert "bare" in refusal(tmp_path / "bare")


def test_the_inside_of_the_git_folder_is_no_work_tree(repo: Repo) -> None:
    assert ".git folder" in refusal(repo.root / ".git/refs")


def test_a_dvc_root_in_a_sub_folder_works(tmp_path: Path) -> None:
    repo = (
        Repo(tmp_path, subdirectory="ml project")
        .write("ml project/data/x.csv", "a\n1\n")
        .dvc_add("ml project/data/x.csv")
        .commit()
    )
    with Repository.open(repo.dvc_root) as opened:
        assert (opened.root, opened.dvc_root) == (repo.root, repo.dvc_root)
        for revision in ("HEAD", None):
            tracked = opened.tracked("ml project/data/x.csv", revision)
            assert tracked is not None and tracked.file == "ml project/data/x.csv.dvc"
            assert opened.files(tracked)[0].path.read_text() == "a\n1\n"


def test_a_committed_link_in_place_of_the_scratch_folder_is_refused(repo: Repo, tmp_path: Path) -> None:
    (repo.root / ".dvc/tmp").symlink_to(tmp_path)
    with pytest.raises(UserProblem, match="symbolic link"):
        _ = Repository.open(repo.root).scratch


def test_the_scratch_folder_is_ignored_by_git(repo: Repo) -> None:
    (repo.root / ".dvc/.gitignore").unlink()
    repo.commit()
    opened = Repository.open(repo.root)
    (opened.scratch / "cache").write_text("x")
    assert "assay" not in repo.git("status", "--short", "--untracked-files=all")


def test_a_path_that_nothing_tracks_is_none(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        assert opened.tracked("nope.csv") is None
        assert opened.tracked("nope.csv", "HEAD") is None


def test_a_commit_from_before_dvc_has_no_outs(tmp_path: Path) -> None:
    repo = Repo(tmp_path, dvc=False).write("a.csv", "a\n").commit()
    before = repo.sha()
    repo._dvc_init(tmp_path, remote=True)
    with Repository.open(repo.root) as opened:
        tracked = opened.tracked("a.csv", before)
        assert tracked is not None and tracked.kind == "git"
        assert opened.outs(before) == []
