"""Production's data by a query, through Ibis: DuckDB or PostgreSQL, which are only ever read.

A database is asked in a session that cannot write; what it answers goes into a Parquet file, some rows at a time. The address
with its password comes from the environment, and is in no message.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from actions.datafile import DataFile
from actions.formats import Unreadable
from policy.problems import OutsideProblem, Problem, UserProblem
from policy.queries import Query
from policy.reasons import Reason

ROWS = 100_000
"""Rows that are held at once."""
TIMEOUT = 600
"""Seconds that PostgreSQL may take for a statement."""
_CONNECT = 15
_WHERE = "monitor.query"
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs", "channel_binding")
"""What an address may say besides, of the options of libpq."""


def asked(query: Query, root: Path, environ: Mapping[str, str], folder: Path) -> list[DataFile]:
    """What a query gives, as a Parquet file in `folder`.

    Raises:
        UserProblem: it is not one SELECT, or gives more rows than it may; there is no connection, or no package to ask it with.
        Unreadable: the database refuses it, or a file of DuckDB is not there: something that wrote it may be gone.
        OutsideProblem: the database cannot be reached.
    """
    address = _address(query, environ)
    target = folder / "query.parquet"
    with _told(address):
        dialect = _dialect(address)
        _refuse_writing(query.sql, dialect)
        connection = _duckdb(address, root) if dialect == "duckdb" else _postgresql(address)
        try:
            _fetch(_batches(connection, query.sql), query, target)
        finally:
            connection.disconnect()
    return [DataFile(target.name, target)]


def _address(query: Query, environ: Mapping[str, str]) -> str:
    if query.variable is None:
        return query.connection
    found = environ.get(query.variable, "")
    if not found:
        raise UserProblem(
            f"{query.variable} is not set", f"{_WHERE}.connection", "Set it to postgresql://user:password@host/database"
        )
    return found


def _dialect(address: str) -> str:
    scheme = urlsplit(address).scheme
    if scheme in ("postgresql", "postgres"):
        return "postgres"
    if scheme == "duckdb":
        return "duckdb"
    raise UserProblem("the connection is to no known database", f"{_WHERE}.connection", "Write postgresql://... or duckdb://file")


def _refuse_writing(sql: str, dialect: str) -> None:
    """Refuse what is not one SELECT. The session cannot write either; this says so sooner, and in better words."""
    import sqlglot
    from sqlglot import expressions

    try:
        found = [each for each in sqlglot.parse(sql, read=dialect) if each is not None]
    except sqlglot.errors.SqlglotError as error:
        raise UserProblem(f"this is no SQL: {_line(error)}", f"{_WHERE}.sql", "Mend it") from None
    writes = (expressions.Insert, expressions.Update, expressions.Delete, expressions.Merge, expressions.Into, expressions.Lock)
    if len(found) != 1 or not isinstance(found[0], expressions.Query) or found[0].find(*writes) is not None:
        raise UserProblem("the query is more than one SELECT, or writes", f"{_WHERE}.sql", "Write one SELECT that only reads")


def _duckdb(address: str, root: Path) -> Any:
    import ibis

    path = root / unquote(address.removeprefix("duckdb://"))
    if not path.is_file():
        where = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        raise Unreadable(
            "there is nothing", where=where, next="see whether what writes it still runs", reason=Reason.DATA_MISSING
        )
    # Neither can it write, nor can a query read other files or load anything.
    return ibis.duckdb.connect(str(path), read_only=True, enable_external_access=False)


def _postgresql(address: str) -> Any:
    import ibis
    import psycopg

    parts = urlsplit(address)
    options = {name: value for name, value in parse_qsl(parts.query) if name in _OPTIONS}
    try:
        connection = ibis.postgres.connect(
            host=parts.hostname,
            port=parts.port or 5432,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            database=unquote(parts.path.strip("/")) or None,
            connect_timeout=_CONNECT,
            application_name="assay monitor",
            options=f"-c statement_timeout={TIMEOUT * 1000} -c default_transaction_read_only=on",
            **options,
        )
        connection.con.read_only = True
    except psycopg.Error as error:
        what = f"the database cannot be reached: {_line(error)}"
        raise OutsideProblem(what, f"{_WHERE}.connection", "Check address and credentials, then again") from None
    return connection


def _fetch(batches: Any, query: Query, target: Path) -> None:
    """Write record batches down, no more than the query may give."""
    from pyarrow import parquet

    rows = 0
    with parquet.ParquetWriter(target, batches.schema, compression="lz4") as writer:
        for batch in batches:
            rows += batch.num_rows
            if rows > query.most:
                what = f"the query gives more than {query.most:,} rows"
                raise UserProblem(what, f"{_WHERE}.sql", "Ask for less of time, or raise `monitor.query.most`")
            writer.write_batch(batch)


def _batches(connection: Any, sql: str) -> Any:
    """What a query gives, some rows at a time."""
    if connection.name == "duckdb":
        import pyarrow

        return pyarrow.RecordBatchReader.from_stream(connection.con.sql(sql))
    import ibis

    sql = sql.strip().rstrip(";")
    with connection.con.transaction(), connection.con.cursor(name="columns") as cursor:
        # Its columns, without its rows. Where Ibis is left to find them out it makes a view, and nothing is to be made.
        cursor.execute(sql)
        mapper = connection.compiler.type_mapper
        schema = ibis.schema({each.name: mapper.from_string(each.type_display) for each in cursor.description})
    return connection.sql(sql, schema=schema).to_pyarrow_batches(chunk_size=ROWS)


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Whatever goes wrong, as a problem of one line without a password."""
    password = urlsplit(address).password if "@" in address else None
    hidden = [each for each in (address, password, unquote(password) if password else None) if each]
    try:
        yield
    except ModuleNotFoundError as error:
        step = "Install assay[ibis]; PostgreSQL needs psycopg[binary] and pandas too"
        raise UserProblem(f"a query needs {error.name}", _WHERE, step) from None
    except Problem as problem:
        problem.what = _hide(problem.what, hidden)
        raise
    except Exception as error:  # the clients of databases have no common base
        what = f"the database refuses it: {_hide(_line(error), hidden)}"
        raise Unreadable(what, where=_WHERE, next="see whether the tables are still there", reason=Reason.DATA_CORRUPT) from None


def _hide(text: str, hidden: list[str]) -> str:
    for each in hidden:
        text = text.replace(each, "***")
    return text


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
