"""The one database, in two kinds."""

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.receiving import database as module
from bot.receiving.database import Database, connect, marks, reachable
from policy.problems import OutsideProblem, UserProblem
from tests.bot.receiving.scene import together, until


def test_its_clock_is_milliseconds_since_1970(database: Database) -> None:
    with database.reads.connect() as connection:
        now = connection.execute(sa.select(database.now)).scalar_one()
    assert abs(now - time.time() * 1000) < 60_000


def test_tables_are_made_once_by_many_that_start_together(tmp_path: Path, postgresql: str) -> None:
    for url in (f"sqlite:///{tmp_path}/new.sqlite3", postgresql):
        opened = [connect(url) for _ in range(6)]
        together([each.prepare for each in opened])
        with opened[0].reads.connect() as connection:
            assert connection.execute(sa.select(marks.c.at).where(marks.c.name == "schema")).scalar_one() == module.SCHEMA
        for each in opened:
            each.close()


def test_a_database_of_a_newer_assay_is_left_alone(database: Database) -> None:
    with database.durably() as connection:
        connection.execute(sa.update(marks).where(marks.c.name == "schema").values(at=module.SCHEMA + 1))
    with pytest.raises(UserProblem, match="newer Assay"):
        database.prepare()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "not the address"), ("mysql://u@h/d", "not supported"), ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),        ("sqlite:////no/such/folder/x.db", "does not exist"), ("", "not the address"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_told(url: str, said: str) -> None:
    with pytest.raises(UserProblem, match=said):
        connect(url)


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    away = connect("postgres://assay:hunter2hunter2@127.0.0.1:1/assay")
    with pytest.raises(OutsideProblem) as problem, reachable(away):
        away.ping()
    assert "hunter2" not in str(problem.value) + repr(away)
    assert problem.value.where == "postgresql+psycopg://assay:***@127.0.0.1:1/assay"


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"these are notes, not a database" * 100)
    opened = connect(f"sqlite:///{file}")
    with pytest.raises(UserProblem, match="cannot be opened"), reachable(opened):
        opened.prepare()


def test_what_is_taken_in_waits_for_the_disk_and_the_rest_does_not(sqlite: str, postgresql: str) -> None:
    for url, setting, expected in (
        (sqlite, "PRAGMA synchronous", [2, 1, 2]),
        (postgresql, "SHOW synchronous_commit", ["on", "off", "on"]),
    ):
        opened = connect(url)
        found = []
        for way in (opened.durably, opened.quick.begin, opened.durably):
            with way() as connection:
                found.append(connection.exec_driver_sql(setting).scalar())
        assert found == expected
        opened.close()


def test_whoever_takes_in_goes_before_those_who_wait(sqlite: str) -> None:
    opened = connect(sqlite)
    order: list[str] = []
    holding, waiting = threading.Event(), 12

    def hold() -> None:
        with opened.quick.begin():
            holding.set()
            until(lambda: len(arrived) == waiting)
            time.sleep(0.1)

    def work() -> None:
        arrived.append(1)
        with opened.quick.begin():
            order.append("work")

    def take_in() -> None:
        until(lambda: len(arrived) == waiting)
        time.sleep(0.05)
        with opened.durably():
            order.append("taken in")

    arrived: list[int] = []
    threads = [threading.Thread(target=hold)]
    threads[0].start()
    holding.wait(10)
    threads += [threading.Thread(target=work) for _ in range(waiting)] + [threading.Thread(target=take_in)]
    for each in threads[1:]:
        each.start()
    for each in threads:
        each.join(20)
    assert len(order) == waiting + 1
    assert order.index("taken in") <= 1
    opened.close()


def test_the_log_of_sqlite_is_moved_beside_the_writers(sqlite: str) -> None:
    opened = connect(sqlite)
    with opened.durably() as connection:
        connection.execute(sa.insert(marks), [{"name": f"m{number}", "at": number} for number in range(2000)])
    opened.tidy()
    with opened.reads.connect() as connection:
        _, in_log, moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
    assert in_log == moved
    opened.close()


def test_an_error_never_quotes_parameters(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError) as error, database.durably() as connection:
        connection.execute(sa.insert(marks), [{"name": "hunter2", "at": 1}, {"name": "hunter2", "at": 2}])
    assert "[SQL parameters hidden" in str(error.value)
