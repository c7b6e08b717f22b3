"""Which workers live, by the database's clock, and who takes over the work of those that do not.

DBOS on its own takes up again only what the same executor began. Here every process is an executor of its own that says every
third of a lease that it lives; what a dead one had begun goes back into the queue, by DBOS's own recovery.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable

import sqlalchemy as sa

from bot.receiving.database import Database, workers

_FORGOTTEN_MS = 24 * 3600 * 1000


def executor_id() -> str:
    """A name for this process that no other has, ever."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"


class Lease:
    """One process's claim to be alive, of `seconds`."""

    def __init__(self, database: Database, owner: str, seconds: float) -> None:
        self.owner, self.seconds = owner, seconds
        self._database = database
        self._beaten: tuple[float, float] = (0.0, 0.0)

    def beat(self) -> None:
        """Say that this process lives. Raises what the driver raises."""
        before = (time.monotonic(), time.time())
        insert = self._database.insert(workers).values(id=self.owner, seen=self._database.now)
        with self._database.quick.begin() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"seen": self._database.now}))
        self._beaten = before

    @property
    def sure(self) -> bool:
        """Whether no other process can think this one dead yet. By both clocks: one stands still while a machine sleeps."""
        elapsed = max(time.monotonic() - self._beaten[0], time.time() - self._beaten[1])
        return elapsed < self.seconds / 2

    def give_up(self) -> None:
        """Let others take over at once."""
        with self._database.quick.begin() as connection:
            connection.execute(sa.delete(workers).where(workers.c.id == self.owner))

    def dead(self, owners: Iterable[str]) -> list[str]:
        """Those of these owners that do not live any more."""
        asked = sorted(set(owners) - {self.owner})
        if not asked:
            return []
        oldest = self._database.now - int(self.seconds * 1000)
        with self._database.quick.connect() as connection:
            alive = set(
                connection.execute(sa.select(workers.c.id).where(workers.c.id.in_(asked), workers.c.seen > oldest)).scalars()
            )
        return [each for each in asked if each not in alive]

    def forget(self) -> None:
        """Delete the lines of processes that are long gone."""
        with self._database.quick.begin() as connection:
            connection.execute(sa.delete(workers).where(workers.c.seen < self._database.now - _FORGOTTEN_MS))


class Heart:
    """A thread that beats, and adopts what the dead left.

    `owners` names whoever has begun something, `adopt` puts back into the queue what these had begun, `failed` hears of errors.
    """

    def __init__(
        self,
        lease: Lease,
        owners: Callable[[], Iterable[str]],
        adopt: Callable[[list[str]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._lease, self._owners, self._adopt, self._failed = lease, owners, adopt, failed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assay-heart", daemon=True)

    def start(self) -> None:
        """Beat from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, and let others take over."""
        self._stop.set()
        self._thread.join(timeout=10)
        try:
            self._lease.give_up()
        except sa.exc.SQLAlchemyError as error:
            self._failed(error)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._lease.beat()
                if dead := self._lease.dead(self._owners()):
                    self._adopt(dead)
            except Exception as error:  # the database may be away; the next beat may reach it
                self._failed(error)
            self._stop.wait(self._lease.seconds / 3)
