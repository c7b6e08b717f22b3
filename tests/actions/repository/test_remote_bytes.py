"""The bytes of a remote, read from there: those that its names say, others, or none."""

from pathlib import Path

import pytest

from actions.repository import Repository
from policy.problems import OutsideProblem
from tests.repositories import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path).write("x.csv", "a\n1\n").dvc_add("x.csv").commit()


def digest(repository: Repository) -> str:
    (out,) = repository.outs()
    assert out.digest is not None
    return out.digest


def test_what_a_remote_holds_otherwise_than_its_name_says_is_found(repo: Repo) -> None:
    repo.push_data()
    with Repository.open(repo.root) as opened:
        mine = digest(opened)
        assert opened.store.unlike(mine, None) == {}
        value = mine.partition(":")[2]
        held = repo.remote / "files/md5" / value[:2] / value[2:]
        held.chmod(0o644)
        held.write_text("b\n")
        assert opened.store.unlike(mine, None) == {mine: "md5:3b5d5c3712955042212316173ccf37be"}
        held.unlink()
        assert opened.store.unlike(mine, None) == {mine: None}
        repo.remote.rename(repo.remote.with_name("away"))
        with pytest.raises(OutsideProblem):
            opened.store.unlike(mine, None)


def test_of_a_folder_the_listing_and_each_file_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("model/a", "1\n").write("model/b", "2\n").dvc_add("model").commit().push_data()
    with Repository.open(repo.root) as opened:
        whole = digest(opened)
        assert whole.endswith(".dir") and opened.store.unlike(whole, None) == {}
        members = opened.store.members(whole)
        assert members is not None
        value = members["b"].partition(":")[2]
        held = repo.remote / "files/md5" / value[:2] / value[2:]
        held.unlink()
        assert opened.store.unlike(whole, None) == {members["b"]: None}
