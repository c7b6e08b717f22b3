"""The branch that holds locks. What they mean is in tests/bot/test_locks.py."""

import pytest

from bot import locks
from bot.gateway.locking import LockGateway
from bot.gateway.problems import Refused
from policy.problems import OutsideProblem
from tests.bot.gateway.scene import REPOSITORY, Scene


@pytest.fixture
def gateway(here: Scene) -> LockGateway:
    return LockGateway.of(here.gateway)


def test_before_the_first_lock_there_is_no_branch_and_nothing_is_held(gateway: LockGateway, here: Scene) -> None:
    seen = gateway.lock("production")
    assert (seen.version, seen.lock, seen.unreadable) == (None, None, False)
    assert gateway.lock_names() == []
    assert here.github.repository(REPOSITORY).git.ref(f"refs/heads/{locks.BRANCH}") is None


def test_the_first_lock_begins_the_branch_without_the_code_of_the_repository(gateway: LockGateway, here: Scene) -> None:
    gateway.put_lock("production.json", "{}", None)
    assert set(gateway.tree(locks.BRANCH)) == {"README.md", "production.json"}


def test_a_record_is_written_only_over_the_one_that_was_seen(gateway: LockGateway) -> None:
    gateway.put_lock("production.json", "1", None)
    version = gateway.lock("production").version
    gateway.put_lock("production.json", "2", version)
    with pytest.raises(Refused):
        gateway.put_lock("production.json", "3", version)
    with pytest.raises(Refused):
        gateway.put_lock("production.json", "3", None)


def test_a_server_that_does_not_tell_the_time_holds_up_everything(gateway: LockGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.put_lock("production.json", "1", None)
    original = gateway._transport.send

    def without_date(*arguments: object, **more: object) -> object:
        answer = original(*arguments, **more)  # type: ignore[arg-type]
        answer.headers.pop("date", None)
        return answer

    monkeypatch.setattr(gateway._transport, "send", without_date)
    with pytest.raises(OutsideProblem, match="no date"):
        gateway.lock("production")


def test_other_files_of_the_branch_are_no_locks(gateway: LockGateway, here: Scene) -> None:
    gateway.put_lock("production.json", "1", None)
    here.github.commit(REPOSITORY, {"NOT.json": "1", "notes.txt": "1"}, branch=locks.BRANCH)
    assert gateway.lock_names() == ["production"]
