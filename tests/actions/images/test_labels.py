"""Classes of images by a table in the place of folders."""

from pathlib import Path

import polars as pl
import pytest

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.images.findings import find
from actions.images.labels import labelled, unlabelled
from actions.images.table import Table, table
from policy.facts.images import ClassCount
from policy.images import Images
from tests.actions.images.drawn import field, put
from tests.actions.images.test_table import files

SECTION = Images(labels="labels.csv", duplicates="ignore")


@pytest.fixture
def images(tmp_path: Path) -> Table:
    for index, name in enumerate(("a.png", "b.png", "deep/c.png", "d.png")):
        put(tmp_path / "images", name, field(index))
    return table(files(tmp_path / "images"), "data")


def csv(folder: Path, *rows: str, header: str = "path,class", name: str = "labels.csv") -> list[DataFile]:
    (folder / name).write_text("\n".join([header, *rows]) + "\n")
    return [DataFile(name, folder / name)]


def test_the_table_gives_each_image_its_class_and_files_of_drift_and_difference_have_it(images: Table, tmp_path: Path) -> None:
    rows = ("d.png,1,x", "a.png,0,y", "b.png,1,", "deep/c.png,1,z", "a.png,0,again")
    found = labelled(images, csv(tmp_path, *rows, header="path,class,note"), "data")
    assert found.rows.select("path", "class").rows() == [("a.png", "0"), ("b.png", "1"), ("d.png", "1"), ("deep/c.png", "1")]
    assert found.rows.columns == images.rows.columns
    assert pl.read_parquet(found.whole.path)["class"].to_list() == pl.read_parquet(found.looks.path)["class"].to_list()
    told = find(SECTION, found, None)
    assert told.findings == [] and told.classes == [ClassCount(name="0", head=1), ClassCount(name="1", head=3)]


def test_what_does_not_fit_is_named_and_counts_for_no_class(images: Table, tmp_path: Path) -> None:
    labels = csv(tmp_path, "a.png,cat", "a.png,dog", "b.png,", "gone.png,cat", ",cat", "deep/c.png,cat", 'd.png,""')
    told = find(SECTION, labelled(images, labels, "data"), None)
    (finding,) = told.findings
    assert (finding.check, finding.count) == ("labels", 5)
    assert finding.examples == [
        "(no path) (no image)",
        "a.png (cat and dog)",
        "b.png (no label)",
        "d.png (no label)",
        "gone.png (no image)",
    ]
    assert told.classes == [ClassCount(name="cat", head=1)]


def test_hostile_labels_are_text_and_nothing_else(images: Table, tmp_path: Path) -> None:
    hostile = ['=cmd|" /C calc"!A0', "<script>alert(1)</script>", "@everyone", "x" * 5_000]
    rows = [(path, name) for path, name in zip(images.rows["path"], hostile, strict=True)]
    pl.DataFrame([*rows, ("../../etc/passwd", "cat")], schema=["path", "class"], orient="row").write_csv(tmp_path / "labels.csv")
    told = find(SECTION, labelled(images, [DataFile("labels.csv", tmp_path / "labels.csv")], "data"), None)
    assert [each.name for each in told.classes if len(each.name) < 500] == sorted(hostile[:3])
    assert max(len(each.name) for each in told.classes) == 500
    assert told.findings[0].examples == ["../../etc/passwd (no image)"]


def test_a_base_without_the_table_has_no_classes_to_compare_with(images: Table, tmp_path: Path) -> None:
    base = unlabelled(images, "data")
    assert "class" not in pl.read_parquet(base.looks.path).columns
    head = labelled(images, csv(tmp_path, *(f"{path},cat" for path in images.rows["path"])), "data")
    assert find(SECTION, head, base).classes == [ClassCount(name="cat", head=4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [("path,label\na.png,cat\n", "has no column `class`"), ("file,class\na.png,cat\n", "has no column `path`"), ("", "empty")],
)
def test_a_table_that_is_none_is_told(images: Table, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(Unreadable, match=said):
        labelled(images, [DataFile("labels.csv", tmp_path / "labels.csv")], "data")


def test_columns_that_hold_no_text_are_told(images: Table, tmp_path: Path) -> None:
    pl.DataFrame({"path": ["a.png"], "class": [b"\xff"]}).write_parquet(tmp_path / "labels.parquet")
    with pytest.raises(Unreadable):
        labelled(images, [DataFile("labels.parquet", tmp_path / "labels.parquet")], "data")
