"""A pack as a zip: the same files always give the same bytes, and what others made is read within limits and never unpacked."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from policy.pack import MOST_BYTES, MOST_FILES
from policy.problems import UserProblem

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: a pack says nothing of when it was made."""
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def write(files: Mapping[str, bytes]) -> bytes:
    """The zip. Nothing is compressed: libraries differ in how they do it, and then two packs would differ too."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path, raw in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, raw)
    return made.getvalue()


def read(path: Path) -> dict[str, bytes]:
    """The files of a zip by their path.

    Raises UserProblem for what is no zip, holds a path twice, more files or more bytes than a pack has, or does not read.
    """
    where = str(path)
    try:
        if path.stat().st_size > 2 * MOST_BYTES:
            raise _too_much(where)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
                raise _too_much(where)
            if double := next((name for name, times in Counter(each.filename for each in entries).items() if times > 1), None):
                raise UserProblem(f"it holds {double[:200]!r} twice", where, "Ask for the pack again")
            return {each.filename: _content(archive, each) for each in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UserProblem(f"it cannot be read as a zip ({str(error)[:200]})", where, "Ask for the pack again") from None
    except OSError as error:
        raise UserProblem(f"it cannot be read ({error.strerror or error})", where, "Name the file of a pack") from None


def _too_much(where: str) -> UserProblem:
    return UserProblem("it holds more than a pack does", where, "Look at it by hand before you open it")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        raw = file.read(entry.file_size + 1)
    if len(raw) != entry.file_size:
        raise ValueError(f"{entry.filename[:200]} is not as long as the zip says")
    return raw
