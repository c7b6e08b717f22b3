"""Takes one file, such as `facts.json`, out of a zip that somebody else packed.

Nothing is ever written to a disk, so no path can lead anywhere.
"""

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import NoReturn

from policy.facts.record import MAX_BYTES
from policy.problems import UserProblem

NAME = "assay-facts"
"""The artifact's name."""
FILE = "facts.json"
_MOST_ENTRIES = 1


@dataclass(frozen=True)
class Expected:
    """An artifact of ours: its name, the name of its one file, and how many bytes that may have."""

    artifact: str
    file: str
    limit: int

    @property
    def most(self) -> int:
        """Bytes of the zip. A file that cannot be compressed makes it little larger than itself."""
        return self.limit + 65_536


FACTS = Expected(NAME, FILE, MAX_BYTES)
MAX_ZIP = FACTS.most


def facts_in(raw: bytes) -> bytes:
    """The bytes of the one file `facts.json`, at most `policy.facts.record.MAX_BYTES`; raises as `content` does."""
    return content(raw, FACTS)


def content(raw: bytes, expected: Expected) -> bytes:
    """The bytes of an artifact's one file.

    Raises UserProblem for a zip that is too large, broken or encrypted, holds anything else, or unpacks to more.
    """
    if len(raw) > expected.most:
        _refuse(expected, f"the artifact has {len(raw):,} bytes, more than {expected.most:,}")
    # The directory is read whole by the library, so its size is looked at first: a zip of nothing but entries is an attack too.
    if raw.count(b"PK\x01\x02") > 4 * _MOST_ENTRIES:
        _refuse(expected, f"the artifact holds more than {expected.file}")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read(archive, _only(archive, expected), expected)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, RuntimeError) as error:
        _refuse(expected, f"the artifact is no readable zip ({type(error).__name__})")


def _only(archive: zipfile.ZipFile, expected: Expected) -> zipfile.ZipInfo:
    entries = archive.infolist()
    if len(entries) != _MOST_ENTRIES or entries[0].filename != expected.file:
        _refuse(expected, f"the artifact holds {len(entries):,} files, and not only {expected.file}")
    (entry,) = entries
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        _refuse(expected, f"{expected.file} in the artifact is no ordinary file")
    if entry.flag_bits & 0x1:
        _refuse(expected, "the artifact is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse(expected, "the artifact is compressed in an unusual way")
    return entry


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, expected: Expected) -> bytes:
    with archive.open(entry) as file:
        # The size that the zip claims is not believed: no more than the limit is ever unpacked.
        found = file.read(expected.limit + 1)
    if len(found) > expected.limit:
        _refuse(expected, f"{expected.file} unpacks to more than {expected.limit:,} bytes")
    return found


def _refuse(expected: Expected, what: str) -> NoReturn:
    raise UserProblem(what, expected.artifact, "Let the check's own step upload it, unchanged")
