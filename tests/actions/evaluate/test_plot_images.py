"""Image plots of real repositories beside each other."""

from pathlib import Path

from actions.evaluate.plot_images import images
from actions.repository import Repository
from reports.plots import LARGEST_IMAGE, Picture
from tests.repositories import Repo

PNG = b"\x89PNG\r\n\x1a\n"


def shown(repo: Repo) -> list[Picture]:
    with Repository.open(repo.root) as opened:
        return images(opened, opened.resolve("main"), "main")


def with_image(folder: Path, base: bytes | None, head: bytes, name: str = "a.png") -> list[Picture]:
    repo = Repo(folder).write("dvc.yaml", f"plots: [{name}]\n")
    if base is not None:
        repo.write(name, base)
    return shown(repo.commit().branch("change").write(name, head))


def test_an_image_stands_beside_the_one_of_the_base(tmp_path: Path) -> None:
    (one,) = with_image(tmp_path, PNG + b"old", PNG + b"new")
    assert (one.title, one.base, one.note) == ("a.png", "main", "")
    assert one.before != one.image and one.image.startswith("data:image/png;base64,")


def test_an_image_that_did_not_change_is_shown_once(tmp_path: Path) -> None:
    (one,) = with_image(tmp_path, PNG, PNG)
    assert (one.before, one.note) == ("", "no different from main")


def test_an_image_that_is_new_says_so(tmp_path: Path) -> None:
    (one,) = with_image(tmp_path, None, PNG)
    assert one.before == "" and one.image
    assert one.note == "main: a.png does not exist there"


def test_what_is_neither_png_nor_jpeg_is_not_shown_whatever_its_name(tmp_path: Path) -> None:
    (one,) = with_image(tmp_path, PNG, b"<svg onload='alert(1)'/>")
    assert one.image == "" and one.note == "this change: not shown: neither PNG nor JPEG"
    (other,) = with_image(tmp_path / "svg", b"<svg/>", b"<svg/>", name="a.svg")
    assert other.image == "" and "neither PNG nor JPEG" in other.note


def test_an_image_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (one,) = with_image(tmp_path, PNG, PNG + bytes(LARGEST_IMAGE))
    assert one.image == "" and "more than 2,097,152" in one.note


def test_only_the_first_twenty_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    repo = Repo(tmp_path).write("dvc.yaml", "plots: [out]\n")
    for index in range(23):
        repo.write(f"out/{index:02}.png", PNG)
    found = shown(repo.commit())
    assert len(found) == 21 and found[-1].title == "3 more images"
