"""Databases for these tests: SQLite and a real PostgreSQL, with our tables and DBOS's made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.receiving import worker
from bot.receiving.database import SCHEMA, Database, connect
from tests.postgres import Server, postgres_server, postgresql

EMPTY = f"""
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE (schemaname = 'dbos' AND tablename <> 'dbos_migrations') OR tablename LIKE 'assay_%'
  LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
END $$;
INSERT INTO assay_marks (name, at) VALUES ('schema', {SCHEMA});
"""
"""Makes a prepared database as it was, which is quicker than another one."""

__all__ = ["postgres_server", "postgresql"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared file."""
    file = tmp_path_factory.mktemp("template") / "assay.sqlite3"
    prepared(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_prepared(postgres_server: Server) -> str:
    """The address of a prepared database."""
    url = postgres_server.database()
    prepared(url)
    return url


def prepared(url: str) -> None:
    """Make all tables in a database."""
    database = connect(url)
    worker.prepare(database)
    database.close()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a prepared SQLite file."""
    file = tmp_path / "assay.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a prepared database, of each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite"))
    found: str = request.getfixturevalue("postgres_prepared")
    server: Server = request.getfixturevalue("postgres_server")
    server.query(found.rpartition("/")[2], EMPTY)
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A prepared database, of each kind."""
    opened = connect(url)
    yield opened
    opened.close()
