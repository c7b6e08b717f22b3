"""The one database: SQLite in a file, or PostgreSQL by its address. Two ways in, because two things may be lost by a power cut.

What is taken in must survive one before GitHub is told so: `durable` waits for the disk. That a delivery was handled may be
forgotten, because handling it again changes nothing: `quick` does not wait. Neither loses anything when a process is killed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from policy.problems import OutsideProblem, UserProblem

SCHEMA = 1
"""Counts changes of our tables that an older process would not understand."""
_BUSY_MS = 30_000
_CHECKPOINT_PAGES = 25_000
"""Pages in SQLite's log at which a writer has to move them itself; `tidy` does it before, beside the writers."""
_LOCK = 0x6173736179
"""The advisory lock under which tables are made, so that processes that start together do not meet."""

metadata = sa.MetaData()
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

deliveries = sa.Table(
    "assay_deliveries",
    metadata,
    sa.Column("seq", _BIG, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    # Only what is acted on has one: a body that was ignored under a wrong event name must not stand in the way of the true one.
    sa.Column("digest", sa.Text, unique=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("repository", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("partition", sa.Text, nullable=False),
    sa.Column("fold", sa.Text, nullable=False),
    sa.Column("due", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.Column("ended", sa.BigInteger),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("trace", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
sa.Index(
    "assay_deliveries_waiting",
    deliveries.c.fold,
    sqlite_where=deliveries.c.outcome == "queued",
    postgresql_where=deliveries.c.outcome == "queued",
)
sa.Index("assay_deliveries_received", deliveries.c.received)

bodies = sa.Table(
    "assay_bodies", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("body", sa.LargeBinary, nullable=False)
)
workers = sa.Table(
    "assay_workers", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("seen", sa.BigInteger, nullable=False)
)
sessions = sa.Table(
    "assay_sessions",
    metadata,
    # The hash of what the browser holds, so that nobody who reads the table can be somebody.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False),
)
marks = sa.Table(
    "assay_marks", metadata, sa.Column("name", sa.Text, primary_key=True), sa.Column("at", sa.BigInteger, nullable=False)
)


class Turnstile(sa.QueuePool):
    """A pool whose waiters stand outside, one by one let in to wait; whoever is urgent goes past them.

    SQLite has one writer at a time. Handlers at work write by the dozen, and a delivery that arrives must not stand behind them.
    """

    _urgent = threading.local()

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._door = threading.Lock()
        self._calm = threading.Event()
        self._calm.set()

    @classmethod
    @contextmanager
    def urgently(cls) -> Iterator[None]:
        """What this thread does within goes first."""
        cls._urgent.now = True
        try:
            yield
        finally:
            cls._urgent.now = False

    def _do_get(self) -> Any:
        if getattr(self._urgent, "now", False):
            self._calm.clear()
            try:
                return super()._do_get()
            finally:
                self._calm.set()
        with self._door:
            self._calm.wait(timeout=1.0)
            return super()._do_get()


@dataclass(frozen=True)
class Database:
    """An open database. `url` may hold a password; `shown` does not."""

    url: str
    durable: sa.Engine
    quick: sa.Engine
    reads: sa.Engine
    """For a single SELECT: no transaction around it."""

    def __repr__(self) -> str:
        return f"Database({self.shown})"

    @property
    def sqlite(self) -> bool:
        """Whether it is a file."""
        return self.quick.dialect.name == "sqlite"

    @property
    def shown(self) -> str:
        """The address without its password."""
        return self.quick.url.render_as_string(hide_password=True)

    @property
    def now(self) -> sa.ColumnElement[int]:
        """The database's clock in milliseconds, which all processes share."""
        if self.sqlite:
            return sa.cast((sa.func.julianday("now") - 2440587.5) * 86_400_000, sa.BigInteger)
        return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()) * 1000, sa.BigInteger)

    @contextmanager
    def durably(self) -> Iterator[sa.Connection]:
        """A transaction that goes before others and is on the disk when the block has ended."""
        with Turnstile.urgently(), self.durable.begin() as connection:
            yield connection

    def insert(self, table: sa.Table) -> Any:
        """An INSERT that may say ON CONFLICT."""
        if self.sqlite:
            from sqlalchemy.dialects import sqlite

            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def prepare(self) -> None:
        """Make our tables where they are not there yet. Raises UserProblem for those of a newer Assay."""
        with self.durably() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            metadata.create_all(connection)
            made = self.insert(marks).values(name="schema", at=SCHEMA).on_conflict_do_nothing()
            connection.execute(made)
            there = connection.execute(sa.select(marks.c.at).where(marks.c.name == "schema")).scalar_one()
        if there > SCHEMA:
            raise UserProblem(
                "the database was written by a newer Assay", self.shown, "Upgrade this one, or name another database"
            )

    def tidy(self) -> None:
        """Move what SQLite has in its log into the file, without holding up those who write. Nothing to do elsewhere."""
        if self.sqlite:
            with self.reads.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def ping(self) -> None:
        """Raises what the driver raises where the database does not answer."""
        with self.quick.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        for engine in (self.durable, self.quick, self.reads):
            engine.dispose()


def connect(url: str) -> Database:
    """A database by its address, `sqlite:///file` or `postgresql://...`. Raises UserProblem for another kind."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise UserProblem("not the address of a database", "ASSAY_DATABASE_URL", _EXAMPLES) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise UserProblem(f"a kind of database that is not supported ({parsed.drivername})", "ASSAY_DATABASE_URL", _EXAMPLES)


@contextmanager
def reachable(database: Database) -> Iterator[None]:
    """Turns what the driver says while the service starts into a problem that names the database, without its password."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        said = " ".join(str(error.orig).split())[:200]
        if database.sqlite:
            raise UserProblem(
                f"cannot be opened ({said})", database.shown, "Name a file in a folder that can be written"
            ) from None
        raise OutsideProblem(
            f"the database does not answer ({said})", database.shown, "See that it runs, then try again"
        ) from None


_EXAMPLES = "Write it like sqlite:///assay.sqlite3 or postgresql://user:password@host/assay"


def _sqlite(url: sa.URL) -> Database:
    if not url.database or url.database == ":memory:":
        raise UserProblem("a database in memory is lost with the process", "ASSAY_DATABASE_URL", _EXAMPLES)
    parent = Path(url.database).absolute().parent
    if not parent.is_dir():
        raise UserProblem("its folder does not exist", str(url.database), f"Make {parent}, or set ASSAY_DATABASE_URL")

    def engine(connections: int) -> sa.Engine:
        made = sa.create_engine(
            url,
            connect_args={"timeout": _BUSY_MS / 1000, "check_same_thread": False},
            poolclass=Turnstile if connections == 1 else sa.QueuePool,
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(made, "connect", _prepare_connection)
        return made

    # All that write share one connection: SQLite's own writers wait for each other by sleeping, these wait in a queue.
    quick = engine(1)
    durable = quick.execution_options()
    event.listen(durable, "begin", lambda connection: connection.exec_driver_sql("PRAGMA synchronous=FULL"))
    event.listen(quick, "checkin", lambda connection, _: connection and connection.execute("PRAGMA synchronous=NORMAL"))
    return Database(url.render_as_string(hide_password=False), durable, quick, engine(4))


def _prepare_connection(connection: Any, _: Any) -> None:
    # Writers take the lock when they begin, so that two that read first cannot refuse each other.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _postgresql(url: sa.URL) -> Database:
    def engine(name: str, size: int, **session: str) -> sa.Engine:
        options = " ".join(f"-c {key}={value}" for key, value in session.items())
        return sa.create_engine(
            url,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=False,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={
                "application_name": name,
                "connect_timeout": 10,
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "options": options,
            },
        )

    quick = engine("assay-work", 16, synchronous_commit="off", idle_in_transaction_session_timeout="60000")
    return Database(
        url.render_as_string(hide_password=False),
        engine("assay-intake", 4, statement_timeout="15000", idle_in_transaction_session_timeout="60000"),
        quick,
        quick.execution_options(isolation_level="AUTOCOMMIT"),
    )
