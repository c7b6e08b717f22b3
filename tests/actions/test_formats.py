"""A file's format is what its name promises, and its first bytes may only contradict it."""

from pathlib import Path

import pytest

from actions.datafile import DataFile
from actions.formats import Format, Unreadable, detect, look, members
from policy.reasons import Reason


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("data/a.parquet", Format("parquet")),
        ("A.PQ", Format("parquet")),
        ("a.b.csv", Format("csv")),
        ("a.tsv.gz", Format("csv", "gz", "\t")),
        ("a.ndjson.zip", Format("jsonl", "zip")),
        ("a.feather", Format("arrow")),
    ],
)
def test_the_suffix_tells_the_format(name: str, form: Format):
    assert detect(name) == form


@pytest.mark.parametrize(
    "name", ["", "a", "a.gz", "a.json", "a.xlsx", "a.parquet.gz", "a.arrow.zip", ".csv", "a.pkl", "a.csv.gz.gz"]
)
def test_any_other_name_is_refused_with_what_would_do(name: str):
    with pytest.raises(Unreadable) as caught:
        detect(name)
    assert caught.value.reason is Reason.DATA_FORMAT
    assert ".parquet" in caught.value.next


def test_notes_of_the_writer_are_no_data():
    files = [DataFile(name, Path(name)) for name in ("d/_SUCCESS", "d/.a.crc", "d/a.csv")]
    assert members(files) == files[2:]


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path):
    with pytest.raises(Unreadable):
        look(DataFile("a.csv", tmp_path), "csv")
