"""Who tracks data at a revision, and where its bytes are: work tree, cache, remote, nowhere."""

import shutil
from pathlib import Path

import pytest

from actions.repository import MissingObject, Repository
from policy.problems import OutsideProblem, UserProblem
from tests.repositories import Repo

OLD, NEW = "a,b\n1,2\n", "a,b\n1,2\n3,4\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """`data/x y ü.csv` by `dvc add`, at tag `base` with the old content, at the head with the new; all pushed."""
    repo = Repo(tmp_path)
    for content, name in ((OLD, "base"), (NEW, "head")):
        repo.write("data/x y ü.csv", content).dvc_add("data/x y ü.csv").commit(name).tag(name).push_data()
    return repo


def content(repository: Repository, path: str, revision: str | None = None) -> list[str]:
    tracked = repository.tracked(path, revision)
    assert tracked is not None
    return [file.path.read_text() for file in repository.files(tracked)]


def test_an_out_is_known_at_the_base_without_a_checkout(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        then, now = opened.tracked("data/x y ü.csv", "base"), opened.tracked("data/x y ü.csv")
        assert then is not None and now is not None
        assert (then.kind, then.file, then.line, then.size) == ("out", "data/x y ü.csv.dvc", 5, len(OLD))
        assert then.digest != now.digest
        assert content(opened, "data/x y ü.csv", "base") == [OLD]
        assert content(opened, "data/x y ü.csv") == [NEW]


def test_the_pointer_file_stands_for_its_out(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        assert opened.tracked("data/x y ü.csv.dvc") == opened.tracked("data/x y ü.csv")


def test_the_name_tells_the_format_where_the_path_cannot(repo: Repo) -> None:
    with Repository.open(repo.root) as opened:
        tracked = opened.tracked("data/x y ü.csv", "base")
        assert tracked is not None
        (file,) = opened.files(tracked)
        assert file.name == "data/x y ü.csv" and file.path.suffix == ""


def test_bytes_on_disk_count_even_before_they_are_added(repo: Repo) -> None:
    repo.write("data/x y ü.csv", "a,b\n9,9\n")
    with Repository.open(repo.root) as opened:
        assert content(opened, "data/x y ü.csv") == ["a,b\n9,9\n"]
        head, disk = opened.tracked("data/x y ü.csv", "HEAD"), opened.tracked("data/x y ü.csv")
        assert head is not None and disk is not None and head.digest != disk.digest


def test_a_clean_clone_fetches_only_what_is_asked_for(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "runner")
    with Repository.open(clone.root) as opened:
        head, base = opened.tracked("data/x y ü.csv"), opened.tracked("data/x y ü.csv", "base")
        assert head is not None and base is not None and head.digest != base.digest
        assert not clone.cached(NEW).exists()
        assert content(opened, "data/x y ü.csv", "base") == [OLD]
        assert clone.cached(OLD).exists() and not clone.cached(NEW).exists()


def test_the_work_tree_serves_where_the_cache_lost_the_same_bytes(repo: Repo) -> None:
    repo.cached(NEW).unlink()
    shutil.rmtree(repo.remote)
    with Repository.open(repo.root) as opened:
        assert content(opened, "data/x y ü.csv", "head") == [NEW]


def test_an_object_that_is_nowhere_is_named_with_the_cure(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "runner")
    shutil.rmtree(repo.remote / "files")
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("data/x y ü.csv")
        assert tracked is not None
        with pytest.raises(MissingObject, match=r"data/x y ü.csv: neither the cache nor the remote store .*dvc push"):
            opened.files(tracked)


def test_an_object_that_is_nowhere_and_no_remote_says_both(tmp_path: Path) -> None:
    clone = Repo(tmp_path, remote=False).write("x.csv", OLD).dvc_add("x.csv").commit().clone(tmp_path / "runner")
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("x.csv")
        assert tracked is not None
        with pytest.raises(MissingObject, match="no DVC remote is configured"):
            opened.files(tracked)


def test_a_remote_that_is_away_is_the_worlds_problem(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "runner")
    shutil.move(repo.remote, tmp_path / "away")
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("data/x y ü.csv")
        assert tracked is not None
        with pytest.raises(OutsideProblem, match="remote store cannot be reached"):
            opened.files(tracked)


def test_a_cache_that_cannot_be_read_says_so(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "runner")
    folder = clone.cached(NEW).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where a folder should be")  # for root, who may run the tests, no mode is unreadable
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("data/x y ü.csv")
        assert tracked is not None
        with pytest.raises(UserProblem, match="cache cannot be read"):
            opened.files(tracked)


def test_a_damaged_cache_object_is_fetched_again(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "runner")
    clone.cached(NEW).parent.mkdir(parents=True)
    clone.cached(NEW).write_text("half")
    with Repository.open(clone.root) as opened:
        assert content(opened, "data/x y ü.csv") == [NEW]


def test_a_digest_that_climbs_out_of_the_cache_is_refused(repo: Repo) -> None:
    pointer = repo.root / "data/x y ü.csv.dvc"
    pointer.write_text(pointer.read_text().replace("md5: ", "md5: ../../../../../../etc/passwd#", 1))
    repo.remove("data/x y ü.csv")
    with Repository.open(repo.root) as opened:
        tracked = opened.tracked("data/x y ü.csv")
        assert tracked is not None
        with pytest.raises(UserProblem, match="not the digest of a DVC object"):
            opened.files(tracked)


def test_a_pointer_file_that_is_no_yaml_is_named(repo: Repo) -> None:
    repo.write("data/broken.csv.dvc", "outs: [")
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match=r"broken\.csv\.dvc"):
        opened.tracked("data/x y ü.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path)
    repo.write("parts/a.csv", "a\n1\n").write("parts/sub/b.csv", "a\n2\n").dvc_add("parts").commit().tag("base").push_data()
    return repo.write("parts/a.csv", "a\n9\n").dvc_add("parts").commit().push_data()


def test_a_folder_gives_its_members_by_name(folder: Repo) -> None:
    with Repository.open(folder.root) as opened:
        tracked = opened.tracked("parts", "base")
        assert tracked is not None and tracked.digest.endswith(".dir")
        assert [file.name for file in opened.files(tracked)] == ["parts/a.csv", "parts/sub/b.csv"]
        assert content(opened, "parts", "base") == ["a\n1\n", "a\n2\n"]
        assert content(opened, "parts") == ["a\n9\n", "a\n2\n"]


def test_a_member_of_a_folder_is_tracked_by_itself(folder: Repo, tmp_path: Path) -> None:
    clone = folder.clone(tmp_path / "runner")
    for root in (folder.root, clone.root):
        with Repository.open(root) as opened:
            assert content(opened, "parts/a.csv", "base") == ["a\n1\n"]
            assert content(opened, "parts/a.csv") == ["a\n9\n"]
            assert opened.tracked("parts/none.csv") is None
    assert not clone.cached("a\n2\n").exists(), "only what was asked for is fetched"


def test_the_members_of_a_clean_clone_come_from_the_remote(folder: Repo, tmp_path: Path) -> None:
    with Repository.open(folder.clone(tmp_path / "runner").root) as opened:
        assert content(opened, "parts") == ["a\n9\n", "a\n2\n"]


def test_a_lost_member_is_named(folder: Repo, tmp_path: Path) -> None:
    clone = folder.clone(tmp_path / "runner")
    for lost in folder.remote.glob("files/md5/*/*"):
        if not lost.name.endswith(".dir"):
            lost.unlink()
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("parts")
        assert tracked is not None
        with pytest.raises(MissingObject, match=r"parts/(a|sub/b)\.csv"):
            opened.files(tracked)


def test_a_folder_that_only_holds_outs_is_refused_with_the_cure(repo: Repo) -> None:
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match="`dvc add` the folder"):
        opened.tracked("data")


def test_a_link_in_place_of_an_out_may_lead_into_the_cache_but_not_out(repo: Repo, tmp_path: Path) -> None:
    target = repo.root / "data/x y ü.csv"
    target.unlink()
    target.symlink_to(repo.cached(NEW))
    with Repository.open(repo.root) as opened:
        assert content(opened, "data/x y ü.csv") == [NEW]
    (tmp_path / "secret.csv").write_text("a,b\n")
    target.unlink()
    target.symlink_to(tmp_path / "secret.csv")
    with Repository.open(repo.root) as opened, pytest.raises(UserProblem, match="leads out"):
        opened.tracked("data/x y ü.csv")


def test_an_import_from_another_repository_is_fetched_from_there(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other").write("other.txt", "x").commit()
    other.dvc("import", str(repo.root), "data/x y ü.csv", "--out", "imported.csv")
    other.commit()
    clone = other.clone(tmp_path / "runner")
    with Repository.open(clone.root) as opened:
        tracked = opened.tracked("imported.csv")
        assert tracked is not None and (tracked.kind, tracked.file) == ("import", "imported.csv.dvc")
        assert content(opened, "imported.csv", "HEAD") == [NEW]


def test_a_pipelines_out_is_declared_on_its_line(tmp_path: Path) -> None:
    repo = Repo(tmp_path).with_pipeline()
    with Repository.open(repo.root) as opened:
        model, metrics = opened.tracked("model.txt"), opened.tracked("metrics.json", "HEAD")
        assert model is not None and metrics is not None
        assert (model.kind, model.file, model.line) == ("out", "dvc.yaml", 11)
        assert (metrics.kind, metrics.file, metrics.line) == ("git", "dvc.yaml", 16)
