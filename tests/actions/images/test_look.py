"""What is seen of one image, and what is refused."""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from actions.images.look import Broken, look
from policy.problems import UserProblem
from tests.actions.images.drawn import field, png, put


def apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize(
    ("mode", "form", "name"),
    [
        *(("L", "PNG", "png"), ("RGB", "JPEG", "jpeg"), ("RGB", "WEBP", "webp"), ("P", "GIF", "gif")),
        *(("1", "BMP", "bmp"), ("CMYK", "TIFF", "tiff")),
    ],
)
def test_size_mode_and_format_are_those_of_the_bytes_whatever_the_name(tmp_path: Path, mode: str, form: str, name: str) -> None:
    seen = look(put(tmp_path, "image.dat", field(1, 40).convert(mode), form))
    assert (seen.width, seen.height, seen.mode, seen.format) == (40, 40, mode, name)


def test_brightness_contrast_and_sharpness_are_what_they_say(tmp_path: Path) -> None:
    sharp = Image.fromarray(((np.indices((64, 64)).sum(axis=0) // 8 % 2) * 255).astype(np.uint8))
    seen = [
        look(put(tmp_path, f"{index}.png", image)) for index, image in enumerate([sharp, sharp.filter(ImageFilter.BoxBlur(3))])
    ]
    assert seen[0].brightness == pytest.approx(0.5) and seen[0].contrast == pytest.approx(0.5)
    assert seen[1].brightness == pytest.approx(0.5, abs=0.01) and seen[1].sharpness < seen[0].sharpness / 4
    black, white = (look(put(tmp_path, "flat.png", Image.new("RGB", (9, 9), color))) for color in ("black", "white"))
    assert (black.brightness, white.brightness, white.contrast, white.sharpness) == (0, 1, 0, 0)


def test_sixteen_bits_of_grey_are_not_cut_off(tmp_path: Path) -> None:
    deep = Image.fromarray(np.full((8, 8), 32_768, dtype=np.uint16))
    assert look(put(tmp_path, "deep.png", deep)).brightness == pytest.approx(0.5, abs=0.01)


def test_an_image_of_one_pixel_has_no_sharpness_and_is_no_error(tmp_path: Path) -> None:
    assert look(put(tmp_path, "dot.png", Image.new("L", (1, 1), 255))).sharpness == 0


def test_the_signature_outlives_scaling_light_and_compression_and_tells_other_images_apart(tmp_path: Path) -> None:
    for seed in range(20):
        first = look(put(tmp_path, "first.png", field(seed, 96))).signature
        again = field(seed, 96, light=0.05).resize((61, 61))
        assert apart(first, look(put(tmp_path, "again.jpg", again.convert("RGB"), "JPEG")).signature) <= 16
        assert apart(first, look(put(tmp_path, "other.png", field(seed + 100, 96))).signature) > 24


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "it is no image"),
        (b"<html>not found</html>", "it is no image"),
        (png(field(1, 200))[:-400], "it is cut off or damaged"),
        (png(field(1))[:60] + b"\0" * 200, "it is cut off or damaged"),
    ],
)
def test_what_does_not_open_whole_says_why(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(Broken, match=said):
        look(put(tmp_path, "broken.png", raw))


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_bomb_is_not_opened(tmp_path: Path, side: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    with pytest.raises(Broken, match="too many pixels"):
        look(put(tmp_path, "bomb.png", raw))


def test_without_pillow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UserProblem, match=r"assay\[images\]"):
        look(tmp_path / "any.png")
