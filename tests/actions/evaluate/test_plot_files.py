"""Where the bytes of plots are found."""

import shutil
from pathlib import Path

import pytest

from actions.evaluate.plot_files import Files, definitions, is_image
from actions.evaluate.plot_tables import NotDrawn
from actions.repository import Repository
from tests.repositories import Repo


def test_images_are_told_by_their_names() -> None:
    assert is_image("a/B.PNG") and is_image("a.svg") and not is_image("a.csv") and not is_image("png")


def test_bytes_come_from_git_and_from_dvc_at_both_sides(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("a.csv", "old").write("b.csv", "older").dvc_add("b.csv").commit().branch("change")
    repo.write("a.csv", "new").write("b.csv", "newer").dvc_add("b.csv")
    with Repository.open(repo.root) as opened:
        base, files = opened.resolve("main"), Files(opened)
        assert [files.content(name, base, 10) for name in ("a.csv", "b.csv")] == [b"old", b"older"]
        assert [files.content(name, None, 10) for name in ("a.csv", "b.csv")] == [b"new", b"newer"]
        for name, most, told in (("a.csv", 2, "more than 2"), ("b.csv", 2, "more than 2"), ("c.csv", 2, "does not exist")):
            with pytest.raises(NotDrawn, match=told):
                files.content(name, None, most)


@pytest.mark.parametrize("path", ["../a.csv", "/etc/passwd", "link.csv", "folder"])
def test_a_path_that_leads_elsewhere_is_not_followed(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    repo = Repo(tmp_path).write("folder/a.txt", "")
    (repo.root / "link.csv").symlink_to("../a.csv")
    repo.commit()
    with Repository.open(repo.root) as opened:
        for revision in (None, opened.resolve("main")):
            if (path, revision is None) == ("link.csv", False):
                continue  # in git a link is a file with the name of its target
            with pytest.raises(NotDrawn):
                Files(opened).content(path, revision, 1_000)


def test_an_object_that_is_nowhere_is_said(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("b.csv", "x").dvc_add("b.csv").commit()
    repo.remove("b.csv").cached("x").unlink()
    with Repository.open(repo.root) as opened, pytest.raises(NotDrawn, match="neither the cache nor the remote"):
        Files(opened).content("b.csv", None, 10)


def test_a_remote_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("a.csv", "a").write("b.csv", "b").dvc_add("a.csv", "b.csv").commit().push_data()
    clone = repo.clone(tmp_path / "runner")
    shutil.move(repo.remote, tmp_path / "away")
    with Repository.open(clone.root) as opened:
        files = Files(opened)
        with pytest.raises(NotDrawn, match="cannot be reached"):
            files.content("a.csv", None, 10)
        with pytest.raises(NotDrawn, match="did not answer before"):
            files.content("b.csv", None, 10)


def test_a_folder_stands_for_the_files_in_it_at_either_side(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", "plots: [{out: {x: step}}, out/own.csv]\n")
    repo.write("out/a.csv", "").write("out/own.csv", "").commit().branch("change")
    repo.remove("out/a.csv").write("out/in/b.csv", "")
    with Repository.open(repo.root) as opened:
        found = definitions(opened, opened.resolve("main"))
    assert [(plot.title, plot.ys[0].path) for plot in found] == [
        ("out in/b.csv", "out/in/b.csv"),
        ("out a.csv", "out/a.csv"),
        ("out/own.csv", "out/own.csv"),
    ]
    assert found[0].x and found[0].x.field == "step"


def test_a_pipeline_that_dvc_cannot_read_has_no_plots(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", "plots: 3\n").commit()
    with Repository.open(repo.root) as opened:
        assert definitions(opened, opened.resolve("main")) == []
