"""Where production's data is found."""

from pathlib import Path

import fsspec
import pytest

from actions.formats import Unreadable
from actions.monitor.places import find
from actions.repository import Repository
from actions.repository.problems import MissingObject
from policy.problems import OutsideProblem, UserProblem
from tests.object_store import Bucket, bucket, object_store
from tests.repositories import Repo

__all__ = ["bucket", "object_store"]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path).write("data/live.csv", "x\n1\n").dvc_add("data/live.csv").commit()


def found(repo: Repo, data: str, folder: Path) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    with Repository.open(repo.root) as opened:
        return {file.name: file.path.read_bytes() for file in find(opened, data, folder)}


def test_an_out_of_dvc_is_found_in_its_cache(repo: Repo, tmp_path: Path) -> None:
    assert found(repo, "data/live.csv", tmp_path / "to") == {"data/live.csv": b"x\n1\n"}


def test_an_out_whose_bytes_are_nowhere_is_missing(repo: Repo, tmp_path: Path) -> None:
    clone = repo.clone(tmp_path / "clone")
    with pytest.raises(MissingObject):
        found(clone, "data/live.csv", tmp_path / "to")


def test_a_file_and_a_folder_that_nobody_tracks_are_found(repo: Repo, tmp_path: Path) -> None:
    repo.write("logs/b.csv", "x\n2\n").write("logs/a.csv", "x\n3\n").write(".gitignore", "/logs\n")
    assert found(repo, "logs", tmp_path / "to") == {"a.csv": b"x\n3\n", "b.csv": b"x\n2\n"}
    assert found(repo, str(repo.root / "logs/a.csv"), tmp_path / "to") == {"a.csv": b"x\n3\n"}


def test_an_address_is_copied(repo: Repo, tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/production/live/2.csv": b"x\n2\n", "/production/live/1.csv": b"x\n1\n"})
    assert found(repo, "memory://production/live", tmp_path / "to") == {"1.csv": b"x\n1\n", "2.csv": b"x\n2\n"}
    assert found(repo, "memory://production/live/2.csv", tmp_path / "to") == {"2.csv": b"x\n2\n"}
    repo.write("logs/a.csv", "x\n3\n")
    assert found(repo, (repo.root / "logs/a.csv").as_uri(), tmp_path / "to") == {"a.csv": b"x\n3\n"}


@pytest.mark.parametrize("data", ["logs", "data/other.csv", "memory://nothing/here", "file:///nothing/here.csv"])
def test_nothing_is_unreadable(repo: Repo, tmp_path: Path, data: str) -> None:
    with pytest.raises(Unreadable):
        found(repo, data, tmp_path / "to")


def test_an_address_of_no_known_kind_is_the_readers_to_mend(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="no file system for this address"):
        found(repo, "carrier-pigeon://roof/live.csv", tmp_path / "to")


def test_a_place_that_does_not_answer_is_the_worlds(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> list[str]:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "find", refused)
    with pytest.raises(OutsideProblem, match="nobody listens"):
        found(repo, "memory://production/live", tmp_path / "to")


def test_objects_of_s3_are_copied_by_key_and_by_prefix(repo: Repo, tmp_path: Path, bucket: Bucket) -> None:
    for key in ("live/2026-01.csv", "live/2026-02.csv", "other.csv"):
        bucket.put(key, key.encode())
    assert found(repo, f"s3://{bucket.name}/live", tmp_path / "to") == {
        "2026-01.csv": b"live/2026-01.csv",
        "2026-02.csv": b"live/2026-02.csv",
    }
    assert found(repo, f"s3://{bucket.name}/other.csv", tmp_path / "to") == {"other.csv": b"other.csv"}


def test_an_object_that_came_since_the_last_look_is_found(repo: Repo, tmp_path: Path, bucket: Bucket) -> None:
    bucket.put("live/1.csv", b"x\n1\n")
    assert list(found(repo, f"s3://{bucket.name}/live", tmp_path / "to")) == ["1.csv"]
    bucket.put("live/2.csv", b"x\n2\n")
    assert list(found(repo, f"s3://{bucket.name}/live", tmp_path / "to")) == ["1.csv", "2.csv"]


def test_a_bucket_or_prefix_that_is_not_there_is_unreadable(repo: Repo, tmp_path: Path, bucket: Bucket) -> None:
    for address in (f"s3://{bucket.name}/nothing", f"s3://{bucket.name}-other/live", f"s3://{bucket.name}"):
        with pytest.raises(Unreadable, match="there is nothing"):
            found(repo, address, tmp_path / "to")


def test_a_store_that_does_not_answer_is_the_worlds_and_no_key_is_told(
    repo: Repo, tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()  # the others' still knows its way
    with pytest.raises(OutsideProblem, match="cannot be fetched") as caught:
        found(repo, f"s3://{bucket.name}/live.csv", tmp_path / "to")
    assert "sesame" not in str(caught.value)
    s3fs.S3FileSystem.clear_instance_cache()
