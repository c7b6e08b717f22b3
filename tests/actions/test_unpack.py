"""Packed files: one member, whole, and never more than a data file of that size can honestly hold."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.unpack import unpack
from policy.reasons import Reason


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


def packed(folder: Path, content: bytes) -> DataFile:
    (folder / "cdef").write_bytes(content)
    return DataFile("a.csv.gz", folder / "cdef")


def test_the_bytes_come_out_as_they_went_in(tmp_path: Path):
    unpack(packed(tmp_path, gzip.compress(b"a\n1\n")), "gz", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"a\n1\n"
    unpack(packed(tmp_path, zipped(a=b"b\n2\n")), "zip", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"b\n2\n"


def test_what_an_honest_table_shrinks_to_is_allowed(tmp_path: Path):
    table = b"2013-01-01,UA,EWR,227\n" * 3_000_000
    unpack(packed(tmp_path, gzip.compress(table, 1)), "gz", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size == len(table)


@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_ga_03_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path, packing: str):
    bomb = b"0" * 80 * 1024**2
    with pytest.raises(Unreadable, match="unpacks to more than") as caught:
        unpack(packed(tmp_path, gzip.compress(bomb) if packing == "gz" else zipped(a=bomb)), packing, tmp_path / "out")
    assert caught.value.reason is Reason.DATA_BOMB
    assert (tmp_path / "out").stat().st_size <= 64 * 1024**2


def test_a_size_that_the_zip_header_lies_about_changes_nothing(tmp_path: Path):
    content = bytearray(zipped(a=b"0" * 80 * 1024**2))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        unpack(packed(tmp_path, bytes(content)), "zip", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size <= 64 * 1024**2
