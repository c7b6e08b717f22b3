"""Where trials are kept: a journal that survives a killed writer, a database that two machines share, and what cannot be used."""

from pathlib import Path

import optuna
import pytest

from actions.tune.storage import open_storage, reachable
from policy.problems import OutsideProblem, UserProblem
from tests.postgres import postgres_server, postgresql

__all__ = ["postgres_server", "postgresql"]


def numbers(storage: optuna.storages.BaseStorage) -> list[int]:
    study = optuna.create_study(storage=storage, study_name="one", load_if_exists=True)
    study.tell(study.ask(), 1.0)
    return [trial.number for trial in study.trials]


def test_a_journal_is_carried_on(tmp_path: Path) -> None:
    assert numbers(open_storage(None, tmp_path)) == [0]
    assert numbers(open_storage(None, tmp_path)) == [0, 1]
    assert numbers(open_storage(str(tmp_path / "tune/journal.log"), tmp_path / "elsewhere")) == [0, 1, 2]


def test_half_a_line_of_a_killed_writer_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    numbers(open_storage(str(path), tmp_path))
    with path.open("ab") as file:
        file.write(b'{"op_code": 4, "worker')
    assert numbers(open_storage(str(path), tmp_path)) == [0, 1]


def test_what_is_no_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"no journal\n")
    with pytest.raises(UserProblem, match="this is no journal of trials"):
        open_storage(str(tmp_path / "photo.png"), tmp_path)
    with pytest.raises(UserProblem, match="the journal of trials cannot be used"):
        open_storage(str(tmp_path / "photo.png/journal"), tmp_path)


def test_two_machines_share_a_database(postgresql: str, tmp_path: Path) -> None:
    one, other = (open_storage(postgresql, tmp_path) for _ in range(2))
    assert numbers(one) == [0]
    assert numbers(other) == [0, 1]


def test_a_database_that_is_not_there_is_the_worlds_problem_and_no_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutsideProblem, match="the database of trials cannot be used") as raised:
        open_storage("postgresql://ada:s3cret-w0rd@127.0.0.1:1/trials", tmp_path)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("address", ["nosuch://ada:s3cret-w0rd@host/trials", "postgresql://ada:s3cret-w0rd@host:port/x"])
def test_what_is_no_address_is_named_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(UserProblem) as raised:
        open_storage(address, tmp_path)
    assert "s3cret" not in str(raised.value)


def test_a_database_that_goes_away_is_the_worlds_problem() -> None:
    with pytest.raises(OutsideProblem, match="does not answer any more"), reachable():
        raise optuna.exceptions.StorageInternalError
