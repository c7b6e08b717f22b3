"""Where production's data is found."""

from pathlib import Path

import fsspec
import pytest

from actions.formats import Unreadable
from actions.monitor.places import find
from actions.repository import Repository
from actions.repository.problems import MissingObject
from policy.problems import OutsideProblem, UserProblem
from tests.repositories import Repo


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
