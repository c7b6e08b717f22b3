"""What is done when the service starts and every few minutes after, by one of the workers and not by each."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from bot.receiving.database import Database, marks
from bot.receiving.logs import places
from bot.receiving.metrics import Metrics
from policy.problems import Problem

_SOON = 30.0
"""Seconds within which workers that start together leave the first run to one of them; after as many, what failed is retried."""
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
        due = {task.name: 0.0 for task in self._tasks}
        started = True
        while not self._stop.is_set():
            for task in self._tasks:
                if due[task.name] <= time.monotonic() and not self._stop.is_set():
                    done = self._do(task, min(task.seconds, _SOON) if started else task.seconds)
                    due[task.name] = time.monotonic() + (task.seconds if done else min(task.seconds, _SOON))
            started = False
            self._stop.wait(max(0.01, min(due.values(), default=3600.0) - time.monotonic()))

    def _do(self, task: Task, since: float) -> bool:
        """Do a task if it is our turn; whether it need not be done again soon."""
        try:
            # A little less than a turn, so that this worker's own clock does not make it miss every second one.
            if not task.everywhere and not self._turns.take(task.name, since * 0.9):
                return True
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
        return False
