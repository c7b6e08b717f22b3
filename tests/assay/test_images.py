"""A folder of images through the command line: contract, difference, drift and its own checks, with examples by name."""

from pathlib import Path

import pytest

from policy.facts.reading import read
from tests.actions.images.drawn import field, png
from tests.assay.conftest import Assay, red
from tests.repositories import Repo

POLICY = """\
version: 1
data:
  - path: data/images
    contract: contracts/images.py:Images
    max_removed: 0.2
    drift: {columns: {brightness: {alone: true}}}
    images: {least_side: 16, modes: [L], duplicates: fail, least_share: 0.2}
"""
CONTRACT = """\
import pandera.polars as pa


class Images(pa.DataFrameModel):
    path: str = pa.Field(str_endswith=".png")
    brightness: float = pa.Field(ge=0.05, nullable=True)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    repo = Repo(tmp_path_factory.mktemp("images")).write("assay.yml", POLICY).write("contracts/images.py", CONTRACT)
    for seed in range(40):
        repo.write(f"data/images/{'cat' if seed % 2 else 'dog'}/{seed:02}.png", png(field(seed)))
    return repo.dvc_add("data/images").commit("images").push_data()


@pytest.fixture
def mine(made: Repo, tmp_path: Path) -> Repo:
    return made.copy(tmp_path).branch("change")


def test_more_images_of_the_same_kind_pass_and_are_counted(assay: Assay, mine: Repo) -> None:
    for seed in range(100, 104):
        mine.write(f"data/images/cat/{seed}.png", png(field(seed)))
    done = assay("check", "--no-remote", cwd=mine.dvc_add("data/images").commit().root)
    assert done.code == 0, done.out + done.err
    (facts,) = read((mine.root / ".assay/facts.json").read_bytes()).data
    assert facts.images is not None and facts.diff is not None and facts.drift is not None
    assert (facts.images.files, [(each.name, each.base, each.head) for each in facts.images.classes]) == (
        44,
        [("dog", 20, 20), ("cat", 20, 24)],
    )
    assert (facts.diff.added, facts.diff.removed, facts.diff.changed) == (4, 0, 0)
    assert {column.column for column in facts.drift.columns} >= {"brightness", "sharpness", "class", "width"}


def test_what_is_wrong_is_named_with_examples_in_the_verdict_and_the_report(assay: Assay, mine: Repo) -> None:
    mine.write("data/images/cat/90.png", b"<html>").write("data/images/cat/91.png", png(field(91, 8)))
    mine.write("data/images/cat/92.png", (mine.root / "data/images/dog/00.png").read_bytes())
    mine.write("data/images/dog/dark.png", png(field(7, light=-0.6)))
    done = assay("data", cwd=mine.dvc_add("data/images").commit().root)
    red(done)
    assert "brightness: greater_than_or_equal_to(0.05)" in done.out, "the contract is of the table of images"
    assert "files that are no whole images (1): cat/90.png (it is no image)" in done.out
    assert "another size than at least 16 pixels a side (1): cat/91.png (8 x 8)" in done.out
    assert "images that look like another (1): cat/92.png = dog/00.png" in done.out
    assert "cat/92.png" in (mine.root / ".assay/report.html").read_text()


def test_images_that_became_brighter_are_drift_and_those_of_a_class_that_is_gone_are_missed(assay: Assay, mine: Repo) -> None:
    for seed in range(0, 40, 2):
        mine.remove(f"data/images/dog/{seed:02}.png")
    for seed in range(1, 40, 2):
        mine.write(f"data/images/cat/{seed:02}.png", png(field(seed, light=0.3)))
    done = assay("check", cwd=mine.dvc_add("data/images").commit().root)
    assert done.code == 1
    assert "brightness moved far" in done.out
    assert "classes with less than 20.00% of the images (1): dog (0 images, 0.00%, 20 at the base)" in done.out
    assert "20 rows" in done.out, "removed rows come first"


def test_a_folder_without_images_says_so(assay: Assay, mine: Repo) -> None:
    mine.remove("data/images").write("data/images/readme.txt", "none yet")
    said, _ = red(assay("data", cwd=mine.dvc_add("data/images").commit().root))
    assert "there is no image (none of the 1 files ends like one" in said


def test_classes_from_a_table_are_judged_also_where_only_the_table_changed(assay: Assay, tmp_path: Path) -> None:
    policy = "version: 1\ndata: [{path: data/images, drift: {}, images: {labels: data/labels.csv, least_share: 0.2}}]\n"
    repo = Repo(tmp_path).write("assay.yml", policy)
    for seed in range(40):
        repo.write(f"data/images/{seed:02}.png", png(field(seed)))
    lines = [f"{seed:02}.png,{'cat' if seed % 2 else 'dog'}" for seed in range(40)]

    def label(*rows: str) -> Repo:
        return repo.write("data/labels.csv", "\n".join(["path,class", *rows]) + "\n")

    label(*lines).dvc_add("data/images").commit("images").push_data().branch("change")
    done = assay("check", "--no-remote", cwd=repo.root)
    assert done.code == 0, done.out + done.err

    label(*(line.replace("dog", "cat") for line in lines[:34]), "34.png,dog", "99.png,dog").commit("other labels")
    done = assay("check", cwd=repo.root)
    assert done.code == 1
    assert "images and labels that do not fit each other (6): 35.png (no label)" in done.out
    assert "classes with less than 20.00% of the images (1): dog (1 images, 2.86%, 20 at the base)" in done.out
    (facts,) = read((repo.root / ".assay/facts.json").read_bytes()).data
    assert facts.base_digest == facts.head_digest and facts.relabelled
    assert facts.diff is not None and facts.diff.changed == 22
    assert facts.drift is not None and "class" in {each.column for each in facts.drift.columns if each.value}

    repo.remove("data/labels.csv").commit("no labels")
    said, _ = red(assay("data", cwd=repo.root))
    assert "the labels data/labels.csv are not there: neither git nor DVC tracks them" in said
