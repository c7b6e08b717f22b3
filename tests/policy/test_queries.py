"""A query in assay.yml: no credentials are written there."""

import pytest
from pydantic import ValidationError

from policy.monitoring import Monitor
from policy.queries import Query


def test_a_connection_is_a_variable_or_a_file() -> None:
    assert Query(sql="SELECT 1", connection="${PRODUCTION_DB}").variable == "PRODUCTION_DB"
    assert Query(sql="SELECT 1", connection="duckdb://live/flights.duckdb").variable is None


@pytest.mark.parametrize("connection", ["postgresql://ada:secret@host/live", "$DB", "${DB} ", "${A-B}", "", "live.duckdb"])
def test_anything_else_is_refused(connection: str) -> None:
    with pytest.raises(ValidationError, match="variable of the environment"):
        Query(sql="SELECT 1", connection=connection)


def test_a_monitor_has_data_or_a_query_and_a_query_needs_a_reference() -> None:
    query = {"sql": "SELECT 1", "connection": "${DB}"}
    assert Monitor.model_validate({"query": query, "reference": "train.parquet"}).source == "the query"
    with pytest.raises(ValidationError, match="`data` or `query` is needed, and not both"):
        Monitor.model_validate({"query": query, "data": "live.csv", "reference": "train.parquet"})
    with pytest.raises(ValidationError, match="`data` or `query` is needed, and not both"):
        Monitor.model_validate({"reference": "train.parquet"})
    with pytest.raises(ValidationError, match="`reference` is needed"):
        Monitor.model_validate({"query": query})
