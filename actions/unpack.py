"""Unpacks .gz and .zip to a plain file, within limits: a few kilobytes must not become a full disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from actions.datafile import DataFile
from actions.formats import Packing, Unreadable
from policy.reasons import Reason

MAX_BYTES = 64 * 1024**3
"""No data file unpacks to more than this."""
MAX_RATIO = 250
"""Real tables shrink five- to fifty-fold; a bomb reaches the thousand that DEFLATE allows."""
FREE_BYTES = 64 * 1024**2
"""Below this a high ratio harms nobody."""
_CHUNK = 1024**2


def unpack(file: DataFile, packing: Packing, target: Path) -> None:
    """Write the one file inside `file` to `target`.

    Raises:
        Unreadable: corrupt, several members, or more bytes than a data file of that size can honestly hold.
    """
    allowed = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * file.path.stat().st_size))
    written = 0
    try:
        with _opened(file, packing) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > allowed:
                    raise Unreadable(
                        f"it unpacks to more than {allowed:,} bytes",
                        where=file.name,
                        next="store it uncompressed, or as Parquet",
                        reason=Reason.DATA_BOMB,
                    )
                sink.write(chunk)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"it cannot be unpacked: {error}", where=file.name, next="pack the file again and push it") from None
    if not written:
        raise Unreadable("it holds an empty file", where=file.name, next="write it again", reason=Reason.DATA_EMPTY)


@contextmanager
def _opened(file: DataFile, packing: Packing) -> Iterator[IO[bytes]]:
    if packing == "gz":
        with gzip.open(file.path) as stream:
            yield io.BufferedReader(stream)
        return
    with zipfile.ZipFile(file.path) as archive:
        names = [entry for entry in archive.infolist() if not (entry.is_dir() or entry.filename.startswith("__MACOSX/"))]
        if len(names) != 1:
            raise Unreadable(
                f"the archive holds {len(names)} files, and one is needed",
                where=file.name,
                next="put the files into a folder, one data set, or pack a single one",
                reason=Reason.DATA_FORMAT,
            )
        with archive.open(names[0]) as stream:
            yield stream
