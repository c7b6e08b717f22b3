"""`assay drift`: against the base, and between any two files (assay.files)."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.assay.conftest import Assay, rows
from tests.repositories import Repo


@pytest.fixture
def months(tmp_path: Path) -> Path:
    pl.DataFrame({"heat": [float(i % 30) for i in range(3_000)], "sky": ["clear", "grey"] * 1_500}).write_parquet(
        tmp_path / "may.parquet"
    )
    pl.DataFrame({"heat": [float(i % 30) + 40 for i in range(3_000)], "sky": ["clear", "grey"] * 1_500}).write_parquet(
        tmp_path / "july.parquet"
    )
    return tmp_path


@pytest.mark.parametrize("mode", ["exact", "profile"])
def test_two_files_are_compared_column_by_column_the_furthest_first(assay: Assay, months: Path, mode: str) -> None:
    done = assay("drift", "may.parquet", "july.parquet", "--mode", mode, cwd=months)
    assert done.code == 1
    assert done.out.index("heat") < done.out.index("sky")
    assert "▁" in done.out


def test_the_same_file_twice_has_not_moved(assay: Assay, months: Path) -> None:
    done = assay("drift", "may.parquet", "may.parquet", "--json", cwd=months)
    assert done.code == 0
    assert {column["value"] for column in json.loads(done.out)["facts"]["columns"]} == {0.0}


def test_one_file_alone_is_not_enough(assay: Assay, months: Path) -> None:
    assert assay("drift", "may.parquet", cwd=months).code == 2


def test_a_file_that_is_not_there_is_named(assay: Assay, months: Path) -> None:
    done = assay("drift", "may.parquet", "august.parquet", cwd=months)
    assert (done.code, done.err) == (2, "assay: august.parquet: no such data file or folder. Name existing data\n")


def test_an_empty_folder_is_named(assay: Assay, months: Path) -> None:
    (months / "none").mkdir()
    assert "the folder is empty" in assay("drift", "may.parquet", "none", cwd=months).err


def test_the_data_sets_of_the_policy_are_compared_with_the_base(assay: Assay, project: Repo) -> None:
    moved = "id,value\n" + "".join(f"{index},{900 + index}\n" for index in range(200))
    project.write("data/raw.csv", moved).dvc_add("data/raw.csv").commit()
    done = assay("drift", "--json", cwd=project.root)
    assert done.code == 1
    assert [part["name"] for part in json.loads(done.out)["result"]["children"]] == ["drift"]


def test_a_data_set_is_profiled_once(assay: Assay, project: Repo) -> None:
    project.write("data/raw.csv", rows(250)).dvc_add("data/raw.csv").commit()
    assay("drift", cwd=project.root)
    profiles = sorted((project.root / ".dvc/tmp/assay/profiles").rglob("*"))
    times = [each.stat().st_mtime_ns for each in profiles]
    assay("drift", cwd=project.root)
    assert sorted((project.root / ".dvc/tmp/assay/profiles").rglob("*")) == profiles
    assert [each.stat().st_mtime_ns for each in profiles] == times
