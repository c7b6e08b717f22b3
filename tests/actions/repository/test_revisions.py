"""Revisions, and what changed between them, as a real git tells them."""

from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import UserProblem
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path)


def test_a_folder_that_does_not_exist_is_named_and_not_its_parent(repo: Repo) -> None:
    with pytest.raises(UserProblem, match=r"nowhere: there is no such folder"):
        Repository.open(repo.root / "nowhere")


def test_revisions_resolve_to_full_shas(repo: Repo) -> None:
    repo.tag("v1")
    opened = Repository.open(repo.root)
    assert opened.resolve("v1") == opened.resolve("main") == opened.resolve("HEAD~0") == repo.sha()


@pytest.mark.parametrize("hostile", ["--output=/tmp/x", "-h", "", "main\nHEAD", "a\0b"])
def test_a_revision_that_looks_like_an_option_is_refused(repo: Repo, hostile: str) -> None:
    with pytest.raises(UserProblem, match="not the name of a revision"):
        Repository.open(repo.root).resolve(hostile)


def test_an_unknown_revision_is_named(repo: Repo) -> None:
    with pytest.raises(UserProblem, match=r"^nonesuch: no such branch, tag or commit"):
        Repository.open(repo.root).resolve("nonesuch")


def test_a_branch_known_only_on_origin_is_found_there(repo: Repo, tmp_path: Path) -> None:
    repo.branch("change").commit("c").switch("main").commit("on main").switch("change")
    other = repo.clone(tmp_path / "runner")  # stands on `change`; `main` is only origin/main, as on a runner
    assert Repository.open(other.root).resolve("main") == repo.sha("main")


def test_a_shallow_clone_says_how_to_deepen(repo: Repo, tmp_path: Path) -> None:
    first = repo.sha()
    repo.commit("two").commit("three")
    opened = Repository.open(repo.clone(tmp_path / "shallow", depth=1).root)
    assert opened.head().shallow
    with pytest.raises(UserProblem, match="fetch-depth: 0"):
        opened.resolve(first)


def test_a_shallow_clone_that_lacks_the_common_ancestor_says_so(repo: Repo, tmp_path: Path) -> None:
    repo.branch("change").commit("mine").switch("main").commit("theirs").switch("change")
    shallow = repo.clone(tmp_path / "shallow", depth=1)
    shallow.git("fetch", "--quiet", "--depth=1", "origin", "main")
    with pytest.raises(UserProblem, match="git fetch --unshallow"):
        Repository.open(shallow.root).merge_base("HEAD", shallow.sha("FETCH_HEAD"))


def test_the_merge_base_of_a_base_that_is_no_ancestor_is_where_they_parted(repo: Repo) -> None:
    parted = repo.sha()
    repo.branch("change").commit("mine").switch("main").commit("theirs")
    assert Repository.open(repo.root).merge_base("main", "change") == parted


def test_unrelated_histories_have_no_merge_base(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--orphan", "other")
    repo.commit("alone")
    assert Repository.open(repo.root).merge_base("main", "HEAD") is None


def test_the_head_knows_branch_and_dirt(repo: Repo) -> None:
    opened = Repository.open(repo.root)
    head = opened.head()
    assert (head.sha, head.branch, head.dirty, head.shallow) == (repo.sha(), "main", False, False)
    repo.write("new.txt", "x")
    assert opened.head().dirty


def test_a_detached_head_has_no_branch(repo: Repo) -> None:
    repo.commit("two").switch("HEAD~1")
    assert Repository.open(repo.root).head().branch is None


def test_changed_files_sees_committed_staged_unstaged_deleted_and_untracked(repo: Repo) -> None:
    for name in ("gone", "staged", "unstaged", "same"):
        repo.write(name, "1")
    base = repo.commit().sha()
    repo.write("committed ü", "1").commit()
    repo.write("staged", "2").git("add", "staged")
    repo.write("unstaged", "2").remove("gone").write("neu und frisch.txt", "x").write(".gitignore", "secret\n").write(
        "secret", "x"
    )
    expected = [".gitignore", "committed ü", "gone", "neu und frisch.txt", "staged", "unstaged"]
    assert Repository.open(repo.root).changed_files(base) == expected


def test_history_follows_the_first_parent(repo: Repo) -> None:
    repo.write("m.json", "1").commit("one").branch("side").write("m.json", "2").commit("on the side").switch("main")
    repo.git("merge", "--quiet", "--no-ff", "--message", "merge: twö", "side")
    history = Repository.open(repo.root).history("m.json", 5)
    assert [subject for _, subject in history] == ["merge: twö", "one"]
    assert history[0][0] == repo.sha()


def test_tags_on_a_commit(repo: Repo) -> None:
    repo.tag("champion").tag("v1").commit("later")
    assert Repository.open(repo.root).tags("HEAD~1") == ["champion", "v1"]


def test_a_branch_was_headed_by_its_own_commits_and_not_by_those_it_merged(repo: Repo) -> None:
    first = repo.sha()
    side = repo.branch("side").commit("beside").sha()
    repo.switch("main").commit("on main").git("merge", "--quiet", "--no-ff", "--message", "merged", "side")
    with Repository.open(repo.root) as repository:
        assert [repository.was_head_of(sha, "main") for sha in (first, repo.sha(), side)] == [True, True, False]
        assert repository.tree(first) == repo.git("rev-parse", f"{first}^{{tree}}")
        with pytest.raises(UserProblem, match="no such branch"):
            repository.was_head_of(first, "trunk")
        with pytest.raises(UserProblem, match="no such branch"):
            repository.was_head_of(first, "--all")


def test_where_there_is_an_origin_a_branch_is_what_that_says(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "clone")
    mine = clone.commit("never pushed").sha()
    with Repository.open(clone.root) as repository:
        assert not repository.was_head_of(mine, "main")
        assert repository.was_head_of(repo.sha(), "main")


def test_a_shallow_clone_cannot_tell_what_a_branch_was(repo: Repo, tmp_path: Path) -> None:
    old = repo.sha()
    repo.commit("newer").commit("newest")
    clone = repo.clone(tmp_path / "clone", depth=1)
    with Repository.open(clone.root) as repository, pytest.raises(UserProblem, match="fetch-depth: 0"):
        repository.was_head_of(old, "main")
