"""A contract of the user's repository on data of any format: what fails, where, and what happens when the contract is bad."""

import gzip
import os
import textwrap
from pathlib import Path

import polars as pl
import pytest

from actions.data import contract
from actions.datafile import DataFile
from actions.frames import Unreadable
from policy.problems import UserProblem
from policy.reasons import Reason

FLIGHTS = """
    import pandera.polars as pa
    import polars as pl


    class Flights(pa.DataFrameModel):
        id: int = pa.Field(unique=True)
        carrier: str = pa.Field(isin=["UA", "AA"])
        distance: int = pa.Field(gt=0)
        mail: str = pa.Field(str_contains="#")

        @pa.dataframe_check
        def id_is_below_distance(cls, data):
            return data.lazyframe.select(pl.col("id") < pl.col("distance"))

        class Config:
            strict = True


    Schema = pa.DataFrameSchema({"id": pa.Column(int)})
    Imported = Flights
"""
FRAME = pl.DataFrame(
    {
        "id": [1, 2, 2, 4],
        "carrier": ["UA", "XX", "AA", None],
        "distance": [100, 200, -5, 400],
        "mail": ["a#", "ann@x.io", "b#", "c#"],
    }
)


def project(tmp_path: Path, text: str = FLIGHTS, name: str = "flights") -> Path:
    path = tmp_path / "contracts" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


def data(tmp_path: Path, frame: pl.DataFrame = FRAME) -> list[DataFile]:
    """As DVC's cache holds it, without a name."""
    path = tmp_path / "files" / "md5" / "ab" / "cdef"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return [DataFile("data/flights.parquet", path)]


def test_all_failures_are_collected_with_rule_column_count_share_and_examples(tmp_path: Path):
    facts = contract.check(
        "contracts/flights.py:Flights",
        data(tmp_path),
        root=project(tmp_path),
        key=["id"],
        mask=lambda value: "•••" if "@" in value else value,
    )
    assert (facts.backend, facts.rows, facts.line, facts.failures_total) == ("polars", 4, 6, 6)
    found = {(failure.rule, failure.column): failure for failure in facts.failures}
    assert {rule: failure.count for rule, failure in found.items()} == {
        ("unique", "id"): 2,
        ("not null", "carrier"): 1,
        ("isin(['UA', 'AA'])", "carrier"): 1,
        ("greater_than(0)", "distance"): 1,
        ("str_contains('#')", "mail"): 1,
        ("id_is_below_distance", None): 1,
    }
    assert found["not null", "carrier"].share == 0.25
    assert [(e.key, e.value) for e in found["unique", "id"].examples] == [({"id": "2"}, "2"), ({"id": "2"}, "2")]
    assert [(e.key, e.value) for e in found["str_contains('#')", "mail"].examples] == [({"id": "2"}, "•••")]


@pytest.mark.parametrize("suffix", ["csv.gz", "jsonl", "arrow"])
def test_every_format_meets_the_same_contract(tmp_path: Path, suffix: str):
    path = tmp_path / "object"
    writer = {"csv.gz": FRAME.write_csv, "jsonl": FRAME.write_ndjson, "arrow": FRAME.write_ipc}[suffix]
    writer(path)
    if suffix == "csv.gz":
        path.write_bytes(gzip.compress(path.read_bytes()))
    facts = contract.check("contracts/flights.py:Flights", [DataFile(f"d.{suffix}", path)], root=project(tmp_path), key=["id"])
    assert sum(failure.count for failure in facts.failures) == 7


def test_a_contract_that_holds_says_so(tmp_path: Path):
    facts = contract.check("contracts/flights.py:Schema", data(tmp_path), root=project(tmp_path), key=None)
    assert (facts.rows, facts.failures, facts.line) == (4, [], 20)


def test_lines_are_those_of_the_class_and_unknown_for_what_is_made_elsewhere(tmp_path: Path):
    root = project(tmp_path)
    assert contract.line_of("contracts/flights.py:Imported", root) == 21
    assert contract.line_of("contracts/flights.py:Elsewhere", root) is None


BAD = {
    "syntax error": ("import pandera.polars as pa\nclass Flights(\n", "not valid Python", "contracts/flights.py:2"),
    "nul byte": ("x = 1\0\n", "not valid Python", "contracts/flights.py"),
    "import error": ("import os\nimport nowhere\nclass Flights: pass\n", "cannot be imported", "contracts/flights.py:2"),
    "model missing": ("class Other: pass\n", "no 'Flights'", "contracts/flights.py"),
    "no model": ("class Flights: pass\n", "no pandera model", "contracts/flights.py"),
    "bad type": (
        "import pandera.polars as pa\nclass Flights(pa.DataFrameModel):\n    id: set\n",
        "'set'",
        "contracts/flights.py:2",
    ),
    "exits": ("import os\nos._exit(0)\nFlights = 1\n", "exit code 0 and no answer", "contracts/flights.py:3"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_contract_that_cannot_be_used_names_its_line(tmp_path: Path, case: str):
    text, said, where = BAD[case]
    with pytest.raises(UserProblem) as caught:
        contract.check("contracts/flights.py:Flights", data(tmp_path), root=project(tmp_path, text), key=None)
    assert said in caught.value.what
    assert caught.value.where == where
    assert "\n" not in str(caught.value)


def test_a_missing_contract_and_one_outside_the_repository_are_refused(tmp_path: Path):
    root = project(tmp_path)
    for name, said in (("contracts/gone.py:F", "does not exist"), ("contracts:F", "cannot be read"), ("../x.py:F", "outside")):
        with pytest.raises(UserProblem, match=said):
            contract.check(name, data(tmp_path), root=root, key=None)


def test_a_hostile_contract_learns_nothing_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    text = """
        import json, os, sys
        import pandera.polars as pa
        print('{"done": {"backend": "polars", "rows": 4, "failures": []}}')
        json.dumps = json.JSONEncoder.encode = lambda *a, **k: '{"done": {"backend": "polars", "rows": 4, "failures": []}}'
        sys.stdin.close()
        found = os.environ.get("GITHUB_TOKEN", "nothing")

        class Flights(pa.DataFrameModel):
            @pa.dataframe_check(name=f"token_{found}")
            def look(cls, data):
                return False
    """
    facts = contract.check("contracts/flights.py:Flights", data(tmp_path), root=project(tmp_path, text), key=None)
    assert [failure.rule for failure in facts.failures] == ["token_nothing"]
    assert os.environ["GITHUB_TOKEN"] == "ghs_secret"


def test_an_answer_that_was_tampered_with_is_no_answer(tmp_path: Path):
    text = """
        import sys
        import pandera.polars as pa
        Flights = pa.DataFrameSchema({})
        main = sys.modules["__main__"]
        main.engine = lambda name: main
        main.check = lambda *given: {"rows": "many", "failures": [{}]}
    """
    with pytest.raises(UserProblem, match="makes no sense"):
        contract.check("contracts/flights.py:Flights", data(tmp_path), root=project(tmp_path, text), key=None)


def test_a_contract_that_never_ends_is_stopped_at_its_line(tmp_path: Path):
    root = project(tmp_path, "import time\nwhile True:\n    time.sleep(0.01)\nFlights = 1\n")
    with pytest.raises(UserProblem, match="longer than 1 s") as caught:
        contract.check("contracts/flights.py:Flights", data(tmp_path), root=root, key=None, timeout=1)
    assert caught.value.where == "contracts/flights.py:3"


def test_a_module_of_the_users_that_needs_pandas_gets_it(tmp_path: Path):
    project(tmp_path, "import pandas as pd\nimport pandera.pandas as papd\nCARRIERS = list(pd.Series(['UA', 'AA']))\n", "lists")
    root = project(
        tmp_path, FLIGHTS.replace("import polars as pl", "import polars as pl\n    from contracts.lists import CARRIERS")
    )
    assert contract.check("contracts/flights.py:Schema", data(tmp_path), root=root, key=None).failures == []


def test_a_contract_on_spark_asks_for_its_own_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    root = project(tmp_path, "import pandera.pyspark as pa\nclass Flights(pa.DataFrameModel):\n    pass\n")
    monkeypatch.delenv("ASSAY_SPARK_PYTHON", raising=False)
    with pytest.raises(UserProblem, match="ASSAY_SPARK_PYTHON"):
        contract.check("contracts/flights.py:Flights", data(tmp_path), root=root, key=None)
    monkeypatch.setenv("ASSAY_SPARK_PYTHON", str(tmp_path / "no-python"))
    with pytest.raises(UserProblem, match="cannot be started"):
        contract.check("contracts/flights.py:Flights", data(tmp_path), root=root, key=None)


def test_corrupt_data_is_not_a_failing_contract(tmp_path: Path):
    files = data(tmp_path)
    content = files[0].path.read_bytes()
    files[0].path.write_bytes(content[:6] + b"\xff" * 30 + content[36:])
    with pytest.raises(Unreadable) as caught:
        contract.check("contracts/flights.py:Flights", files, root=project(tmp_path), key=None)
    assert (caught.value.reason, caught.value.where) == (Reason.DATA_CORRUPT, "data/flights.parquet")


def test_an_empty_parquet_file_is_unreadable_and_one_of_no_rows_has_none(tmp_path: Path):
    root = project(tmp_path)
    files = data(tmp_path, FRAME.clear())
    assert contract.check("contracts/flights.py:Flights", files, root=root, key=["id"]).rows == 0
    files[0].path.write_bytes(b"")
    with pytest.raises(Unreadable) as caught:
        contract.check("contracts/flights.py:Flights", files, root=root, key=["id"])
    assert caught.value.reason is Reason.DATA_EMPTY
