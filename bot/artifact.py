"""Takes `facts.json` out of a zip that somebody else packed. Nothing is ever written to a disk, so no path can lead anywhere."""

import io
import stat
import zipfile
import zlib
from typing import NoReturn

from policy.facts.record import MAX_BYTES
from policy.problems import UserProblem

NAME = "assay-facts"
"""The artifact's name."""
FILE = "facts.json"
MAX_ZIP = MAX_BYTES + 65_536
"""Bytes of the zip. A file that cannot be compressed makes it little larger than itself."""
_MOST_ENTRIES = 1


def facts_in(raw: bytes) -> bytes:
    """The bytes of the one file `facts.json`, at most `policy.facts.record.MAX_BYTES`.

    Raises UserProblem for a zip that is too large, broken or encrypted, holds anything else, or unpacks to more.
    """
    if len(raw) > MAX_ZIP:
        _refuse(f"the artifact has {len(raw):,} bytes, more than {MAX_ZIP:,}")
    # The directory is read whole by the library, so its size is looked at first: a zip of nothing but entries is an attack too.
    if raw.count(b"PK\x01\x02") > 4 * _MOST_ENTRIES:
        _refuse(f"the artifact holds more than {FILE}")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read(archive, _only(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, RuntimeError) as error:
        _refuse(f"the artifact is no readable zip ({type(error).__name__})")


def _only(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = archive.infolist()
    if len(entries) != _MOST_ENTRIES or entries[0].filename != FILE:
        _refuse(f"the artifact holds {len(entries):,} files, and not only {FILE}")
    (entry,) = entries
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        _refuse(f"{FILE} in the artifact is no ordinary file")
    if entry.flag_bits & 0x1:
        _refuse("the artifact is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse("the artifact is compressed in an unusual way")
    return entry


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        # The size that the zip claims is not believed: no more than the limit is ever unpacked.
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        _refuse(f"{FILE} unpacks to more than {MAX_BYTES:,} bytes")
    return content


def _refuse(what: str) -> NoReturn:
    raise UserProblem(what, NAME, "Let the check's own step upload it, unchanged")
