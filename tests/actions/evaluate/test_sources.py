"""What is read at one revision, and what becomes a reason."""

from pathlib import Path

import polars as pl

from actions.evaluate import files, sources
from actions.evaluate.trouble import Undefined
from actions.repository import Repository
from policy.evaluation import Predictions
from policy.reasons import Reason
from tests.actions.evaluate.predictions import SECTION, frame, parquet
from tests.repositories import Repo


def test_a_file_that_is_not_committed_yet_counts_in_the_work_tree_only(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("m.json", '{"a": 1}')
    with Repository.open(repo.root) as repository:
        assert sources.numbers(repository, ["m.json"], None).numbers == {"a": 1.0}
        assert sources.numbers(repository, ["m.json"], "HEAD").files["m.json"].reason is Reason.MISSING_BASELINE


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("m.json", " " * (files.MOST_BYTES + 1)).commit()
    repo.write("n.json", " " * (files.MOST_BYTES + 1)).dvc_add("n.json").commit()
    with Repository.open(repo.root) as repository:
        for path in ("m.json", "n.json"):
            assert sources.numbers(repository, [path], "HEAD").files[path].reason is Reason.UNREADABLE_METRIC


def test_a_path_that_leaves_the_repository_or_is_a_folder_is_a_reason(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("folder/m.json", "{}").commit()
    with Repository.open(repo.root) as repository:
        for path in ("../../etc/hosts", "folder"):
            assert path in sources.numbers(repository, [path], None).files


def test_equal_bytes_are_read_once_and_only_the_columns_that_are_needed(tmp_path: Path) -> None:
    section = Predictions.model_validate(SECTION)
    repo = Repo(tmp_path).write("predictions.parquet", parquet(frame().with_columns(big=pl.lit("x"))))
    repo.dvc_add("predictions.parquet").commit()
    with Repository.open(repo.root) as repository:
        head = sources.predictions(repository, section, ["carrier", "nowhere"], None, None)
        assert head.rows.columns == ["id", "late", "p", "carrier"]
        assert sources.predictions(repository, section, ["carrier"], "HEAD", head) is head


def test_predictions_of_no_known_format_are_a_reason(tmp_path: Path) -> None:
    section = Predictions.model_validate(SECTION | {"path": "p.xlsx"})
    repo = Repo(tmp_path).write("p.xlsx", "x").commit()
    with Repository.open(repo.root) as repository:
        rows = sources.predictions(repository, section, [], None, None).rows
    assert isinstance(rows, Undefined)
    assert rows.reason is Reason.UNREADABLE_METRIC
