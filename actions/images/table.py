"""A folder of images as a table: a row for each file that is named like an image, whether or not it opens."""

import hashlib
import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from actions.data.text import sound
from actions.datafile import DataFile
from actions.formats import Unreadable, members
from actions.images.look import Broken, Seen, look
from actions.staging import temporary
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

VERSION = 1
"""Raised with every change of what is measured: profiles of an older one are not compared with."""
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
_NAMING = ("path", "digest", "signature", "broken")
"""Columns that name an image, or say nothing of how it looks: they have no place in drift."""


@dataclass(frozen=True)
class Table:
    """The images of a folder.

    `rows` has the columns path (below the folder), class (the folder the image lies in, null at the top; or see `labels`), bytes,
    digest (of the bytes), broken (why it does not open, else null), and what `Seen` has, null where it does not open. `others`
    counts the files that are not named like images.
    """

    rows: "pl.DataFrame"
    others: int
    whole: DataFile
    """The rows as Parquet, for contract and difference."""
    looks: DataFile
    """Of them the columns that drift is judged by."""
    unfit: "pl.DataFrame | None" = None
    """Where a table names the classes: what does not fit the images, by `path`, and why, by `said`."""


def table(files: Sequence[DataFile], folder: str) -> Table:
    """Look at every image of the folder `folder`, whose files these are.

    Raises:
        Unreadable: there is no image.
        UserProblem: Pillow is not installed.
    """
    import polars as pl

    kept = members(list(files))
    images = sorted((file for file in kept if PurePosixPath(file.name.lower()).suffix in SUFFIXES), key=lambda file: file.name)
    if not images:
        what = f"there is no image (none of the {len(kept)} files ends like one: {', '.join(sorted(SUFFIXES))})"
        raise Unreadable(what, where=folder, next="check the path in assay.yml", reason=Reason.DATA_MISSING)
    schema = {
        "path": pl.String,
        "class": pl.String,
        "bytes": pl.Int64,
        "digest": pl.String,
        "broken": pl.String,
        "width": pl.Int64,
        "height": pl.Int64,
        "mode": pl.String,
        "format": pl.String,
        "brightness": pl.Float64,
        "contrast": pl.Float64,
        "sharpness": pl.Float64,
        "signature": pl.String,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is told as a finding, and of notes in files that nobody reads here
        with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
            found = list(pool.map(lambda file: _row(file, folder), images))
    rows = pl.DataFrame(found, schema=schema, orient="row")
    return made(rows, len(kept) - len(images), folder)


def made(rows: "pl.DataFrame", others: int, folder: str, unfit: "pl.DataFrame | None" = None) -> Table:
    """The table of these rows, with what others read of it written to files."""
    whole, looks = (_written(some, f"{folder}.parquet") for some in (rows, rows.drop(_NAMING)))
    return Table(rows, others, whole, looks, unfit)


def _row(file: DataFile, folder: str) -> tuple[object, ...]:
    place = PurePosixPath(sound(file.name))
    path = place.relative_to(folder) if place.is_relative_to(folder) else place
    parent = path.parent.as_posix()
    broken, seen = None, None
    try:
        digest, size = _digest(file.path)
        seen = look(file.path)
    except Broken as problem:
        broken = str(problem)
    except OSError as problem:
        raise Unreadable(problem.strerror or "it cannot be read", where=file.name, next="check its permissions") from None
    return (path.as_posix(), None if parent == "." else parent, size, digest, broken, *_looks(seen))


def _looks(seen: Seen | None) -> tuple[object, ...]:
    if seen is None:
        return (None,) * 8
    measured = (seen.brightness, seen.contrast, seen.sharpness)
    return (seen.width, seen.height, seen.mode, seen.format, *measured, seen.signature)


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32], path.stat().st_size


def _written(rows: "pl.DataFrame", name: str) -> DataFile:
    target = temporary(".parquet")
    rows.write_parquet(target)
    return DataFile(name, target)
