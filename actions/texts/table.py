"""A folder of texts as a table: a row for each file that is named like a text, whether or not it can be read."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from actions.data.text import sound
from actions.datafile import DataFile
from actions.formats import Unreadable, members
from actions.staging import temporary
from actions.texts.look import MOST_BYTES, Broken, decode, look
from policy.reasons import Reason

if TYPE_CHECKING:
    import polars as pl

VERSION = 1
"""Raised with every change of what is measured: profiles of an older one are not compared with."""
SUFFIXES = frozenset({".txt", ".md"})
_NAMING = ("path", "digest", "signature", "fault")
"""Columns that name a text, or say nothing of how it reads: they have no place in drift."""


@dataclass(frozen=True)
class Table:
    """The texts of a folder.

    `rows` has the columns path (below the folder), class (the folder the text lies in, null at the top), bytes, digest (of the
    bytes), and what `Seen` has, of which all but `fault` is null where the file is no text. `others` counts the files that are
    not named like texts.
    """

    rows: "pl.DataFrame"
    others: int
    whole: DataFile
    """The rows as Parquet, for contract and difference."""
    looks: DataFile
    """Of them the columns that drift is judged by."""


def table(files: Sequence[DataFile], folder: str) -> Table:
    """Read every text of the folder `folder`, whose files these are.

    Raises:
        Unreadable: there is no text.
    """
    import polars as pl

    kept = members(list(files))
    texts = sorted((file for file in kept if PurePosixPath(file.name.lower()).suffix in SUFFIXES), key=lambda file: file.name)
    if not texts:
        what = f"there is no text (none of the {len(kept)} files ends like one: {', '.join(sorted(SUFFIXES))})"
        raise Unreadable(what, where=folder, next="check the path in assay.yml", reason=Reason.DATA_MISSING)
    schema = {
        "path": pl.String,
        "class": pl.String,
        "bytes": pl.Int64,
        "digest": pl.String,
        "fault": pl.String,
        "characters": pl.Int64,
        "words": pl.Int64,
        "language": pl.String,
        "letters": pl.Float64,
        "digits": pl.Float64,
        "punctuation": pl.Float64,
        "signature": pl.String,
    }
    rows = pl.DataFrame([_row(file, folder) for file in texts], schema=schema, orient="row")
    name = f"{folder}.parquet"
    return Table(rows, len(kept) - len(texts), _written(rows, name), _written(rows.drop(_NAMING), name))


def _row(file: DataFile, folder: str) -> tuple[object, ...]:
    place = PurePosixPath(sound(file.name))
    path = place.relative_to(folder) if place.is_relative_to(folder) else place
    parent = path.parent.as_posix()
    try:
        size = file.path.stat().st_size
        if size > MOST_BYTES:
            with file.path.open("rb") as stream:
                digest, measures = hashlib.file_digest(stream, "sha256"), _unread(f"it has more than {MOST_BYTES:,} bytes")
        else:
            data = file.path.read_bytes()
            digest, measures = hashlib.sha256(data), _measures(data)
    except OSError as problem:
        raise Unreadable(problem.strerror or "it cannot be read", where=file.name, next="check its permissions") from None
    return (path.as_posix(), None if parent == "." else parent, size, digest.hexdigest()[:32], *measures)


def _measures(data: bytes) -> tuple[object, ...]:
    try:
        return astuple(look(decode(data)))
    except Broken as problem:
        return _unread(str(problem))


def _unread(why: str) -> tuple[object, ...]:
    return (why, *(None,) * 7)


def _written(rows: "pl.DataFrame", name: str) -> DataFile:
    target = temporary(".parquet")
    rows.write_parquet(target)
    return DataFile(name, target)
