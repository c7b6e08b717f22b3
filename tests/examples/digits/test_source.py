"""The digits lie in a folder for each class, and what a bad copy leaves is as bad as it says."""

from pathlib import Path

import pytest
from PIL import Image, UnidentifiedImageError

from examples.digits import source


def test_each_digit_is_an_image_in_the_folder_of_its_class(tmp_path: Path) -> None:
    assert source.write(tmp_path, 0, 120) == 120
    files = sorted(tmp_path.glob("*/*.png"))
    assert len(files) == 120 and {file.parent.name for file in files} == {str(digit) for digit in range(10)}
    with Image.open(files[0]) as image:
        assert (image.size, image.mode) == ((32, 32), "L")


def test_a_weaker_lamp_makes_the_same_digits_darker(tmp_path: Path) -> None:
    source.write(tmp_path / "one", 0, 1)
    source.write(tmp_path / "two", 0, 1, light=0.5)
    bright, dark = (Image.open(tmp_path / side / "0" / "0000.png").getextrema()[1] for side in ("one", "two"))
    assert isinstance(bright, int) and isinstance(dark, int) and dark == pytest.approx(bright / 2, abs=1)


def test_a_bad_copy_breaks_two_files_colours_one_and_loses_a_class(tmp_path: Path) -> None:
    source.write(tmp_path, 0, 120)
    source.damage(tmp_path)
    first, second, third = sorted((tmp_path / "3").iterdir())[:3]
    for file in (first, second):
        with pytest.raises((UnidentifiedImageError, OSError)):
            Image.open(file).load()
    assert Image.open(third).mode == "RGB" and not list((tmp_path / "9").iterdir())
