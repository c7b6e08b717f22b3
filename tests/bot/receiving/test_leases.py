"""Which workers live, by the database's clock."""

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.receiving import leases
from bot.receiving.database import Database, connect, workers
from bot.receiving.leases import Heart, Lease, executor_id
from tests.bot.receiving.scene import until


def age(database: Database, owner: str, milliseconds: int) -> None:
    with database.durably() as connection:
        connection.execute(sa.update(workers).where(workers.c.id == owner).values(seen=database.now - milliseconds))


def test_no_two_processes_have_one_name() -> None:
    assert len({executor_id() for _ in range(100)}) == 100


def test_lk_05_whoever_was_not_heard_of_for_a_lease_is_dead_by_the_databases_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other, late = (Lease(database, name, 10) for name in ("mine", "other", "late"))
    for each in (mine, other, late):
        each.beat()
    age(database, "late", 10_500)
    owners = ["mine", "other", "late", "never", "other"]
    assert mine.dead(owners) == ["late", "never"]
    monkeypatch.setattr(leases.time, "time", lambda: 0.0)
    assert mine.dead(owners) == ["late", "never"], "our own clock has no say"
    late.beat()
    assert mine.dead(owners) == ["never"]
    assert mine.dead([]) == mine.dead(["mine"]) == []


def test_a_process_is_not_sure_of_itself_for_longer_than_half_a_lease(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = Lease(database, "mine", 60)
    assert not lease.sure
    lease.beat()
    assert lease.sure
    wall = time.time()
    monkeypatch.setattr(leases.time, "time", lambda: wall + 31)  # a machine that slept: only one of its clocks went on
    assert not lease.sure


def test_giving_up_lets_others_take_over_at_once(database: Database) -> None:
    mine, other = Lease(database, "mine", 60), Lease(database, "other", 60)
    other.beat()
    assert mine.dead(["other"]) == []
    other.give_up()
    assert mine.dead(["other"]) == ["other"]


def test_what_is_long_gone_is_forgotten(database: Database) -> None:
    lease = Lease(database, "mine", 60)
    for name in ("mine", "old"):
        Lease(database, name, 60).beat()
    age(database, "old", 25 * 3600 * 1000)
    lease.forget()
    with database.reads.connect() as connection:
        assert list(connection.execute(sa.select(workers.c.id)).scalars()) == ["mine"]


class Neighbour:
    """What a heart tells."""

    def __init__(self, owners: Callable[[], list[str]]) -> None:
        self.adopted: list[list[str]] = []
        self.failures: list[Exception] = []
        self.owners = owners

    def heart(self, lease: Lease) -> Heart:
        return Heart(lease, self.owners, self.adopted.append, self.failures.append)


def test_a_heart_beats_and_adopts_what_the_dead_left(database: Database) -> None:
    there = Neighbour(lambda: ["mine", "dead"])
    heart = there.heart(Lease(database, "mine", 0.5))
    heart.start()
    until(lambda: len(there.adopted) >= 2)
    assert there.adopted[0] == ["dead"]
    assert Lease(database, "other", 0.5).dead(["mine"]) == []
    heart.stop()
    assert Lease(database, "other", 0.5).dead(["mine"]) == ["mine"]
    assert there.failures == []


def test_a_heart_survives_a_database_that_is_away(sqlite: str) -> None:
    database = connect(sqlite)
    broken = [True]

    def owners() -> list[str]:
        if broken[0]:
            raise sa.exc.OperationalError("SELECT", {}, Exception("away"))
        return ["dead"]

    there = Neighbour(owners)
    heart = there.heart(Lease(database, "mine", 0.5))
    heart.start()
    until(lambda: bool(there.failures))
    broken[0] = False
    until(lambda: bool(there.adopted))
    heart.stop()
    database.close()
