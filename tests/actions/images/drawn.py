"""Images that are drawn for tests: smooth fields of grey that differ with their seed."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image


def field(seed: int, side: int = 32, light: float = 0.0) -> Image.Image:
    """A blurred field of noise, of `side` pixels, brighter by `light` (0 to 1)."""
    noise = np.random.default_rng(seed).uniform(0, 160, (6, 6)).astype(np.uint8)
    smooth = np.asarray(Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC), dtype=np.float64)
    return Image.fromarray(np.clip(smooth + 255 * light, 0, 255).astype(np.uint8))


def png(image: Image.Image, form: str = "PNG") -> bytes:
    """An image's bytes."""
    buffer = BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def put(folder: Path, name: str, image: Image.Image | bytes, form: str = "PNG") -> Path:
    """Write an image, or bytes, into a folder."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(image if isinstance(image, bytes) else png(image, form))
    return target
