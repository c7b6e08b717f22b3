"""One image: whether it opens whole, what it is, and what it looks like in a few numbers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policy.problems import UserProblem

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is opened, whatever a file is called: the fewer decoders, the less can be wrong with them."""
MOST_PIXELS = 80_000_000
"""An image with more is not opened: a few bytes can promise any number of them."""
_MEASURED = 512
"""Pixels of the longer side at which sharpness is measured; larger images are reduced to it."""

Grey = NDArray[np.float64]


class Broken(ValueError):
    """It does not open whole; the message says why."""


@dataclass(frozen=True)
class Seen:
    """What is known of an image.

    `format` is in small letters, `mode` as Pillow names it. `brightness` is the mean of its grey pixels and `contrast` their
    standard deviation, from 0 (black) to 1. `sharpness` is the standard deviation of the Laplacian of the grey pixels at no more
    than 512 pixels a side: nearly 0 for what is blurred. `signature` is the perceptual hash, 32 hex digits.
    """

    width: int
    height: int
    mode: str
    format: str
    brightness: float
    contrast: float
    sharpness: float
    signature: str


def look(path: Path) -> Seen:
    """Open an image, and look at all of it; of an animation at its first picture.

    Raises:
        Broken: it is no image of a format in `FORMATS`, is cut off, or is so large that opening it could fill the memory.
        UserProblem: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise UserProblem("images need Pillow", "images", "Install assay[images]") from None
    try:
        with Image.open(path, formats=FORMATS) as opened:
            width, height, mode, form = *opened.size, opened.mode, (opened.format or "").lower()
            if width * height > MOST_PIXELS:
                raise Broken("it has too many pixels to be opened")
            opened.load()
            grey = _grey(opened)
    except Broken:
        raise
    except Exception as error:  # what decoders raise for broken bytes has no common base
        raise Broken(_why(error)) from None
    brightness, contrast = _spread(grey)
    return Seen(width, height, mode, form, brightness, contrast, _sharpness(grey), signature(grey))


def _why(error: Exception) -> str:
    name = type(error).__name__
    if name.startswith("DecompressionBomb"):
        return "it has too many pixels to be opened"
    return "it is no image" if name == "UnidentifiedImageError" else "it is cut off or damaged"


def _grey(image: "Image") -> "Image":
    """As 8 bits of grey. Deep images keep their upper bits, where Pillow would cut them off at 255."""
    from PIL import Image

    if image.mode.startswith("I"):
        return Image.fromarray(np.clip(np.asarray(image, dtype=np.float64) / 257, 0, 255).astype(np.uint8))
    return image.convert("L")


def _spread(grey: "Image") -> tuple[float, float]:
    pixels = np.asarray(grey, dtype=np.float64) / 255
    return float(pixels.mean()), float(pixels.std())


def _sharpness(grey: "Image") -> float:
    small = grey
    if max(grey.size) > _MEASURED:
        small = grey.copy()
        small.thumbnail((_MEASURED, _MEASURED))
    pixels = np.asarray(small, dtype=np.float64) / 255
    if min(pixels.shape) < 3:
        return 0.0
    inner = pixels[1:-1, 1:-1]
    around = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:]
    return float((around - 4 * inner).std())


def signature(grey: "Image") -> str:
    """The difference hash: at 9 x 8 pixels whether each is brighter than the one to its left, at 8 x 9 than the one above it.

    It stays nearly the same when an image is scaled, compressed, or made a little brighter.
    """
    from PIL import Image

    wide = np.asarray(grey.resize((9, 8), Image.Resampling.LANCZOS), dtype=np.int16)
    tall = np.asarray(grey.resize((8, 9), Image.Resampling.LANCZOS), dtype=np.int16)
    bits = np.concatenate([(wide[:, 1:] > wide[:, :-1]).ravel(), (tall[1:] > tall[:-1]).ravel()])
    return np.packbits(bits).tobytes().hex()
