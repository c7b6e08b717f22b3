"""The pandas engine: pandera's own verdict on a table held whole, in the words of the other engines."""

from pathlib import Path
from typing import Any

import pandera.pandas as pa
import polars as pl
import pytest

from actions.engines import whole

FRAME = pl.DataFrame(
    {"id": [1, 2, 2, 4], "c": ["UA", "XX", "AA", None], "d": [100, 200, -5, 400], "f": [1.0, float("nan"), None, 2.0]}
)


def tried(schema: Any, folder: Path, key: tuple[str, ...] = ("id",)) -> list[dict[str, Any]]:
    paths = [folder / "ab", folder / "cd"]
    for path, part in zip(paths, (FRAME.head(2), FRAME.tail(2)), strict=True):
        part.write_parquet(path)
    answer = whole.check(schema, [str(path) for path in paths], list(key), repr)
    assert answer["rows"] == 4
    return answer["failures"]


def brief(failures: list[dict[str, Any]]) -> list[tuple[str, str | None, int, bool]]:
    return [(f["rule"], f["column"], f["count"], f["whole"]) for f in failures]


class Model(pa.DataFrameModel):
    id: int = pa.Field(unique=True)
    c: str = pa.Field(isin=["UA", "AA"])
    d: int = pa.Field(gt=0)
    f: float = pa.Field(nullable=True)

    @pa.check("d")
    def mean_is_large(self, column: Any) -> Any:
        return bool(column.mean() > 1_000)

    @pa.dataframe_check
    def in_order(self, frame: Any) -> Any:
        return frame["id"] < frame["d"]

    class Config:
        unique = ["id", "d"]


def test_counts_are_of_rows_and_examples_carry_keys(tmp_path: Path):
    failures = tried(Model.to_schema(), tmp_path)
    assert brief(failures) == [
        ("unique", "id", 2, False),
        ("not null", "c", 1, False),
        ("isin(['UA', 'AA'])", "c", 1, False),
        ("greater_than(0)", "d", 1, False),
        ("mean_is_large", "d", 4, True),
        ("in_order", None, 1, False),
    ]
    assert failures[1]["examples"] == [{"key": {"id": "4"}, "value": "null"}]
    assert failures[5]["examples"] == [{"key": {"id": "2"}, "value": None}]
    assert tried(Model.to_schema(), tmp_path, ())[3]["examples"] == [{"key": {"row": "2"}, "value": "-5"}]


@pytest.mark.parametrize(
    ("columns", "options", "wanted"),
    [
        ({"gone": pa.Column(int)}, {}, [("exists", "gone", 4, True)]),
        ({"id": pa.Column(int)}, {"strict": True}, [("no other columns", name, 4, True) for name in ("c", "d", "f")]),
        ({"id": pa.Column(bool)}, {}, [("type bool", "id", 4, True)]),
        ({"d": pa.Column(int, pa.Check(lambda column: 1 / 0, name="bad"))}, {}, [("bad can be tried", "d", 4, True)]),
        ({"id": pa.Column(int)}, {"unique": ["id"]}, [("unique together: id", None, 2, False)]),
    ],
)
def test_every_kind_of_rule_has_a_name(
    tmp_path: Path, columns: dict[str, Any], options: dict[str, Any], wanted: list[tuple[Any, ...]]
):
    assert brief(tried(pa.DataFrameSchema(columns, **options), tmp_path)) == wanted


def test_damage_in_the_file_is_told_apart_from_a_failing_contract(tmp_path: Path):
    path = tmp_path / "t"
    path.write_bytes(b"PAR1 no parquet PAR1")
    assert whole.check(Model.to_schema(), [str(path)], [], repr)["unreadable"]
