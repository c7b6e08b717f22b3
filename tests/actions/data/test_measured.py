"""The files of a data set at a revision, and what is measured of them."""

from pathlib import Path

import polars as pl
import pytest

from actions.data.measured import Measured
from actions.progress import Silent
from actions.repository import Repository
from policy.data import Dataset
from tests.repositories import Repo


class Steps(Silent):
    """Remembers what was said to be done."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path).write("data/reviews/a.txt", "one two").write("data/reviews.csv", "id,review\n1,one\n2,two three\n")
    return repo.commit("texts")


def test_the_rows_of_a_folder_are_its_measures_and_each_content_is_looked_at_once(repo: Repo) -> None:
    steps = Steps()
    with Repository.open(repo.root) as repository:
        measured = Measured(repository, Dataset.model_validate({"path": "data/reviews", "text": {}}), steps)
        head, base = (repository.tracked("data/reviews", revision) for revision in (None, repo.sha()))
        assert head is not None and base is not None
        (rows,), texts = measured.rows(head), measured.texts(base)
        assert texts is not None and rows == texts.whole and measured.images(head) is None
        (looks,) = measured.looks(head).files()
        assert pl.read_parquet(looks.path)["words"].to_list() == [2]
    assert steps.said == ["texts of data/reviews"]


def test_the_rows_of_a_table_with_texts_are_its_own(repo: Repo) -> None:
    with Repository.open(repo.root) as repository:
        tracked = repository.tracked("data/reviews.csv")
        assert tracked is not None
        measured = Measured(
            repository, Dataset.model_validate({"path": "data/reviews.csv", "text": {"column": "review"}}), Steps()
        )
        assert [file.name for file in measured.rows(tracked)] == ["data/reviews.csv"]
        other = Measured(repository, Dataset.model_validate({"path": "data/reviews.csv", "text": {"column": "gone"}}), Steps())
        (looks,) = other.looks(tracked).files()
        assert other.texts(tracked) is None and pl.read_parquet(looks.path).columns == []
        digests = {one.looks(tracked).digest for one in (measured, other)}
        assert len(digests) == 2, "profiles of different columns are different profiles"
        assert Measured(repository, Dataset(path="data/reviews.csv"), Steps()).texts(tracked) is None
