"""Texts as a table of their measures; of a folder a row for each file that is named like a text, whether or not it is one."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import PurePosixPath

import polars as pl

from actions.data.text import sound
from actions.datafile import DataFile
from actions.formats import Unreadable, members
from actions.staging import temporary
from actions.texts.characters import words
from actions.texts.look import MOST_BYTES, Broken, decode, look
from actions.texts.vocabulary import Vocabulary
from policy.reasons import Reason

VERSION = 1
"""Raised with every change of what is measured: profiles of an older one are not compared with."""
SUFFIXES = frozenset({".txt", ".md"})
MEASURES: dict[str, type[pl.DataType]] = {
    "fault": pl.String,
    "characters": pl.Int64,
    "words": pl.Int64,
    "language": pl.String,
    "letters": pl.Float64,
    "digits": pl.Float64,
    "punctuation": pl.Float64,
    "signature": pl.String,
}
"""What `Seen` has, as columns with their types."""
_NAMING = ("path", "digest", "signature", "fault")
"""Columns that name a text, or say nothing of how it reads: they have no place in drift."""


@dataclass(frozen=True)
class Table:
    """The texts of a folder, or of a column.

    `rows` has the columns path (below the folder), class (the folder the text lies in, null at the top), bytes, digest (of the
    bytes), and what `Seen` has, of which all but `fault` is null where the file is no text. Of a column it has row (from 1)
    instead of the first four. `others` counts the files that are not named like texts.
    """

    rows: pl.DataFrame
    others: int
    vocabulary: Vocabulary
    looks: DataFile
    """Of the rows the columns that drift is judged by."""
    whole: DataFile | None = None
    """The rows as Parquet, for contract and difference; None where the texts are a column of a table that has its own."""


def table(files: Sequence[DataFile], folder: str) -> Table:
    """Read every text of the folder `folder`, whose files these are.

    Raises:
        Unreadable: there is no text.
    """
    kept, texts = members(list(files)), text_files(files)
    if not texts:
        what = f"there is no text (none of the {len(kept)} files ends like one: {', '.join(sorted(SUFFIXES))})"
        raise Unreadable(
            what,
            where=folder,
            next="check the path in assay.yml, or name the column of a table under `text.column`",
            reason=Reason.DATA_MISSING,
        )
    schema: dict[str, type[pl.DataType]] = {
        "path": pl.String,
        "class": pl.String,
        "bytes": pl.Int64,
        "digest": pl.String,
    } | MEASURES
    vocabulary = Vocabulary()
    rows = pl.DataFrame([_row(file, folder, vocabulary) for file in texts], schema=schema, orient="row")
    return Table(rows, len(kept) - len(texts), vocabulary, looks=written(rows.drop(_NAMING), folder), whole=written(rows, folder))


def text_files(files: Sequence[DataFile]) -> list[DataFile]:
    """Those that are named like texts, in order of their names."""
    found = (file for file in members(list(files)) if PurePosixPath(file.name.lower()).suffix in SUFFIXES)
    return sorted(found, key=lambda file: file.name)


def _row(file: DataFile, folder: str, vocabulary: Vocabulary) -> tuple[object, ...]:
    place = PurePosixPath(sound(file.name))
    path = place.relative_to(folder) if place.is_relative_to(folder) else place
    parent = path.parent.as_posix()
    try:
        size = file.path.stat().st_size
        if size > MOST_BYTES:
            with file.path.open("rb") as stream:
                digest, found = hashlib.file_digest(stream, "sha256"), _unread(f"it has more than {MOST_BYTES:,} bytes")
        else:
            data = file.path.read_bytes()
            digest, found = hashlib.sha256(data), _read(data, vocabulary)
    except OSError as problem:
        raise Unreadable(problem.strerror or "it cannot be read", where=file.name, next="check its permissions") from None
    return (path.as_posix(), None if parent == "." else parent, size, digest.hexdigest()[:32], *found)


def _read(data: bytes, vocabulary: Vocabulary) -> tuple[object, ...]:
    try:
        return measures(decode(data), vocabulary)
    except Broken as problem:
        return _unread(str(problem))


def _unread(why: str) -> tuple[object, ...]:
    return (why, *(None,) * (len(MEASURES) - 1))


def measures(text: str, vocabulary: Vocabulary) -> tuple[object, ...]:
    """A row of `MEASURES`; the text's words are added to the vocabulary."""
    found = words(text)
    vocabulary.add(found)
    return astuple(look(text, found))


def written(rows: pl.DataFrame, name: str) -> DataFile:
    """Rows as Parquet, in a file of this process that goes by `name`."""
    target = temporary(".parquet")
    rows.write_parquet(target)
    return DataFile(f"{name.removesuffix('.parquet')}.parquet", target)


def nothing(name: str) -> DataFile:
    """No row of no column, which is what drift sees of a column that is not there."""
    return written(pl.DataFrame(), name)
