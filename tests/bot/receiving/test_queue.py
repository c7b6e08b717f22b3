"""The queue is DBOS's: what is written here is what DBOS itself writes."""

from typing import Any

import pytest
import sqlalchemy as sa

from bot.receiving.database import Database
from bot.receiving.queue import Json, Place, Queue, client

_OF_THE_MOMENT = ("workflow_uuid", "created_at", "updated_at", "creator_xid", "delay_until_epoch_ms", "retention_timestamp")


def rows(database: Database, queue: Queue, table: str) -> dict[str, dict[str, Any]]:
    found = getattr(queue._client._sys_db.tables, table)
    with database.durably() as connection:
        queue._client._sys_db._apply_caller_schema(connection)
        return {row["workflow_uuid"]: dict(row) for row in connection.execute(sa.select(found)).mappings()}


@pytest.mark.parametrize("delay", [0.0, 30.0])
def test_each_column_is_as_dbos_itself_writes_it(database: Database, delay: float) -> None:
    queue = Queue(database, client(database))
    ours, theirs = Place("ours", 1, 5, "4711/7", delay), Place("theirs", 1, 5, "4711/7", delay)
    with database.durably() as connection:
        now = connection.execute(sa.select(database.now)).scalar_one()
        queue.enqueue(connection, [ours], now)
        queue._client.enqueue_in_transaction(connection, theirs.options, theirs.id, theirs.round)
    for table in ("workflow_status", "workflow_input"):
        found = rows(database, queue, table)
        for column, value in found["theirs"].items():
            if column not in _OF_THE_MOMENT:
                expected = value.replace("theirs", "ours") if isinstance(value, str) else value
                assert found["ours"][column] == expected, column
        assert {column for column, value in found["ours"].items() if value is None} ^ {
            column for column, value in found["theirs"].items() if value is None
        } <= {"creator_xid"}
    due = {name: row["delay_until_epoch_ms"] for name, row in rows(database, queue, "workflow_status").items()}
    assert (due["ours"] is None and due["theirs"] is None) if not delay else abs(due["ours"] - due["theirs"]) < 20_000
    queue.close()


def test_a_workflow_that_is_there_stays_as_it_is(database: Database) -> None:
    queue = Queue(database, client(database))
    for partition in ("4711/7", "4711/8"):
        with database.durably() as connection:
            queue.enqueue(connection, [Place("one", 1, 1, partition)], 1)
    assert rows(database, queue, "workflow_status")["one"]["queue_partition_key"] == "4711/7"
    queue.close()


def test_its_state_can_be_asked_and_forgotten(database: Database) -> None:
    queue = Queue(database, client(database))
    with database.durably() as connection:
        queue.enqueue(connection, [Place("one", 1, 1, "p"), Place("two", 3, 2, "p", 60)], 1)
        queue.enqueue(connection, [], 1)
    assert queue.statuses(["one", "two~3", "three"]) == {"one": "ENQUEUED", "two~3": "DELAYED"}
    assert queue.owners() == set()
    assert queue.owner("one") is None
    queue.delete(["one"])
    assert queue.statuses(["one", "two~3"]) == {"two~3": "DELAYED"}
    queue.close()


def test_what_is_stored_is_json_and_not_pickle() -> None:
    stored = Json().serialize({"args": ("id", 1), "kwargs": {}})
    assert stored == '{"args":["id",1],"kwargs":{}}'
    assert Json().deserialize(stored) == {"args": ["id", 1], "kwargs": {}}
    assert Json().serialize(ValueError("x")) == '"x"'


def test_rounds_have_workflows_of_their_own_and_priorities_keep_the_order() -> None:
    assert Place("id", 1, 1, "p").workflow == "id"
    assert Place("id", 2, 1, "p").workflow == "id~2"
    assert Place("id", 1, 1, "p").priority < Place("id", 1, 2, "p").priority
    assert 1 <= Place("id", 1, 2**31 - 2, "p").priority <= 2**31 - 1
