"""A zip from a stranger gives one file of bounded size, or a problem."""

import io
import stat
import struct
import zipfile

import pytest

from bot.artifact import MAX_ZIP, facts_in
from policy.facts.record import MAX_BYTES
from policy.problems import UserProblem


def packed(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_the_one_file_is_read() -> None:
    assert facts_in(packed({"facts.json": b"{}"})) == b"{}"


def test_ga_03_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(UserProblem, match="unpacks to more than"):
        facts_in(packed({"facts.json": b"0" * (MAX_BYTES * 40)}))


def test_ga_03_a_zip_that_lies_about_its_size_is_refused() -> None:
    raw = bytearray(packed({"facts.json": b"0" * (MAX_BYTES * 3)}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", raw, raw.index(mark) + at, 10)
    with pytest.raises(UserProblem, match="no readable zip"):
        facts_in(bytes(raw))


@pytest.mark.parametrize(
    "name", ["/facts.json", "../facts.json", "a/facts.json", "facts.json/", "FACTS.JSON", "facts.json\u202e", "C:\\facts.json"]
)
def test_ga_03_a_path_is_refused(name: str) -> None:
    with pytest.raises(UserProblem):
        facts_in(packed({name: b"{}"}))


def test_ga_03_a_symbolic_link_is_refused() -> None:
    entry = zipfile.ZipInfo("facts.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(UserProblem, match="no ordinary file"):
        facts_in(stream.getvalue())


def test_ga_03_ten_thousand_files_are_refused() -> None:
    with pytest.raises(UserProblem, match=r"more than facts\.json"):
        facts_in(packed({f"{number}": b"" for number in range(10_000)}))
    with pytest.raises(UserProblem, match="2 files"):
        facts_in(packed({"facts.json": b"{}", "comment.md": b"# approved"}))


def test_ga_03_five_gigabytes_are_refused_by_their_length() -> None:
    with pytest.raises(UserProblem, match="bytes, more than"):
        facts_in(b"\0" * (MAX_ZIP + 1))


# Named by hand: an id made of a zip's bytes holds the time it was packed, and xdist's two workers would disagree.
@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"PK\x05\x06" + b"\0" * 18, packed({"facts.json": b"{}" * 99})[:60]],
    ids=["nothing", "no zip", "empty archive", "cut short"],
)
def test_ga_03_what_is_no_zip_is_refused(raw: bytes) -> None:
    with pytest.raises(UserProblem):
        facts_in(raw)


def test_ga_03_an_encrypted_or_oddly_compressed_file_is_refused() -> None:
    raw = bytearray(packed({"facts.json": b"{}"}))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        raw[raw.index(mark) + at] |= 1
    with pytest.raises(UserProblem, match="encrypted"):
        facts_in(bytes(raw))
    with pytest.raises(UserProblem, match="unusual"):
        facts_in(packed({"facts.json": b"{}"}, zipfile.ZIP_LZMA))


def test_a_broken_checksum_is_refused() -> None:
    raw = bytearray(packed({"facts.json": b"12345"}, zipfile.ZIP_STORED))
    raw[raw.index(b"12345")] = ord("9")
    with pytest.raises(UserProblem, match="no readable zip"):
        facts_in(bytes(raw))
