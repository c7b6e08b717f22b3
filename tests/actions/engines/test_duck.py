"""The DuckDB engine: pandera's ibis checks, counted by queries, with the first failing rows."""

from pathlib import Path
from typing import Any

import pandera.ibis as pa
import polars as pl
import pytest

from actions.engines import duck

FRAME = pl.DataFrame(
    {"id": [1, 2, 2, 4], "c": ["UA", "XX", "AA", None], "d": [100, 200, -5, 400], "f": [1.0, float("nan"), None, 2.0]}
)


def tried(schema: Any, folder: Path, frame: pl.DataFrame = FRAME) -> list[dict[str, Any]]:
    """The table in two files without names, as a folder in DVC's cache."""
    paths = [folder / "ab", folder / "cd"]
    for path, part in zip(paths, (frame.head(2), frame.tail(-2)), strict=True):
        part.write_parquet(path)
    answer = duck.check(schema, [str(path) for path in paths], ["id"], repr)
    assert answer["rows"] == len(frame)
    return answer["failures"]


def brief(failures: list[dict[str, Any]]) -> list[tuple[str, str | None, int, bool]]:
    return [(f["rule"], f["column"], f["count"], f["whole"]) for f in failures]


class Model(pa.DataFrameModel):
    id: int
    c: str = pa.Field(isin=["UA", "AA"])
    d: int = pa.Field(gt=0)
    f: float = pa.Field(nullable=True)

    @pa.check("d")
    def small(self, data: Any) -> Any:
        return data.table[data.key] < 400

    @pa.dataframe_check
    def in_order(self, data: Any) -> Any:
        return data.table["id"] < data.table["d"]

    class Config:
        unique = ["id"]


def test_counts_and_examples_come_from_duckdb(tmp_path: Path):
    failures = tried(Model.to_schema(), tmp_path)
    assert brief(failures) == [
        ("not null", "c", 1, False),
        ("isin(['UA', 'AA'])", "c", 1, False),
        ("greater_than(0)", "d", 1, False),
        ("small", "d", 1, False),
        ("unique together: id", None, 2, False),
        ("in_order", None, 1, False),
    ]
    assert failures[1]["examples"] == [{"key": {"id": "2"}, "value": "XX"}]
    assert failures[0]["examples"] == [{"key": {"id": "4"}, "value": "null"}]


@pytest.mark.parametrize(
    ("columns", "options", "wanted"),
    [
        ({"gone": pa.Column(int)}, {}, [("exists", "gone", 4, True)]),
        ({"id": pa.Column(int)}, {"strict": True}, [("no other columns", name, 4, True) for name in ("c", "d", "f")]),
        ({"c": pa.Column(str, nullable=True), "id": pa.Column(int)}, {"ordered": True}, [("order of columns", None, 4, True)]),
        ({"id": pa.Column(str)}, {}, [("type string", "id", 4, True)]),
        ({"id": pa.Column(str, coerce=True)}, {}, []),
        ({"c": pa.Column(int, coerce=True, nullable=True)}, {}, [("can become int64", "c", 3, False)]),
        ({"f": pa.Column(float)}, {}, [("not null", "f", 2, False)]),
        ({"d|id": pa.Column(int, pa.Check.gt(0), regex=True)}, {}, [("greater_than(0)", "d", 1, False)]),
        (
            {"d": pa.Column(int, pa.Check(lambda data: data.table[data.key].mean() > 1_000, name="mean"))},
            {},
            [("mean", "d", 4, True)],
        ),
        ({"d": pa.Column(int, pa.Check(lambda data: 1 / 0, name="bad"))}, {}, [("bad can be tried", "d", 4, True)]),
    ],
)
def test_every_kind_of_rule_has_a_name(
    tmp_path: Path, columns: dict[str, Any], options: dict[str, Any], wanted: list[tuple[Any, ...]]
):
    assert brief(tried(pa.DataFrameSchema(columns, **options), tmp_path)) == wanted


def test_damage_in_the_file_is_told_apart_from_a_failing_contract(tmp_path: Path):
    path = tmp_path / "t"
    FRAME.write_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[:6] + b"\xff" * 30 + content[36:])
    assert duck.check(Model.to_schema(), [str(path)], [], repr)["unreadable"]
