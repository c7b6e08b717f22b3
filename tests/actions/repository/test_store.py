"""DVC in one process: hashes, cache, remotes, and what it raises."""

import sys
from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import OutsideProblem, UserProblem
from tests.repositories import Repo

CONTENT = "a\n1\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path).write("x.csv", CONTENT).dvc_add("x.csv").commit()


def digest(repository: Repository) -> str:
    (out,) = repository.outs()
    assert out.digest is not None
    return out.digest


def test_dvc_is_imported_only_when_something_needs_it(repo: Repo) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from actions.repository import Repository\n"
        "opened = Repository.open(Path('.')); opened.head(); opened.changed_files('HEAD'); opened.read('x.csv.dvc', 'HEAD')\n"
        "print([name for name in ('dvc', 'polars', 'pandera') if name in sys.modules])\n"
    )
    assert repo.run(sys.executable, "-c", code, str(Path(__file__).parents[3])).strip() == "[]"


def test_outs_are_described_as_the_pointer_says(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        (out,) = opened.outs("HEAD")
        assert (out.path, out.kind, out.file, out.stage, out.size) == ("x.csv", "out", "x.csv.dvc", None, len(CONTENT))
        assert out.cached and out.pushed and not out.versioned


def test_a_cache_that_is_no_folder_is_told_at_once(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        opened.store.check_cache()
        repo.remove(".dvc/cache")
        opened.store.check_cache()  # one that is not there yet will be made
        repo.write(".dvc/cache", "in the way")
        with pytest.raises(UserProblem, match=r"DVC's cache cannot be read: .*\.dvc/cache is no folder"):
            opened.store.check_cache()


def test_the_remote_is_asked_for_what_it_holds(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        assert opened.store.in_remote([digest(opened)], None) == set()
    repo.push_data()
    with Repository.open(repo.root) as opened:
        assert opened.store.in_remote([digest(opened)], None) == {digest(opened)}


def test_an_object_that_did_not_arrive_whole_is_the_worlds_problem(repo: Repo, tmp_path: Path) -> None:
    repo.push_data()
    clone = repo.clone(tmp_path / "runner")
    cached = next(repo.remote.glob("files/md5/*/*"))
    cached.unlink()
    cached.mkdir()  # an object that exists and cannot be copied
    with Repository.open(clone.root) as opened, pytest.raises(OutsideProblem):
        opened.store.fetch([digest(opened)], None)


def test_a_lock_that_another_dvc_holds_is_the_worlds_problem(repo: Repo, tmp_path: Path) -> None:
    import zc.lockfile

    clone = repo.clone(tmp_path / "runner")
    (clone.root / ".dvc/tmp").mkdir(exist_ok=True)
    held = zc.lockfile.LockFile(str(clone.root / ".dvc/tmp/lock"))
    try:
        with Repository.open(clone.root) as opened, pytest.raises(OutsideProblem, match="another DVC process"):
            opened.store.fetch_path("x.csv", None)
    finally:
        held.close()


def test_a_configuration_that_does_not_hold_is_the_users(repo: Repo) -> None:
    (repo.root / ".dvc/config").write_text("[core]\n    nonsense = 1\n")
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match="nonsense"):
        opened.outs()


@pytest.mark.parametrize(
    "hostile", ["md5:../../etc/passwd", "md5:", "sha1:" + "0" * 40, "md5:" + "g" * 32, "x", "md5:" + "0" * 32 + ".dir/.."]
)
def test_what_is_no_digest_never_becomes_a_path(repo: Repo, hostile: str) -> None:
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match="not the digest"):
        opened.store.cache_path(hostile)


def test_after_forgetting_the_work_tree_is_read_again(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        before = digest(opened)
        repo.write("x.csv", "a\n2\n").dvc_add("x.csv")
        assert digest(opened) == before
        opened.forget()
        assert digest(opened) != before
