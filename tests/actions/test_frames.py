"""Data sets of every format, read through a nameless cache object, and everything that can be wrong with one."""

import gzip
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from actions import frames
from actions.datafile import DataFile
from policy.reasons import Reason

FRAME = pl.DataFrame({"id": [1, 2, 3], "carrier": ["UA", "NA", None], "delay": [0.5, None, -3.25], "late": [True, False, None]})


def cached(folder: Path, name: str, content: bytes) -> DataFile:
    """A file as DVC's cache holds it: its name is a digest, and nothing in it tells the format."""
    path = folder / "files" / "md5" / "ab" / f"cdef{len(content):x}{abs(hash(name)):x}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return DataFile(name, path)


def written(method: str, frame: pl.DataFrame = FRAME) -> bytes:
    sink = io.BytesIO()
    getattr(frame, method)(sink)
    return sink.getvalue()


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


FORMATS = {
    "data/a.parquet": written("write_parquet"),
    "a.csv": written("write_csv"),
    "a.CSV.gz": gzip.compress(written("write_csv")),
    "a.csv.zip": zipped(a=written("write_csv"), **{"__MACOSX/a": b"x"}),
    "a.jsonl": written("write_ndjson"),
    "a.ndjson.gz": gzip.compress(written("write_ndjson")),
    "a.arrow": written("write_ipc"),
    "a.feather": written("write_ipc"),
    "stream.arrow": written("write_ipc_stream"),
    "a.tsv": FRAME.write_csv(separator="\t").encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_from_a_nameless_cache_object(tmp_path: Path, name: str):
    file = cached(tmp_path, name, FORMATS[name])
    assert_frame_equal(frames.scan([file]).collect(), FRAME)
    assert frames.row_count([file]) == 3
    assert list(frames.columns([file])) == FRAME.columns


def test_a_folder_is_one_data_set_in_order_of_names_and_notes_of_its_writer_are_left_out(tmp_path: Path):
    files = [
        cached(tmp_path, "d/part-1.csv", b"a,b\n3,x\n"),
        cached(tmp_path, "d/part-0.csv", b"a,b\n1,y\n2,z\n"),
        cached(tmp_path, "d/_SUCCESS", b""),
        cached(tmp_path, "d/.part-0.csv.crc", b"crc"),
    ]
    assert frames.scan(files).collect().rows() == [(1, "y"), (2, "z"), (3, "x")]


def test_columns_in_another_order_are_the_same_columns(tmp_path: Path):
    files = [cached(tmp_path, "a.csv", b"a,b\n1,x\n"), cached(tmp_path, "b.csv", b"b,a\ny,2\n")]
    assert frames.scan(files).collect().rows() == [(1, "x"), (2, "y")]


@pytest.mark.parametrize(
    ("second", "detail"),
    [
        (b"a\n2\n", "lacks the column 'b'"),
        (b"a,b,c\n2,y,1\n", "has the column 'c'"),
        (b"a,b\n2.5,y\n", "its column 'a' is Float64, and in d/0.csv it is Int64"),
    ],
)
def test_a_file_that_does_not_fit_its_folder_is_named(tmp_path: Path, second: bytes, detail: str):
    with pytest.raises(frames.Unreadable, match=detail) as caught:
        frames.scan([cached(tmp_path, "d/0.csv", b"a,b\n1,x\n"), cached(tmp_path, "d/1.csv", second)])
    assert (caught.value.where, caught.value.reason) == ("d/1.csv", Reason.DATA_MIXED)


def test_mixed_formats_in_a_folder_are_refused(tmp_path: Path):
    with pytest.raises(frames.Unreadable, match="it is jsonl") as caught:
        frames.scan([cached(tmp_path, "d/0.csv", b"a\n1\n"), cached(tmp_path, "d/1.jsonl", b'{"a":1}\n')])
    assert caught.value.reason is Reason.DATA_MIXED


PARQUET = FORMATS["data/a.parquet"]
BAD = {
    "empty parquet": ("a.parquet", b"", Reason.DATA_EMPTY),
    "empty csv": ("a.csv", b"", Reason.DATA_EMPTY),
    "truncated parquet": ("a.parquet", PARQUET[:-20], Reason.DATA_CORRUPT),
    "text for parquet": ("a.parquet", b"id,carrier\n1,UA\n", Reason.DATA_CORRUPT),
    "scrambled footer": ("a.parquet", PARQUET[:-60] + b"\xff" * 40 + PARQUET[-20:], Reason.DATA_CORRUPT),
    "text for arrow": ("a.arrow", b"hello world, no arrow", Reason.DATA_CORRUPT),
    "half a json line": ("a.jsonl", b'{"a": 1}\n{"a":', Reason.DATA_CORRUPT),
    "ragged csv": ("a.csv", b"a,b\n1,2\n1,2,3\n", Reason.DATA_CORRUPT),
    "latin-1 csv": ("a.csv", "a,b\n1,é\n".encode("latin-1"), Reason.DATA_CORRUPT),
    "twice the same column": ("a.csv", b"a,a\n1,2\n", Reason.DATA_CORRUPT),
    "text for gz": ("a.csv.gz", b"a\n1\n", Reason.DATA_CORRUPT),
    "truncated gz": ("a.csv.gz", gzip.compress(b"a\n" + b"1\n" * 999)[:-12], Reason.DATA_CORRUPT),
    "empty inside gz": ("a.csv.gz", gzip.compress(b""), Reason.DATA_EMPTY),
    "text for zip": ("a.csv.zip", b"a\n1\n", Reason.DATA_CORRUPT),
    "zip of two": ("a.csv.zip", zipped(a=b"a\n1\n", b=b"a\n2\n"), Reason.DATA_FORMAT),
    "zip of none": ("a.csv.zip", zipped(), Reason.DATA_FORMAT),
    "packed parquet": ("a.parquet.gz", gzip.compress(PARQUET), Reason.DATA_FORMAT),
    "pickle": ("a.pkl", b"x", Reason.DATA_FORMAT),
    "no suffix": ("data", b"x", Reason.DATA_FORMAT),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_says_what_and_where(tmp_path: Path, case: str):
    name, content, reason = BAD[case]
    with pytest.raises(frames.Unreadable) as caught:
        frames.scan([cached(tmp_path, name, content)]).collect()
    assert caught.value.reason is reason
    assert caught.value.where == name
    assert caught.value.what
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_damage_in_the_middle_of_a_parquet_file_is_named_when_it_is_read(tmp_path: Path):
    file = cached(tmp_path, "a.parquet", PARQUET[:6] + b"\xff" * 30 + PARQUET[36:])
    with pytest.raises(frames.Unreadable) as caught:
        list(frames.read_groups([file]))
    assert caught.value.reason is Reason.DATA_CORRUPT


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path):
    for files in ([DataFile("d/a.parquet", tmp_path / "gone")], []):
        with pytest.raises(frames.Unreadable) as caught:
            frames.scan(files)
        assert caught.value.reason is Reason.DATA_MISSING


def test_a_header_without_rows_is_a_data_set_of_no_rows(tmp_path: Path):
    assert frames.row_count([cached(tmp_path, "a.csv", b"a,b\n")]) == 0


def test_names_with_brackets_and_spaces_are_no_patterns(tmp_path: Path):
    path = tmp_path / "[a-z] *é.parquet"
    FRAME.write_parquet(path)
    assert frames.row_count([DataFile(path.name, path)]) == 3


@given(budget=st.integers(1, 400), only=st.none() | st.lists(st.sampled_from(FRAME.columns), unique=True))
@settings(max_examples=40, deadline=None)
def test_groups_hold_every_column_once_whatever_the_budget(tmp_path_factory: pytest.TempPathFactory, budget: int, only):
    file = cached(tmp_path_factory.getbasetemp(), "a.parquet", PARQUET)
    groups = list(frames.read_groups([file], only=only, budget=budget))
    assert_frame_equal(
        pl.concat([*groups, pl.DataFrame()], how="horizontal"), FRAME.select(FRAME.columns if only is None else only)
    )


def test_a_column_whose_name_has_no_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x" * 501 + "\n1\n")
    with pytest.raises(frames.Unreadable, match="the name of a column has 501 characters, and 500 are the most"):
        frames.scan([DataFile("x.csv", tmp_path / "x.csv")])
