"""A column of texts as a table of their measures."""

from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.texts import column as module
from actions.texts.column import table
from actions.texts.findings import find
from policy.facts.texts import TextFinding
from policy.reasons import Reason
from policy.texts import Texts


def written(place: Path, *parts: dict[str, object]) -> list[DataFile]:
    for number, part in enumerate(parts):
        pl.DataFrame(part).write_parquet(place / f"{number}.parquet")
    return [DataFile(f"data/{number}.parquet", place / f"{number}.parquet") for number in range(len(parts))]


def test_each_text_is_a_row_of_measures_numbered_through_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    files = written(
        tmp_path, {"id": [1, 2, 3], "review": ["one two", None, "caf\u00c3\u00a9 noir"]}, {"id": [4], "review": ["One, two!"]}
    )
    found = table(files, "review")
    assert found is not None and found.whole is None
    assert found.rows.select("row", "words", "fault").rows() == [
        (1, 2, None),
        (2, None, None),
        (3, 2, "its encoding is garbled"),
        (4, 2, None),
    ]
    assert pl.read_parquet(found.looks.path).columns == [
        f"review.{name}" for name in ("characters", "words", "language", "letters", "digits", "punctuation")
    ]
    facts = find(Texts(column="review", least_words=2), found)
    assert facts.groups == [["row 1", "row 4"]]
    assert [(each.check, each.examples) for each in facts.findings] == [
        ("encoding", ["row 3 (its encoding is garbled)"]),
        ("length", ["row 2 (no text)"]),
    ]


def test_a_missing_text_is_allowed_where_a_text_may_have_no_word(tmp_path: Path) -> None:
    found = table(written(tmp_path, {"review": [None, "", "a"]}), "review")
    assert find(Texts(column="review"), found).findings == [
        TextFinding(check="length", count=2, examples=["row 1 (no text)", "row 2 (0 words)"])
    ]
    assert find(Texts(column="review", least_words=0), found).findings == []


@pytest.mark.parametrize(
    "values",
    [pl.Series(["a", "b"]), pl.Series(["a", "b"], dtype=pl.Categorical), pl.Series([None, None]), pl.Series([], dtype=pl.String)],
)
def test_text_is_text_whatever_holds_it(tmp_path: Path, values: pl.Series) -> None:
    found = table(written(tmp_path, {"review": values}), "review")
    assert found is not None and found.rows.height == len(values)


@pytest.mark.parametrize("data", [{"other": ["a"]}, {"review": [1]}, {"review": [["a"]]}])
def test_what_is_no_column_of_text_is_said_and_not_judged(tmp_path: Path, data: dict[str, object]) -> None:
    found = table(written(tmp_path, data), "review")
    assert found is None
    assert find(Texts(column="review"), found).problem is Reason.TEXTS_NO_COLUMN


def test_a_csv_that_is_no_utf_8_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,review\n1,caf\xe9\n")
    with pytest.raises(Unreadable, match=r"(?i)utf-?8"):
        table([DataFile("a.csv", tmp_path / "a.csv")], "review")
