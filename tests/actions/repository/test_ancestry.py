"""What an out was made of, as the lock at a commit has it."""

import hashlib
from pathlib import Path

import pytest

from actions.repository import Repository
from actions.repository.ancestry import Ancestry
from tests.repositories import Repo


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("made")).with_pipeline()


def behind(repo: Repo, path: str, revision: str = "HEAD") -> Ancestry | None:
    with Repository.open(repo.root) as repository:
        return repository.ancestry(path, repo.sha(revision))


def test_stages_data_and_parameters_behind_a_model_are_those_upstream_of_it(made: Repo) -> None:
    found = behind(made, "model.txt")
    assert found is not None
    assert found.stages == ("prepare", "train")
    assert set(found.data) == {"data/raw.csv", "data/prepared.csv"}
    assert found.remote == "store"
    lock = (made.root / "dvc.lock").read_bytes()
    assert found.lock_digest == f"sha256:{hashlib.sha256(lock).hexdigest()}"


def test_it_is_read_at_the_commit_and_not_from_the_work_tree(made: Repo, tmp_path: Path) -> None:
    repo = made.copy(tmp_path)
    before = behind(repo, "model.txt")
    repo.write("dvc.lock", "schema: '2.0'\nstages: {}\n").write("dvc.yaml", "stages: {}\n")
    assert behind(repo, "model.txt") == before


def test_another_parameter_is_another_digest_and_a_stage_downstream_is_not(made: Repo, tmp_path: Path) -> None:
    repo = made.copy(tmp_path)
    before = behind(repo, "model.txt")
    lock = (repo.root / "dvc.lock").read_text()
    repo.write("dvc.lock", lock.replace("train.slope: 1.5", "train.slope: 1.5").replace("slope: 1.5", "slope: 2.5")).commit()
    after = behind(repo, "model.txt")
    assert before is not None and after is not None
    assert after.params_digest != before.params_digest
    assert after.data == before.data


def test_data_that_was_added_by_hand_has_no_stages(made: Repo) -> None:
    found = behind(made, "data/raw.csv")
    assert found is not None
    assert (found.stages, found.data) == ((), {})
    added = (made.root / "data/raw.csv.dvc").read_bytes()
    assert found.lock_digest == f"sha256:{hashlib.sha256(added).hexdigest()}"


def test_what_no_lock_knows_has_no_ancestry(made: Repo) -> None:
    assert behind(made, "train.py") is None
    assert behind(made, "nowhere/at/all") is None
