"""What is done every few minutes, by one of the workers."""

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from bot.receiving.database import Database, marks
from bot.receiving.metrics import Metrics
from bot.receiving.periodic import Periodic, Task, Turns
from policy.problems import OutsideProblem
from tests.bot.receiving.scene import together, until


def test_one_of_many_takes_a_turn(database: Database) -> None:
    turns = Turns(database)
    assert sorted(together([lambda: turns.take("sweep", 60)] * 8)) == [False] * 7 + [True]
    assert not turns.take("sweep", 60)
    assert turns.take("other", 60)


def test_a_turn_comes_again_by_the_databases_clock(database: Database) -> None:
    turns = Turns(database)
    assert turns.take("sweep", 60)
    with database.durably() as connection:
        connection.execute(sa.update(marks).where(marks.c.name == "task:sweep").values(at=marks.c.at - 60_001))
    assert sorted(together([lambda: turns.take("sweep", 60)] * 4)) == [False] * 3 + [True]


def test_everything_is_done_at_the_start_and_again_when_it_falls_due(database: Database) -> None:
    done: Counter[str] = Counter()
    tasks = [Task(name, seconds, lambda name=name: done.update([name])) for name, seconds in (("often", 0.02), ("once", 3600.0))]
    periodic = Periodic(tasks, Turns(database), Metrics())
    periodic.start()
    until(lambda: done["often"] >= 3)
    periodic.stop()
    assert done["once"] == 1


def test_workers_that_start_together_leave_a_task_to_one_of_them_but_each_looks_after_itself(database: Database) -> None:
    done: Counter[str] = Counter()
    started = [threading.Event() for _ in range(3)]

    def worker(event: threading.Event) -> Periodic:
        tasks = [
            Task("sweep", 3600, lambda: done.update(["sweep"])),
            Task("count", 3600, lambda: (done.update(["count"]), event.set()), everywhere=True),
        ]
        return Periodic(tasks, Turns(database), Metrics())

    workers = [worker(event) for event in started]
    for each in workers:
        each.start()
    assert all(event.wait(10) for event in started)
    for each in workers:
        each.stop()
    assert done == {"sweep": 1, "count": 3}


def test_a_worker_that_starts_after_anothers_turn_looks_once_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.receiving.periodic._SOON", 0.2)
    done: list[int] = []
    assert Turns(database).take("sweep", 3600)
    periodic = Periodic([Task("sweep", 3600, lambda: done.append(1))], Turns(database), Metrics())
    periodic.start()
    until(lambda: bool(done))
    periodic.stop()


def test_a_turn_that_came_to_nothing_is_given_back(database: Database) -> None:
    turns = Turns(database)
    assert turns.take("sweep", 3600)
    turns.give_back("sweep")
    assert turns.take("sweep", 3600)


def test_what_failed_at_the_start_does_not_wait_for_a_whole_turn(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.receiving.periodic._SOON", 0.1)
    tries: list[int] = []

    def run() -> None:
        tries.append(1)
        if len(tries) < 4:
            raise OutsideProblem("away")

    periodic = Periodic([Task("sweep", 3600, run)], Turns(database), Metrics())
    periodic.start()
    until(lambda: len(tries) == 4)
    periodic.stop()


@pytest.mark.parametrize(("error", "outcome"), [(OutsideProblem("away"), "problem"), (KeyError("hunter2"), "bug")])
def test_a_task_that_fails_is_counted_and_done_again(database: Database, error: Exception, outcome: str) -> None:
    tries: list[int] = []
    metrics = Metrics()

    def run() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise error

    periodic = Periodic([Task("sweep", 0.02, run)], Turns(database), metrics)
    periodic.start()
    until(lambda: len(tries) >= 2)
    periodic.stop()
    assert metrics.registry.get_sample_value("assay_periodic_total", {"name": "sweep", "outcome": outcome}) == 1
    assert (metrics.registry.get_sample_value("assay_periodic_total", {"name": "sweep", "outcome": "done"}) or 0) >= 1
