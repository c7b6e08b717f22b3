"""The images as rows of numbers, and which class each is; every fifth is set aside."""

from pathlib import Path

import numpy as np
from PIL import Image

ASIDE = 5


def read(*, aside: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pixels from 0 to 1, a row an image, and the class of each: those set aside up to number 1,499, or all others."""
    rows, classes = [], []
    for file in sorted(Path("data/digits").glob("*/*.png")):
        number = int(file.stem)
        if (number % ASIDE == 0 and number < 1_500) is aside:
            with Image.open(file) as image:
                rows.append(np.asarray(image.convert("L").resize((8, 8)), dtype=float).ravel() / 255)
            classes.append(int(file.parent.name))
    return np.array(rows), np.array(classes)
