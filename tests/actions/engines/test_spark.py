"""The Spark engine, in the interpreter that ASSAY_TEST_SPARK_PYTHON names (requirements-spark.lock installs into it)."""

import os
from pathlib import Path

import polars as pl
import pytest

from actions.data import contract
from actions.datafile import DataFile

SPARK = os.environ.get("ASSAY_TEST_SPARK_PYTHON")
needs_spark = pytest.mark.skipif(
    not SPARK, reason="SPARK IS NOT TESTED: set ASSAY_TEST_SPARK_PYTHON to a Python with requirements-spark.lock and Java 17"
)

FLIGHTS = """
import pandera.pyspark as pa
import pyspark.sql.types as T


class Flights(pa.DataFrameModel):
    id: T.LongType() = pa.Field(ge=0)
    carrier: T.StringType() = pa.Field(isin=["UA", "AA"])
    distance: T.LongType() = pa.Field(gt=0)
    late: T.StringType() = pa.Field()
    gone: T.LongType() = pa.Field()

    class Config:
        strict = True
        unique = ["id"]
"""
FRAME = pl.DataFrame(
    {"id": [1, 2, 2, 4], "carrier": ["UA", "XX", "AA", None], "distance": [100, 200, -5, 400], "late": [1, 2, 3, 4], "new": 1}
)


@needs_spark
def test_every_rule_is_counted_by_spark_with_its_examples(tmp_path: Path):
    (tmp_path / "flights.py").write_text(FLIGHTS)
    FRAME.write_parquet(tmp_path / "cdef")
    files = [DataFile("flights.parquet", tmp_path / "cdef")]
    facts = contract.check("flights.py:Flights", files, root=tmp_path, key=["id"], python=Path(str(SPARK)), timeout=120)
    assert (facts.backend, facts.rows, facts.line) == ("pyspark", 4, 6)
    found = {(f.rule, f.column): (f.count, f.whole, [(e.key, e.value) for e in f.examples]) for f in facts.failures}
    assert found == {
        ("exists", "gone"): (4, True, [({}, "the column is missing")]),
        ("no other columns", "new"): (4, True, [({}, "the contract does not name it")]),
        ("type StringType()", "late"): (4, True, [({}, "LongType()")]),
        ("not null", "carrier"): (1, False, [({"id": "4"}, "null")]),
        ("isin(['UA', 'AA'])", "carrier"): (1, False, [({"id": "2"}, "XX")]),
        ("greater_than(0)", "distance"): (1, False, [({"id": "2"}, "-5")]),
        ("unique together: id", None): (2, False, [({"id": "2"}, None), ({"id": "2"}, None)]),
    }
