"""Production's data by a query, from a file of DuckDB and a real PostgreSQL."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg
import pytest

from actions.formats import Unreadable
from actions.monitor import queries
from policy.problems import OutsideProblem, UserProblem
from policy.queries import Query
from tests.postgres import postgres_server, postgresql

__all__ = ["postgres_server", "postgresql"]
ROWS = "SELECT i AS id, i * 0.5 AS heat, 'sky ' || i AS sky, TIMESTAMP '2026-01-01' + i * INTERVAL '1 hour' AS at FROM {} AS t(i)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "live.duckdb")) as connection:
        connection.execute(f"CREATE TABLE live AS {ROWS.format('range(1, 301)')}")
    return tmp_path / "live.duckdb"


@pytest.fixture
def database(postgresql: str) -> str:
    with psycopg.connect(postgresql) as connection:
        connection.execute(f"CREATE TABLE live AS {ROWS.format('generate_series(1, 300)')}")
    return postgresql


def given(folder: Path, sql: str, connection: str = "duckdb://live.duckdb", **more: Any) -> pl.DataFrame:
    environ = more.pop("environ", {})
    (folder / "to").mkdir(exist_ok=True)
    query = Query.model_validate({"sql": sql, "connection": connection} | more)
    (found,) = queries.asked(query, folder, environ, folder / "to")
    return pl.read_parquet(found.path)


def test_both_databases_give_the_same_rows_and_times(file: Path, database: str) -> None:
    sql = "SELECT * FROM live WHERE id > 100 ORDER BY id"
    here = given(file.parent, sql)
    there = given(file.parent, sql, "${DB}", environ={"DB": database})
    assert here.columns == there.columns == ["id", "heat", "sky", "at"]
    assert len(here) == len(there) == 200
    assert here["sky"].to_list() == there["sky"].to_list()
    assert here["at"].to_list() == there["at"].to_list()
    assert there["heat"].cast(float).to_list() == here["heat"].cast(float).to_list()


def test_no_rows_and_columns_of_many_types_are_written_down(file: Path, database: str) -> None:
    columns = 'id, CAST(heat AS numeric(9, 1)) AS n, id > 3 AS b, CAST("at" AS date) AS d, CAST(NULL AS text) AS t'
    sql = f"SELECT {columns} FROM live WHERE id < {{}};"
    for connection in ("duckdb://live.duckdb", "${DB}"):
        for rows in (0, 5):
            found = given(file.parent, sql.format(rows + 1), connection, environ={"DB": database})
            assert found.shape == (rows, 5)
            assert [found.schema[name] for name in ("b", "d", "t")] == [pl.Boolean, pl.Date, pl.String]


def test_a_file_may_be_named_by_the_environment_and_lie_elsewhere(file: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("project")
    assert len(given(folder, "SELECT * FROM live", "${DB}", environ={"DB": f"duckdb://{file}"})) == 300


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM live",
        "DROP TABLE live",
        "SELECT 1; DELETE FROM live",
        "WITH gone AS (DELETE FROM live RETURNING *) SELECT * FROM gone",
        "SELECT * INTO other FROM live",
        "SELECT * FROM live FOR UPDATE",
        "COPY live TO 'x.csv'",
        "",
        "SELEC",
    ],
)
def test_what_is_not_one_select_is_refused_before_it_is_asked(tmp_path: Path, sql: str) -> None:
    with pytest.raises(UserProblem, match=r"more than one SELECT|no SQL"):
        given(tmp_path, sql or ";", "${DB}", environ={"DB": "postgresql://nobody@127.0.0.1:9/nothing"})


def test_a_function_that_writes_cannot(database: str, tmp_path: Path) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE FUNCTION sneaky() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM live; RETURN 1; END $$")
    with pytest.raises(Unreadable, match="read-only transaction"):
        given(tmp_path, "SELECT sneaky() AS x", "${DB}", environ={"DB": database})
    assert len(given(tmp_path, "SELECT * FROM live", "${DB}", environ={"DB": database})) == 300


def test_a_query_to_duckdb_reads_no_other_file(file: Path) -> None:
    (file.parent / "secret.csv").write_text("x\n1\n")
    with pytest.raises(Unreadable, match="refuses"):
        given(file.parent, f"SELECT * FROM read_csv('{file.parent / 'secret.csv'}')")


def test_more_rows_than_it_may_give_end_the_look(file: Path, database: str) -> None:
    assert len(given(file.parent, "SELECT * FROM live", most=300)) == 300
    for connection in ("duckdb://live.duckdb", "${DB}"):
        with pytest.raises(UserProblem, match="more than 299 rows"):
            given(file.parent, "SELECT * FROM live", connection, most=299, environ={"DB": database})


def test_a_table_that_is_gone_and_a_file_that_is_not_there_are_unreadable(file: Path, database: str) -> None:
    for connection in ("duckdb://live.duckdb", "${DB}"):
        with pytest.raises(Unreadable, match="refuses it"):
            given(file.parent, "SELECT * FROM dead", connection, environ={"DB": database})
    with pytest.raises(Unreadable, match="there is nothing"):
        given(file.parent, "SELECT 1 AS x", "duckdb://dead.duckdb")


def test_a_file_that_is_no_database_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "live.duckdb").write_bytes(b"not a database" * 500)
    with pytest.raises(Unreadable, match="refuses it"):
        given(tmp_path, "SELECT 1 AS x")


def test_no_password_is_in_any_message(tmp_path: Path, database: str) -> None:
    secret = "s3cr%2Ft"
    port = database.rpartition(":")[2]
    for address in (
        f"postgresql://ada:{secret}@127.0.0.1:9/live",
        f"postgresql://ada:{secret}@127.0.0.1:{port}",
        f"mysql://ada:{secret}@127.0.0.1/live",
    ):
        with pytest.raises((OutsideProblem, UserProblem)) as caught:
            given(tmp_path, "SELECT 1 AS x", "${DB}", environ={"DB": address})
        said = f"{caught.value.what} {caught.value.where} {caught.value.next}"
        assert secret not in said and "s3cr/t" not in said


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="PRODUCTION_DB is not set"):
        given(tmp_path, "SELECT 1 AS x", "${PRODUCTION_DB}")
