"""Locks are given back when what they were taken for is over."""

import pytest

from bot import locking
from policy.ledger import Decision
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.gateway.test_entering import chain
from tests.bot.promotion.court import POLICY
from tests.bot.talk import Talk, talk


@pytest.fixture
def chat(here: Scene) -> Talk:
    made = talk(here)
    made.say("/lock production")
    return made


def test_only_the_locks_of_that_pull_request_are_freed(chat: Talk) -> None:
    locking.release(chat.around, chat.here.number + 1)
    assert chat.gateway.lock("production").holder is not None
    locking.release(chat.around, chat.here.number)
    assert chat.gateway.lock("production").holder is None


def test_lk_08_a_closing_that_nobody_heard_of_is_found_later(chat: Talk) -> None:
    assert locking.release_forgotten(chat.around) == 0
    chat.here.github.repository(REPOSITORY).issues[chat.here.number].state = "closed"
    assert locking.release_forgotten(chat.around) == 1
    assert chat.gateway.lock("production").lock.because == f"#{chat.here.number} was closed"
    assert locking.release_forgotten(chat.around) == 0


def test_a_lock_of_a_run_is_left_to_its_lease(chat: Talk, here: Scene) -> None:
    from datetime import timedelta

    from bot import locks, perform

    _, effect = locks.acquire(chat.gateway.lock("staging"), "run 4711", "mona", 1, "", timedelta(hours=1))
    perform.perform(chat.gateway, [effect] if effect else [])
    chat.here.github.repository(REPOSITORY).issues[chat.here.number].state = "closed"
    locking.release_forgotten(chat.around)
    assert chat.gateway.lock("staging").holder is not None


def test_where_there_is_a_ledger_what_is_freed_is_entered_and_freed_where_it_cannot_be(here: Scene) -> None:
    chat = talk(here, POLICY)
    for name in ("production", "staging"):
        chat.say(f"/lock {name}")
        locking.release(chat.around, chat.here.number)
        assert chat.gateway.lock(name).holder is None
        here.github.fail("status", "PUT", "/contents/entries", status=422, times=None)
    here.github.faults.clear()
    told = [(each.entry.decision, each.entry.subject.environment) for each in chain(here)]
    assert told[:2] == [(Decision.LOCKED, "production"), (Decision.UNLOCKED, "production")]
    assert (Decision.UNLOCKED, "staging") not in told
