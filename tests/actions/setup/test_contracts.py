"""An inferred contract is valid Python for any column, holds on its data, and says something."""

import ast
import string
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.data.contract import check
from actions.setup.columns import describe
from actions.setup.contracts import TAKEN, Contract, class_name, infer, limits, literal
from tests.actions.setup.data import parquet


def contract(folder: Path, frame: pl.DataFrame, **more: object) -> Contract:
    files = parquet(folder, frame)
    found = infer("data/data.parquet", "contracts/data.py", describe(files), files, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def failures(folder: Path, found: Contract, frame: pl.DataFrame) -> list[str]:
    target = folder / found.file
    target.parent.mkdir(exist_ok=True)
    target.write_text(found.text, "utf-8")
    facts = check(found.reference, parquet(folder, frame, "other.parquet"), root=folder, key=None)
    return [f"{failure.column}: {failure.rule}" for failure in facts.failures]


def test_it_holds_types_missing_values_ranges_and_categories(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": range(40), "age": [20, 60] * 20, "colour": ["red", "blue"] * 20, "note": ["x", None] * 20})
    found = contract(tmp_path, frame, key=["id"])
    bad = frame.with_columns(age=pl.lit(-1, pl.Int64), colour=pl.lit("green"), id=pl.col("id") * 1_000)
    assert failures(tmp_path, found, frame) == []
    assert [each.split("(")[0] for each in failures(tmp_path, found, bad)] == [
        "age: greater_than_or_equal_to",
        "colour: isin",
    ]
    assert failures(tmp_path, found, frame.with_columns(age=pl.lit("old"))) == ["age: type Int64"]


HOSTILE = [
    'a"""; import os; os.system("x")  #',
    "class",
    "pl",
    "Config",
    "to_schema",
    "_private",
    "__init__",
    "with space",
    "line\nbreak",
    "größe",
    "名前",
    "{x}",
    "a'b\"c\\",
    "\u202eevil",
    "*",
    "^.*$",
    "1st",
    "column_1",
]


def test_hostile_names_are_escaped_and_still_held_to_their_rules(tmp_path: Path) -> None:
    frame = pl.DataFrame({name: [1, 2, 3] for name in HOSTILE})
    found = contract(tmp_path, frame)
    tree = ast.parse(found.text)
    assert [type(node).__name__ for node in tree.body] == ["Expr", "Import", "Import", "ClassDef"]
    assert "\u202e" not in found.text
    broken = {line.rpartition(": ")[0] for line in failures(tmp_path, found, frame.with_columns(pl.all() - 10))}
    assert broken == set(HOSTILE) - {"*", "^.*$"}


def test_every_kind_of_column_is_described_or_named_as_left_out(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "when": pl.Series(["2024-01-01"]).str.to_datetime(time_zone="UTC"),
            "day": pl.Series(["2024-01-01"]).str.to_date(),
            "price": pl.Series(["1.50"]).str.to_decimal(scale=2),
            "kind": pl.Series(["a"], dtype=pl.Categorical),
            "tags": [["a"]],
            "nested": [{"a": [1]}],
            "nothing": [None],
            "small": pl.Series([1], dtype=pl.UInt8),
            "flag": [True],
        }
    )
    found = contract(tmp_path, frame)
    assert "Not described: 'nested'" in found.text
    assert "'nothing' (Null)" in found.text
    assert failures(tmp_path, found, frame) == []


def test_nan_and_infinity_hold(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1.0, float("nan")], "b": [float("inf"), 2.0], "c": [1e308, -1e308], "d": [1e-320, 0.0]})
    assert failures(tmp_path, contract(tmp_path, frame), frame) == []


def test_values_of_personal_columns_are_never_written_down(tmp_path: Path) -> None:
    frame = pl.DataFrame({"mail": ["ada@example.org", "bob@example.org"] * 20})
    assert "example.org" not in contract(tmp_path, frame, hidden=["mail"]).text


def test_a_data_set_without_rows_has_no_contract(tmp_path: Path) -> None:
    files = parquet(tmp_path, pl.DataFrame({"a": pl.Series([], dtype=pl.Int64)}))
    assert infer("data.parquet", "contracts/data.py", describe(files), files) is None


@pytest.mark.parametrize(
    ("stem", "name"),
    [("flights", "Flights"), ("delayed-flights", "DelayedFlights"), ("2024", "Data2024"), ("none", "DataNone"), ("…", "Data")],
)
def test_the_class_is_named_after_the_file(stem: str, name: str) -> None:
    assert class_name(stem) == name


def test_every_public_name_of_a_model_is_taken() -> None:
    assert {name for name in dir(pa.DataFrameModel) if not name.startswith("_")} <= TAKEN


@given(low=st.floats(-1e300, 1e300), width=st.floats(0, 1e300))
def test_limits_lie_around_what_was_seen(low: float, width: float) -> None:
    under, over = limits(low, low + width, whole=False)
    assert under is None or under <= low
    assert over is None or over >= low + width


@given(low=st.integers(-(2**63), 2**63), width=st.integers(0, 2**63))
def test_limits_of_integers_are_integers_around_what_was_seen(low: int, width: int) -> None:
    under, over = limits(low, low + width, whole=True)
    assert isinstance(under, int)
    assert isinstance(over, int)
    assert under <= low <= low + width <= over


@given(st.text())
def test_a_literal_means_its_text_and_shows_no_control_character(text: str) -> None:
    source = literal(text)
    assert ast.literal_eval(source) == text
    assert source.isprintable()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
        | st.text(string.punctuation, min_size=1, max_size=4),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_whatever_columns_are_called_the_contract_holds(tmp_path: Path, names: list[str]) -> None:
    files = parquet(tmp_path, pl.DataFrame({name: [1, 2] for name in names}))
    found = infer("data.parquet", "contracts/data.py", describe(files), files)
    if found is not None:
        ast.parse(found.text)
