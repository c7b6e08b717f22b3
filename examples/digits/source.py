"""The data of the example: 1,797 handwritten digits of 8 x 8 pixels, as scikit-learn ships them, as one PNG each."""

from pathlib import Path

import numpy as np
from PIL import Image

FIRST = 1_500
"""How many of them are there from the beginning; the others come later."""
_SCALE = 4
"""Each pixel becomes a square of so many, so that people see something."""
_DEPTH = 255 / 16


def write(folder: Path, begin: int, end: int, *, light: float = 1.0) -> int:
    """Write the digits from number `begin` up to `end` as `<class>/<number>.png`; `light` below 1 is a scanner with a weak lamp.

    Gives how many were written.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    for number in range(begin, min(end, len(found.images))):
        grey = np.kron(found.images[number] * _DEPTH * light, np.ones((_SCALE, _SCALE))).astype(np.uint8)
        place = folder / str(found.target[number])
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey, mode="L").save(place / f"{number:04d}.png")
    return min(end, len(found.images)) - begin


def damage(folder: Path) -> None:
    """What a bad copy leaves: a file cut off, a page of text named like an image, one in colour, and a class that is gone."""
    first, second, third = sorted((folder / "3").iterdir())[:3]
    first.write_bytes(first.read_bytes()[:60])
    second.write_text("<html>404 Not Found</html>\n", encoding="utf-8")
    Image.open(third).convert("RGB").save(third)
    for file in (folder / "9").iterdir():
        file.unlink()
