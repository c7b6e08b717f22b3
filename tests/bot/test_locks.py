"""Locks: one wins, a lease ends by the server's clock, a late holder is refused, and what cannot be read holds."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import locks, perform
from bot.effects import MoveLock
from bot.gateway.locking import LockGateway
from bot.gateway.problems import Refused
from bot.locks import ALL, Blocked, Lock, Seen, acquire, in_the_way, is_name, path, release, renew
from tests.bot.gateway.scene import Scene

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seen(lock: Lock | None = None, now: datetime = NOW, name: str = "production") -> Seen:
    return Seen(name, "v" if lock else None, lock, now)


def held(owner: str = "#7", until: datetime | None = NOW + HOUR, name: str = "production") -> Lock:
    return Lock(name, owner, "mona", 1, "", NOW.isoformat(), until.isoformat() if until else None, 3)


@pytest.fixture
def gateway(here: Scene) -> LockGateway:
    return LockGateway.of(here.gateway)


def take(gateway: LockGateway, owner: str, lease: timedelta | None = HOUR) -> Lock:
    lock, effect = acquire(gateway.lock("production"), owner, "mona", 1, "a release", lease)
    perform.perform(gateway, [effect] if effect else [])
    return lock


def test_lk_01_of_two_runs_that_acquire_at_once_one_wins(gateway: LockGateway) -> None:
    take(gateway, "#1")
    perform.perform(gateway, [effect for effect in [release(gateway.lock("production"), "mona", 1)] if effect])
    for number in range(3):
        name = f"env-{number}"
        before = gateway.lock(name)
        won: list[str] = []

        def run(owner: str, before: Seen = before, won: list[str] = won) -> None:
            _, effect = acquire(before, owner, owner, 1, "", HOUR)
            assert effect is not None
            try:
                perform.perform(gateway, [effect])
                won.append(owner)
            except Refused:
                pass

        threads = [threading.Thread(target=run, args=(f"run {each}",)) for each in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(won) == 1
        assert gateway.lock(name).holder.owner == won[0]


def test_lk_01_both_who_saw_it_free_cannot_both_take_it(gateway: LockGateway) -> None:
    before = gateway.lock("production")
    first, second = (acquire(before, owner, "mona", 1)[1] for owner in ("#1", "#2"))
    perform.perform(gateway, [first])
    with pytest.raises(Refused):
        perform.perform(gateway, [second])
    assert gateway.lock("production").holder.owner == "#1"


def test_lk_02_the_same_run_tried_again_holds_the_same_claim(gateway: LockGateway) -> None:
    claim = take(gateway, "run 4711")
    again, effect = acquire(gateway.lock("production"), "run 4711", "mona", 1, "", HOUR)
    assert effect is None
    assert again == claim


def test_lk_02_an_answer_that_was_lost_is_no_conflict(gateway: LockGateway, here: Scene) -> None:
    take(gateway, "#1")
    _, effect = acquire(replace(gateway.lock("production"), now=NOW + 9999 * HOUR), "#2", "bob", 2)
    here.github.fail("drop", "PUT", "/contents/", after=True)
    perform.perform(gateway, [effect])
    assert gateway.lock("production").lock.owner == "#2"


def test_lk_03_the_same_person_on_another_pull_request_is_blocked() -> None:
    with pytest.raises(Blocked) as blocked:
        acquire(seen(held("#7")), "#8", "mona", 1)
    assert blocked.value.lock.owner == "#7"


def test_lk_04_a_holder_that_crashed_loses_its_lease_and_comes_back_too_late() -> None:
    claim = held("run 1", until=NOW)
    now = seen(claim, NOW + timedelta(seconds=1))
    taken, effect = acquire(now, "run 2", "bob", 2, "", HOUR)
    assert effect is not None and taken.token == claim.token + 1
    after = seen(taken, NOW + timedelta(seconds=2))
    with pytest.raises(Blocked):
        renew(after, claim, HOUR)
    with pytest.raises(Blocked):
        acquire(after, "run 1", "mona", 1)


def test_lk_04_a_late_writer_is_refused_by_what_it_saw(gateway: LockGateway) -> None:
    claim = take(gateway, "run 1")
    late = renew(gateway.lock("production"), claim, HOUR)
    freed = release(gateway.lock("production"), "bob", 2)
    assert freed is not None
    perform.perform(gateway, [freed])
    with pytest.raises(Refused):
        perform.perform(gateway, [late])


def test_a_lease_is_renewed_by_who_holds_it(gateway: LockGateway) -> None:
    claim = take(gateway, "run 1")
    perform.perform(gateway, [renew(gateway.lock("production"), claim, 9 * HOUR)])
    assert gateway.lock("production").holder.token == claim.token


def test_lk_05_the_lease_goes_by_the_servers_clock(gateway: LockGateway) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    claim = take(gateway, "run 1")
    since = datetime.fromisoformat(claim.since)
    assert before <= since <= datetime.now(UTC) + timedelta(seconds=2)
    assert datetime.fromisoformat(claim.until) - since == HOUR


def test_lk_06_who_frees_a_lock_is_written_into_it(gateway: LockGateway) -> None:
    take(gateway, "#1")
    freed = release(gateway.lock("production"), "bob", 2, "mona is on holiday")
    assert freed is not None
    perform.perform(gateway, [freed])
    record = gateway.lock("production").lock
    assert (record.owner, record.by, record.because) == ("", "bob", "mona is on holiday")
    assert release(gateway.lock("production"), "bob", 2) is None


@pytest.mark.parametrize(
    "raw", ["", "{}", "not json", '{"name": "production"}', "[1]", "null", "\udcff", '{"owner": "#1", "token": -1}']
)
def test_lk_07_what_cannot_be_read_holds_and_is_not_mended(gateway: LockGateway, here: Scene, raw: str) -> None:
    here.github.commit("acme/flights", {"production.json": raw.encode("utf-8", "replace")}, branch=locks.BRANCH)
    now = gateway.lock("production")
    assert now.unreadable
    with pytest.raises(Blocked) as blocked:
        acquire(now, "#1", "mona", 1)
    assert blocked.value.lock is None
    with pytest.raises(Blocked):
        release(now, "mona", 1)


def test_lk_07_a_record_of_another_lock_is_not_read() -> None:
    assert locks.parse("staging", locks.text(held(name="production")).encode()) is None
    assert locks.parse("production", locks.text(held()).encode()) == held()


def test_lk_09_a_freeze_beats_the_lock_of_an_environment_and_breaking_the_glass_passes() -> None:
    there = {ALL: seen(held("#1", name=ALL), name=ALL), "production": seen(held("#2"))}
    assert in_the_way(there, "production", "#2").name == ALL
    assert in_the_way(there, "staging", "#2").name == ALL
    assert in_the_way({"production": seen(held("#2"))}, "production", "#2") is None
    assert in_the_way(there, "production", "#2", break_glass="customers are down") is None
    assert in_the_way(there, "production", "#2", break_glass="  ").name == ALL


@pytest.mark.parametrize(
    "name", ["prod/../x", "-rf", "p" * 300, "prodükt", "Production", "", "a b", "a\n", ".", "a.json", "рrod"]
)
def test_lk_10_what_is_no_name_is_refused(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(ValueError, match="no name"):
        path(name)


@given(st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True), st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True))
def test_lk_10_no_two_names_are_one_lock(one: str, other: str) -> None:
    assert (path(one) == path(other)) == (one == other)
    assert "/" not in path(one)


def test_all_locks_are_listed(gateway: LockGateway) -> None:
    assert gateway.lock_names() == []
    take(gateway, "#1")
    assert gateway.lock_names() == ["production"]


def test_taking_a_lock_costs_few_requests(gateway: LockGateway, here: Scene) -> None:
    take(gateway, "#1")
    perform.perform(gateway, [release(gateway.lock("production"), "mona", 1)])
    here.github.forget_requests()
    take(gateway, "#2")
    assert [str(request) for request in here.github.requests] == [
        "GET /repos/acme/flights/contents/production.json -> 200",
        "PUT /repos/acme/flights/contents/production.json -> 200",
    ]


def test_an_effect_names_what_was_seen() -> None:
    _, effect = acquire(seen(), "#1", "mona", 1)
    assert isinstance(effect, MoveLock) and effect.parent is None
