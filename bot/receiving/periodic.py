"""What is done when the service starts and every few minutes after, by one of the workers and not by each."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from bot.receiving.database import Database, marks
from bot.receiving.logs import places
from bot.receiving.metrics import Metrics
from policy.problems import Problem

_SOON = 30.0
"""Seconds within which workers that start together leave the first run to one of them; after as many, what failed is retried.

A worker whose first look found that another was at it looks once more then: what was lost between that other's run and its own
start would else wait for a whole turn.
"""
_log = structlog.get_logger("assay.periodic")


@dataclass(frozen=True)
class Task:
    """Something to do every `seconds`, by one worker at a time; `everywhere` by each for itself."""

    name: str
    seconds: float
    run: Callable[[], object]
    everywhere: bool = False


class Turns:
    """Who does a task now, by the database's clock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, seconds: float) -> bool:
        """Whether it is ours now: nobody took it within these seconds."""
        now, mark = self._database.now, f"task:{name}"
        with self._database.quick.begin() as connection:
            inserted = connection.execute(
                self._database.insert(marks).values(name=mark, at=now).on_conflict_do_nothing().returning(marks.c.name)
            ).first()
            if inserted:
                return True
            return bool(
                connection.execute(
                    sa.update(marks).where(marks.c.name == mark, marks.c.at <= now - int(seconds * 1000)).values(at=now)
                ).rowcount
            )

    def give_back(self, name: str) -> None:
        """Let whoever looks next take the turn: nothing came of ours."""
        with self._database.quick.begin() as connection:
            connection.execute(sa.delete(marks).where(marks.c.name == f"task:{name}"))


class Periodic:
    """A thread that does tasks one after the other. A task that fails is logged, counted, and done again."""

    def __init__(self, tasks: Sequence[Task], turns: Turns, metrics: Metrics) -> None:
        self._tasks, self._turns, self._metrics = tasks, turns, metrics
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assay-periodic", daemon=True)

    def start(self) -> None:
        """Do everything once, then as it falls due."""
        self._thread.start()

    def stop(self) -> None:
        """Do nothing more; what is being done may end."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        began, looks = time.monotonic(), Counter[str]()
        due = {task.name: began for task in self._tasks}
        while not self._stop.is_set():
            for task in self._tasks:
                if due[task.name] <= time.monotonic() and not self._stop.is_set():
                    soon = min(task.seconds, _SOON)
                    settled = self._do(task, self._since(task, looks[task.name], time.monotonic() - began), looks[task.name] > 0)
                    looks[task.name] += 1
                    due[task.name] = time.monotonic() + (task.seconds if settled else soon)
            self._stop.wait(max(0.01, min(due.values(), default=3600.0) - time.monotonic()))

    def _since(self, task: Task, looks: int, age: float) -> float:
        """For how long nobody may have done a task for it to be our turn; at the second look, since this worker began."""
        if looks == 1:
            return age
        # A little less than a turn, so that this worker's own clock does not make it miss every second one.
        return (task.seconds if looks else min(task.seconds, _SOON)) * 0.9

    def _do(self, task: Task, since: float, again: bool) -> bool:
        """Do a task if it is our turn; whether it need not be looked at again soon. `again` says that it was looked at before."""
        try:
            if not task.everywhere and not self._turns.take(task.name, since):
                return again
            task.run()
        except Problem as problem:
            self._metrics.ran(task.name, "problem")
            _log.warning("a periodic task failed", task=task.name, problem=str(problem))
        except Exception as error:
            self._metrics.ran(task.name, "bug")
            _log.error("a periodic task failed", task=task.name, error=type(error).__name__, at=places(error))
        else:
            self._metrics.ran(task.name, "done")
            return True
        self._turns.give_back(task.name)
        return False
