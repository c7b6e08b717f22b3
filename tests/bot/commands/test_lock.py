"""A lock is taken for a pull request, where nobody else has it."""

from datetime import UTC, datetime

from bot import locks
from bot.commands.lock import Arguments, Present, decide, look
from bot.effects import MoveLock
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def seen(owner: str = "", by_id: int = 3, version: str | None = "v") -> locks.Seen:
    lock = locks.Lock("production", owner, "alice", by_id, "", NOW.isoformat(), None, 1)
    return locks.Seen("production", version, lock if version else None, NOW)


def test_a_free_lock_is_taken() -> None:
    move, _ = decide(request(), Arguments("production"), Present(seen(version=None)))
    assert isinstance(move, MoveLock) and '"owner": "#7"' in move.record


def test_what_one_has_already_stays() -> None:
    effects = decide(request(), Arguments("production"), Present(seen("#7")))
    assert [reply(effects)] == effects and reply(effects).done


def test_lk_03_what_another_pull_request_has_is_refused_with_who_and_how() -> None:
    result = reply(decide(request(), Arguments("production"), Present(seen("#8", by_id=9)))).result
    assert result.reason is Reason.LOCK_THERE
    assert "alice for #8" in result.why and "/unlock production" in result.advice


def test_lk_07_what_cannot_be_read_holds() -> None:
    unreadable = Present(locks.Seen("production", "v", None, NOW))
    assert reply(decide(request(), Arguments("production"), unreadable)).result.reason is Reason.LOCK_UNREADABLE


def test_lk_10_what_can_be_no_lock_is_not_looked_up() -> None:
    assert look(object(), request(), Arguments("prod_1")) is None  # type: ignore[arg-type]
    assert reply(decide(request(), Arguments("prod_1"), None)).result.reason is Reason.LOCK_NO_NAME
