"""The polars engine agrees with pandera's own verdict, on small tables and on those too large to hold."""

from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from actions.engines import columnar


class Flights(pa.DataFrameModel):
    id: int = pa.Field(unique=True)
    carrier: str = pa.Field(isin=["UA", "AA"], nullable=True)
    distance: float = pa.Field(ge=0, lt=10)
    late: bool = pa.Field(nullable=True, coerce=True)

    @pa.check("distance")
    def below_ten_means(self, data: Any) -> Any:
        return data.lazyframe.select(pl.col(data.key) <= 10 * pl.col(data.key).mean())

    @pa.dataframe_check
    def united_flies_far(self, data: Any) -> Any:
        return data.lazyframe.select((pl.col("carrier") != "UA") | (pl.col("distance") > 1))

    class Config:
        unique = ["carrier", "distance"]


def tried(schema: Any, frame: pl.DataFrame, folder: Path, key: tuple[str, ...] = ("id",)) -> list[dict[str, Any]]:
    path = folder / "t.parquet"
    frame.write_parquet(path)
    return columnar.check(schema, [str(path)], list(key), repr)["failures"]


def brief(failures: list[dict[str, Any]]) -> list[tuple[str, str | None, int, bool]]:
    return [(f["rule"], f["column"], f["count"], f["whole"]) for f in failures]


def judged_by_pandera(schema: Any, frame: pl.DataFrame) -> dict[tuple[str, str | None], int]:
    """(check, column) -> failing rows, by pandera's own `validate`."""
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = {}
        for error in errors.schema_errors:
            name = error.check if isinstance(error.check, str) else error.check.error or error.check.name
            column = None if isinstance(error.schema, pa.DataFrameSchema) else error.schema.name
            found[name, column] = int((~error.check_output["check_output"].fill_null(True)).sum())
        return found
    return {}


NAMES = {
    "not null": "not_nullable",
    "unique": "field_uniqueness",
    "unique together: carrier, distance": "multiple_fields_uniqueness",
}
rows = st.lists(
    st.tuples(
        st.integers(0, 12) | st.none(),
        st.sampled_from(["UA", "AA", "XX", None]),
        st.sampled_from([0.0, -0.0, 0.5, 2.0, -1.0, 11.0, float("nan"), None]),
        st.booleans() | st.none(),
    ),
    max_size=25,
)


@pytest.mark.parametrize("large", [False, True], ids=["held at once", "too large to hold"])
@given(rows=rows)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_of_pandera_however_the_table_is_read(
    rows: list[tuple[Any, ...]], large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    frame = pl.DataFrame(
        rows, schema={"id": pl.Int64, "carrier": pl.String, "distance": pl.Float64, "late": pl.Boolean}, orient="row"
    )
    monkeypatch.setattr(columnar, "BUDGET", 1 if large else 2**30)
    monkeypatch.setattr(columnar, "PART", 4 if large else 2**30)
    schema = Flights.to_schema()
    failures = tried(schema, frame, tmp_path)
    assert {(NAMES.get(f["rule"], f["rule"]), f["column"]): f["count"] for f in failures} == judged_by_pandera(schema, frame)


def test_examples_are_the_first_ten_failing_rows_with_their_keys_and_values(tmp_path: Path):
    frame = pl.DataFrame({"id": range(100, 130), "d": [-1.0 if i % 2 else 1.0 for i in range(30)]})
    schema = pa.DataFrameSchema({"d": pa.Column(float, pa.Check.ge(0))})
    (failure,) = tried(schema, frame, tmp_path)
    assert (failure["count"], failure["rule"], failure["column"]) == (15, "greater_than_or_equal_to(0)", "d")
    assert failure["examples"] == [{"key": {"id": str(101 + 2 * i)}, "value": "-1.0"} for i in range(10)]


def test_without_a_key_an_example_carries_its_row_number(tmp_path: Path):
    schema = pa.DataFrameSchema({"d": pa.Column(float)})
    (failure,) = tried(schema, pl.DataFrame({"d": [1.0, None, float("nan")]}), tmp_path, ())
    assert failure["examples"] == [{"key": {"row": "1"}, "value": "null"}, {"key": {"row": "2"}, "value": "nan"}]


FRAME = pl.DataFrame({"a": [1, 2, 3], "b": ["1", "x", None], "x_1": [1.0, 2.0, -3.0], "x_2": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(
    ("columns", "options", "wanted"),
    [
        ({"gone": pa.Column(int)}, {}, [("exists", "gone", 3, True)]),
        ({"gone": pa.Column(int, required=False)}, {}, []),
        ({"a": pa.Column(int)}, {"strict": True}, [("no other columns", name, 3, True) for name in ("b", "x_1", "x_2")]),
        ({"a": pa.Column(int)}, {"strict": "filter"}, []),
        ({"b": pa.Column(str, nullable=True), "a": pa.Column(int)}, {"ordered": True}, [("order of columns", None, 3, True)]),
        ({"a": pa.Column(str)}, {}, [("type String", "a", 3, True)]),
        ({"a": pa.Column(str, coerce=True)}, {}, []),
        ({"b": pa.Column(int, coerce=True, nullable=True)}, {}, [("can become Int64", "b", 1, False)]),
        ({"b": pa.Column(pl.List(pl.Int64), coerce=True, nullable=True)}, {}, [("can become List(Int64)", "b", 2, False)]),
        ({r"x_\d": pa.Column(float, pa.Check.gt(0), regex=True)}, {}, [("greater_than(0)", "x_1", 1, False)]),
        ({r"y_\d": pa.Column(float, regex=True)}, {}, [("exists", r"y_\d", 3, True)]),
        ({"new": pa.Column(int)}, {"add_missing_columns": True}, [("exists", "new", 3, True)]),
        ({"new": pa.Column(int, default=1)}, {"add_missing_columns": True}, []),
        ({"b": pa.Column(str, default="0")}, {}, []),
        ({"b": pa.Column(str, pa.Check.isin(["1", "x"]))}, {}, [("not null", "b", 1, False)]),
        ({"b": pa.Column(str)}, {"drop_invalid_rows": True}, [("not null", "b", 1, False)]),
    ],
)
def test_every_kind_of_rule_has_a_name(
    tmp_path: Path, columns: dict[str, Any], options: dict[str, Any], wanted: list[tuple[Any, ...]]
):
    assert brief(tried(pa.DataFrameSchema(columns, **options), FRAME, tmp_path)) == wanted


def test_the_value_that_cannot_be_coerced_is_shown(tmp_path: Path):
    schema = pa.DataFrameSchema({"b": pa.Column(int, coerce=True, nullable=True)})
    (failure,) = tried(schema, FRAME, tmp_path, ("a",))
    assert failure["examples"] == [{"key": {"a": "2"}, "value": "x"}]


def test_a_check_of_a_mean_fails_the_column_as_a_whole(tmp_path: Path):
    check = pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).mean() > 5), name="mean_above_5")
    truth = pa.Check(lambda data: False, name="never")
    failures = tried(pa.DataFrameSchema({"a": pa.Column(int, [check, truth])}), FRAME, tmp_path)
    assert brief(failures) == [("mean_above_5", "a", 3, True), ("never", "a", 3, True)]


def test_a_check_that_raises_is_a_finding_and_not_the_end(tmp_path: Path):
    broken = pa.Check(lambda data: data.lazyframe.select(pl.col("nowhere") > 5), name="broken")
    worse = pa.Check(lambda data: 1 / 0, name="worse")
    schema = pa.DataFrameSchema({"x_1": pa.Column(float, [broken, pa.Check.gt(0)])}, checks=[worse])
    failures = tried(schema, FRAME, tmp_path)
    assert [f["rule"] for f in failures] == ["broken can be tried", "greater_than(0)", "worse can be tried"]
    assert "ZeroDivisionError" in failures[2]["examples"][0]["value"]


def test_element_wise_warnings_and_ignore_na(tmp_path: Path):
    wise = pa.Check(lambda value: value > 0, element_wise=True, name="wise")
    warns = pa.Check.gt(2, raise_warning=True)
    strict = pa.Check(lambda data: data.lazyframe.select(pl.col("b") == "1"), ignore_na=False, name="strict")
    schema = pa.DataFrameSchema({"x_1": pa.Column(float, [wise, warns]), "b": pa.Column(str, strict, nullable=True)})
    failures = tried(schema, FRAME, tmp_path)
    assert brief(failures) == [("wise", "x_1", 1, False), ("greater_than(2)", "x_1", 3, False), ("strict", "b", 2, False)]
    assert [f["warning"] for f in failures] == [False, True, False]


def test_damage_in_the_file_is_told_apart_from_a_failing_contract(tmp_path: Path):
    path = tmp_path / "t.parquet"
    FRAME.write_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[:6] + b"\xff" * 30 + content[36:])
    assert columnar.check(pa.DataFrameSchema({"a": pa.Column(int)}), [str(path)], [], repr)["unreadable"]


def test_an_empty_table_has_no_rows_and_no_failures(tmp_path: Path):
    assert tried(Flights.to_schema(), FRAME.select(pl.lit(1).alias("id")).clear(), tmp_path) != []
    empty = pl.DataFrame(schema={"id": pl.Int64, "carrier": pl.String, "distance": pl.Float64, "late": pl.Boolean})
    assert tried(Flights.to_schema(), empty, tmp_path) == []
