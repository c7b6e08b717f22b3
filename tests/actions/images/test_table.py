"""A folder of images as a table."""

from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.images.table import table
from policy.reasons import Reason
from tests.actions.images.drawn import field, put


def files(folder: Path) -> list[DataFile]:
    return [DataFile(f"data/{each.relative_to(folder).as_posix()}", each) for each in folder.rglob("*") if each.is_file()]


def test_each_image_is_a_row_with_its_class_and_what_does_not_open_has_nothing_but_its_name(tmp_path: Path) -> None:
    for name, image in {
        "cat/1.png": field(1),
        "cat/2.PNG": field(2),
        "dog/deep/1.jpeg": b"no image",
        "top.png": field(3),
    }.items():
        put(tmp_path, name, image)
    for name in ("labels.csv", ".DS_Store", "cat/_note.png"):
        put(tmp_path, name, b"x")
    found = table(files(tmp_path), "data")
    assert found.rows.select("path", "class", "broken").rows() == [
        ("cat/1.png", "cat", None),
        ("cat/2.PNG", "cat", None),
        ("dog/deep/1.jpeg", "dog/deep", "it is no image"),
        ("top.png", None, None),
    ]
    assert found.others == 1
    assert found.rows["brightness"].null_count() == found.rows["signature"].null_count() == 1
    assert pl.read_parquet(found.whole.path).equals(found.rows)
    assert set(pl.read_parquet(found.looks.path).columns) == {
        *("class", "bytes", "width", "height", "mode", "format", "brightness", "contrast", "sharpness")
    }


def test_a_folder_without_images_is_missing_data(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", b"x")
    with pytest.raises(Unreadable, match="there is no image") as caught:
        table(files(tmp_path), "data")
    assert caught.value.reason is Reason.DATA_MISSING


def test_a_file_that_is_gone_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"data/a\.png"):
        table([DataFile("data/a.png", tmp_path / "a.png")], "data")


def test_a_name_that_is_no_utf_8_is_spelled_out(tmp_path: Path) -> None:
    put(tmp_path, "a.png", field(1))
    assert table([DataFile("data/caf\udce9.png", tmp_path / "a.png")], "data").rows["path"].to_list() == ["caf\\udce9.png"]
