"""DBOS in this process: a queue with a partition for each pull request, and the workflow that handles one delivery.

DBOS is told to send nothing anywhere: no conductor, no telemetry, no console. Its own notes come through our logs.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from dbos import DBOS, DBOSConfig

from bot.receiving.database import Database
from bot.receiving.handling import Handling, Stopped
from bot.receiving.leases import Heart, Lease
from bot.receiving.logs import places
from bot.receiving.metrics import Metrics
from bot.receiving.queue import APPLICATION, QUEUE, WORKFLOW, Json, Queue

VERSION = "1"
"""Of the workflow, not of Assay: DBOS hands work only to workers of the same version, and an upgrade must not strand any."""
RECOVERIES = 25
"""How often a delivery may be at work when its process dies, before it is set aside."""
_log = structlog.get_logger("assay.worker")


def prepare(database: Database) -> None:
    """Make our tables and DBOS's, where they are not there yet."""
    database.prepare()
    DBOS.migrate(database.url)


class Worker:
    """DBOS, launched. There is one in a process at most, because DBOS is one in a process."""

    def __init__(self, database: Database, queue: Queue, handling: Handling, lease: Lease, metrics: Metrics) -> None:
        self._database, self._queue, self._handling, self._lease, self._metrics = database, queue, handling, lease, metrics
        self._heart = Heart(lease, queue.owners, self._adopt, self._failed)
        self._count = threading.Lock()
        self._active = 0
        self._stopping = False
        handling.sure = self.sure

    def start(self, concurrency: int, poll: float) -> None:
        """Take up work: `concurrency` deliveries at a time, looking for more every `poll` seconds."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._database.url,
            "system_database_engine": self._database.quick,
            "application_version": VERSION,
            "executor_id": self._lease.owner,
            "serializer": Json(),
            "enable_otlp": False,
            "use_listen_notify": False,
            "run_migrations": False,
            "notification_listener_polling_interval_sec": 0.25,  # nobody here is notified; it bounds how long stopping takes
            "log_level": "WARNING",
        }
        DBOS(config=config)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=RECOVERIES)
        def handle(delivery_id: str, round_: int) -> str:
            with self._counted():
                return self._handling(delivery_id, round_)

        DBOS.listen_queues([QUEUE])
        self._lease.beat()
        self._queue.register(concurrency, poll)
        DBOS.launch()
        self._heart.start()

    def stop(self, seconds: float) -> bool:
        """Take up no more, let what is at work end within `seconds`, leave the rest to others. Whether nothing is at work."""
        self._stopping = True
        self._handling.stop.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=math.ceil(seconds))
        self._heart.stop()
        return not self._active

    def sure(self, workflow: str) -> None:
        """Raises Stopped where this process may not act on a workflow: its lease had run out, and another has taken it over."""
        if self._lease.sure:
            return
        self._lease.beat()
        if self._queue.owner(workflow) != self._lease.owner:
            raise Stopped

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._count:
            self._active += 1
        try:
            yield
        finally:
            with self._count:
                self._active -= 1

    def _adopt(self, dead: list[str]) -> None:
        if self._stopping:
            return
        # Only what still belongs to the dead is put back, so several that adopt at the same time do it once.
        DBOS._recover_pending_workflows(dead)
        self._metrics.adopted(len(dead))
        _log.warning("took over the work of dead workers", workers=dead)

    def _failed(self, error: Exception) -> None:
        _log.error("the lease could not be renewed", error=type(error).__name__, at=places(error))
