"""AU-07: the same files are the same bytes, and what is no pack is refused within limits."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.evidence import archive
from policy import pack
from policy.problems import UserProblem

FILES = st.dictionaries(st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.json", fullmatch=True), st.binary(max_size=200), max_size=8)


@given(FILES)
@settings(max_examples=30)
def test_au_07_the_same_files_are_the_same_bytes_in_whatever_order(files: dict[str, bytes]) -> None:
    assert archive.write(files) == archive.write(dict(reversed(files.items())))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    files = {"a.json": b"{}", "b/c.txt": b"", "d": bytes(range(256))}
    (tmp_path / "x.zip").write_bytes(archive.write(files))
    assert archive.read(tmp_path / "x.zip") == files


def test_what_is_no_pack_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.zip"
    raw = archive.write({"a.json": b"some content"})
    for bad in (b"", b"PK", raw[:-9], raw.replace(b"some content", b"some_content")):
        path.write_bytes(bad)
        with pytest.raises(UserProblem, match="cannot be read as a zip"):
            archive.read(path)
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    path.write_bytes(archive.write({"a": b"", "b": b""}))
    with pytest.raises(UserProblem, match="more than a pack"):
        archive.read(path)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("zeros", "w") as file:
        for _ in range(pack.MOST_BYTES // 2**20 + 1):
            file.write(bytes(2**20))
    with pytest.raises(UserProblem, match="more than a pack"):
        archive.read(path)
