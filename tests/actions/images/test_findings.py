"""What the policy asks of a folder of images, answered."""

from pathlib import Path

from actions.images.findings import find
from actions.images.table import Table, table
from policy.facts.images import ClassCount, ImageFinding
from policy.images import Images
from tests.actions.images.drawn import field, put
from tests.actions.images.test_table import files


def folder(place: Path, images: dict[str, object]) -> Table:
    for name, image in images.items():
        put(place, name, image)  # type: ignore[arg-type]
    return table(files(place), "data")


def test_each_limit_that_is_asked_for_has_its_count_and_first_examples(tmp_path: Path) -> None:
    images = {f"a/{index}.png": field(index, side) for index, side in enumerate((8, 32, 32, 90))}
    head = folder(tmp_path, {**images, "a/4.png": b"x", "a/5.png": field(5).convert("RGB")})
    found = find(Images(least_side=16, most_side=64, modes=["L"], formats=["jpeg"]), head, None)
    assert found.findings[:3] == [
        ImageFinding(check="decodes", count=1, examples=["a/4.png (it is no image)"]),
        ImageFinding(check="size", count=2, examples=["a/0.png (8 x 8)", "a/3.png (90 x 90)"]),
        ImageFinding(check="mode", count=1, examples=["a/5.png (RGB)"]),
    ]
    assert (found.findings[3].count, len(found.findings[3].examples), found.files) == (5, 5, 6)
    assert [each.check for each in find(Images(), head, None).findings] == ["decodes"]


def test_images_that_look_alike_are_named_together(tmp_path: Path) -> None:
    images = {
        "a.png": field(1, 96),
        "b.png": field(1, 96),
        "c.png": field(1, 96, light=0.02),
        "d.png": field(2),
        "e.png": field(3),
    }
    head = folder(tmp_path, dict(images))
    found = find(Images(within=8), head, None)
    assert (found.duplicates, found.groups) == (2, [["a.png", "b.png", "c.png"]])
    ignored = find(Images(duplicates="ignore"), head, None)
    assert (ignored.duplicates, ignored.groups) == (0, [])


def test_classes_are_counted_on_both_sides_the_smallest_first(tmp_path: Path) -> None:
    base = folder(tmp_path / "base", {"cat/1.png": field(1), "dog/1.png": field(2), "dog/2.png": field(3)})
    head = folder(tmp_path / "head", {"cat/1.png": field(1), "cat/2.png": field(4), "emu/1.png": field(5)})
    assert find(Images(), head, base).classes == [
        ClassCount(name="dog", base=2, head=0),
        ClassCount(name="emu", base=0, head=1),
        ClassCount(name="cat", base=1, head=2),
    ]
    assert find(Images(), head, None).classes[0] == ClassCount(name="emu", head=1)
