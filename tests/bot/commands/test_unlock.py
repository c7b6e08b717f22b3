"""One's own lock is freed by a word, somebody else's by a maintainer with a reason."""

from bot.commands.lock import Present
from bot.commands.unlock import Arguments, decide
from bot.effects import MoveLock
from policy.reasons import Reason
from tests.bot.commands.asking import reply, request
from tests.bot.commands.test_lock import NOW, locks, seen

WHY = "alice is on holiday"


def test_ones_own_is_freed() -> None:
    move, _ = decide(request(actor=3), Arguments("production"), Present(seen("#8")))
    assert isinstance(move, MoveLock) and '"owner": ""' in move.record


def test_lk_06_somebody_elses_takes_the_right_and_a_reason() -> None:
    there = Present(seen("#8"))
    assert reply(decide(request(level="write"), Arguments("production", WHY), there)).result.reason is Reason.NOT_ALLOWED
    assert reply(decide(request(level="maintain"), Arguments("production"), there)).result.reason is Reason.UNLOCK_NEEDS_REASON
    move, _ = decide(request(level="maintain"), Arguments("production", WHY), there)
    assert WHY in move.record


def test_what_is_free_stays_free() -> None:
    assert reply(decide(request(), Arguments("production"), Present(seen()))).result.reason is Reason.NOT_LOCKED


def test_lk_07_what_cannot_be_read_is_not_freed() -> None:
    unreadable = Present(locks.Seen("production", "v", None, NOW))
    said = decide(request(level="admin"), Arguments("production", WHY), unreadable)
    assert reply(said).result.reason is Reason.LOCK_UNREADABLE
