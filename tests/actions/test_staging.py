"""Text formats become typed Parquet: types from the whole file, words for "missing" where they cannot be text."""

from pathlib import Path

import polars as pl
import pytest

from actions import frames
from actions.datafile import DataFile
from actions.staging import as_parquet


def cached(folder: Path, name: str, content: bytes) -> DataFile:
    (folder / "cdef").write_bytes(content)
    return DataFile(name, folder / "cdef")


def test_types_of_a_csv_come_from_the_whole_file_and_not_from_its_first_lines(tmp_path: Path):
    rows = b"1,,1,\n" * 10_500 + b"1.5,7,x,3\n"
    file = cached(tmp_path, "a.csv", b"late,filled,text,rare\n" + rows)
    assert frames.columns([file]) == {"late": pl.Float64, "filled": pl.Int64, "text": pl.String, "rare": pl.Int64}


@pytest.mark.parametrize("before", [0, 10_500])
def test_words_for_missing_are_nulls_among_numbers_and_text_among_text(tmp_path: Path, before: int):
    file = cached(tmp_path, "a.csv", b"n,x,country,none\n" + b"1,1.5,AO,NA\n" * (before + 1) + b"NA,null,NA,NA\n")
    frame = frames.scan([file]).collect()
    assert dict(frame.schema) == {"n": pl.Int64, "x": pl.Float64, "country": pl.String, "none": pl.String}
    assert frame.row(-1) == (None, None, "NA", "NA")
    assert frame.null_count().row(0) == (1, 1, 0, 0)


def test_a_key_of_json_lines_that_first_appears_late_is_a_column(tmp_path: Path):
    file = cached(tmp_path, "a.jsonl", b'{"a": 1}\n' * 12_000 + b'{"a": 2.5, "b": "x"}\n')
    assert frames.columns([file]) == {"a": pl.Float64, "b": pl.String}


def test_a_text_file_is_parsed_once_per_process(tmp_path: Path):
    file = cached(tmp_path, "a.csv", b"a\n1\n")
    assert frames.parquet([file]) == frames.parquet([file])


def test_parquet_is_read_where_it_lies(tmp_path: Path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "cdef")
    assert as_parquet(DataFile("a.parquet", tmp_path / "cdef")) == tmp_path / "cdef"


def test_the_same_bytes_under_another_suffix_are_another_data_set(tmp_path: Path):
    assert as_parquet(cached(tmp_path, "a.csv", b"a\tb\n1\t2\n")) != as_parquet(DataFile("a.tsv", tmp_path / "cdef"))
