"""A folder of texts as a table."""

from pathlib import Path

import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.texts import table as module
from actions.texts.table import Table, table


def folder(place: Path, texts: dict[str, bytes]) -> Table:
    for name, data in texts.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return table([DataFile(f"data/{name}", place / name) for name in texts], "data")


def test_each_text_is_a_row_with_its_class_and_what_is_no_text_has_nothing_but_its_name(tmp_path: Path) -> None:
    given = {"good/1.txt": b"one two", "bad/deep/2.MD": b"\xff", "top.txt": b"", "labels.csv": b"x", "good/_note.txt": b"x"}
    found = folder(tmp_path, given)
    assert found.rows.select("path", "class", "fault", "words").rows() == [
        ("bad/deep/2.MD", "bad/deep", "it is not UTF-8 at byte 0", None),
        ("good/1.txt", "good", None, 2),
        ("top.txt", None, None, 0),
    ]
    assert found.others == 1 and found.whole.name == "data.parquet"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    assert folder(tmp_path, {"a.txt": b"x" * 11}).rows["fault"].to_list() == ["it has more than 10 bytes"]


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="there is no text"):
        folder(tmp_path, {"a.png": b"x"})


def test_a_name_that_is_no_utf_8_is_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one two")
    found = table([DataFile("data/caf\udce9.txt", tmp_path / "a.txt")], "data")
    assert found.rows["path"].to_list() == ["caf\\udce9.txt"]
