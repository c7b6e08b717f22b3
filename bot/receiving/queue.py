"""The queue of deliveries: DBOS's, with a partition for each pull request.

The only module that knows how DBOS writes down a workflow that waits. DBOS's own `enqueue_in_transaction` writes one at a time,
several statements each, which is three times as slow for the tens that arrive together; the test beside this module holds what
is written here to what that writes, column by column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, EnqueueOptions, Serializer
from pydantic_core import from_json, to_json

from bot.receiving.database import Database

WORKFLOW = "assay.handle"
QUEUE = "assay.deliveries"
APPLICATION = "assay"
_PRIORITIES = 2**31 - 2


class Json(Serializer):
    """What DBOS stores is JSON. Its own default is pickle, which would run what a database holds."""

    def serialize(self, data: object) -> str:
        """A value as text."""
        return to_json(data, fallback=str).decode()

    def deserialize(self, serialized_data: str) -> Any:
        """The value again; arguments come back as a list."""
        return from_json(serialized_data)

    def name(self) -> str:
        """How DBOS tells it from others."""
        return "assay_json"


@dataclass(frozen=True)
class Place:
    """Where a round of a delivery waits; `delay` is in seconds."""

    id: str
    round: int
    seq: int
    partition: str
    delay: float = 0.0

    @property
    def workflow(self) -> str:
        """The id of the workflow: the delivery's own, and beyond the first round a number behind it."""
        return self.id if self.round == 1 else f"{self.id}~{self.round}"

    @property
    def priority(self) -> int:
        """Deliveries of one partition are handled as they came, those of one millisecond too."""
        return self.seq % _PRIORITIES + 1

    @property
    def options(self) -> EnqueueOptions:
        """The same in DBOS's words."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": self.workflow,
            "queue_partition_key": self.partition,
            "priority": self.priority,
        }
        if self.delay:
            options["delay_seconds"] = self.delay
        return options


class Queue:
    """Writes places into DBOS's tables, within a transaction of the caller's."""

    def __init__(self, database: Database, client: DBOSClient) -> None:
        self._client, self._json = client, Json()
        tables = client._sys_db.tables
        # With RETURNING many rows are one statement; without, they are as many as there are rows.
        self._waiting, self._inputs = (
            database.insert(table).on_conflict_do_nothing().returning(table.c.workflow_uuid)
            for table in (tables.workflow_status, tables.workflow_input)
        )

    def register(self, concurrency: int, poll: float) -> None:
        """Say how it is worked off: one of a partition at a time, `concurrency` in each process, a look every `poll` seconds.

        DBOS keeps this in the database, so the process that started last says it for all.
        """
        self._client.register_queue(
            QUEUE, partition_concurrency=1, worker_concurrency=concurrency, polling_interval_sec=poll, on_conflict="always_update"
        )

    def enqueue(self, connection: sa.Connection, places: Sequence[Place], now: int) -> None:
        """Let these wait. `now` is the database's clock in milliseconds. A workflow that is there already stays as it is."""
        if not places:
            return
        self._client._sys_db._apply_caller_schema(connection)
        rows = [
            {
                "workflow_uuid": place.workflow,
                "status": "DELAYED" if place.delay else "ENQUEUED",
                "name": WORKFLOW,
                "queue_name": QUEUE,
                "queue_partition_key": place.partition,
                "priority": place.priority,
                "serialization": self._json.name(),
                "application_name": APPLICATION,
                "recovery_attempts": 0,
                "delay_until_epoch_ms": now + int(place.delay * 1000) if place.delay else None,
                "is_debounced": False,
            }
            for place in places
        ]
        inputs = [
            {"workflow_uuid": place.workflow, "inputs": self._json.serialize({"args": (place.id, place.round), "kwargs": {}})}
            for place in places
        ]
        connection.execute(self._waiting, rows)
        connection.execute(self._inputs, inputs)

    def delete(self, workflows: Sequence[str]) -> None:
        """Forget workflows that ended."""
        self._client.delete_workflows(list(workflows))

    def statuses(self, workflows: Sequence[str]) -> dict[str, str]:
        """How these workflows are, by id; those that are not there are left out."""
        found = self._client.list_workflows(workflow_ids=list(workflows), load_input=False, load_output=False)
        return {each.workflow_id: each.status for each in found}

    def owners(self) -> set[str]:
        """The executors that have begun something that did not end."""
        found = self._client.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False)
        return {each.executor_id for each in found if each.executor_id}

    def owner(self, workflow: str) -> str | None:
        """The executor that is at a workflow now; None where nobody is."""
        found = self._client.list_workflows(workflow_ids=[workflow], status="PENDING", load_input=False, load_output=False)
        return found[0].executor_id if found else None

    def close(self) -> None:
        """Close the client."""
        self._client.destroy()


def client(database: Database) -> DBOSClient:
    """DBOS's client on a database that is prepared."""
    return DBOSClient(system_database_engine=database.durable, serializer=Json(), application_name=APPLICATION)
