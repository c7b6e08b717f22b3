"""What a data file is, judged by its name and its first and last bytes, and how it is refused when it is not that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from actions.datafile import DataFile
from policy.problems import UserProblem
from policy.reasons import Reason

Kind = Literal["parquet", "csv", "jsonl", "arrow"]
Packing = Literal["", "gz", "zip"]

_KINDS: dict[str, Kind] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
_PACKINGS: dict[str, Packing] = {".gz": "gz", ".zip": "zip"}
_PARQUET = b"PAR1"
_ARROW = b"ARROW1"


@dataclass
class Unreadable(UserProblem):
    """A data set that cannot be read, with the reason code the facts carry. `what` is the detail of the sentence."""

    reason: Reason = Reason.DATA_CORRUPT


@dataclass(frozen=True)
class Format:
    """How a file's bytes are to be read."""

    kind: Kind
    packing: Packing = ""
    separator: str = ","


def detect(name: str) -> Format:
    """The format that a file's name promises.

    Raises:
        Unreadable: the suffix is none that is known, or a Parquet or Arrow file is packed once more.
    """
    path = Path(name.lower())
    packing = _PACKINGS.get(path.suffix, "")
    suffix = Path(path.stem).suffix if packing else path.suffix
    kind = _KINDS.get(suffix)
    if kind is None or (packing and kind in ("parquet", "arrow")):
        raise Unreadable(
            f"the suffix '{path.suffix}' is no known data format",
            where=name,
            next="use .parquet, .csv, .jsonl or .arrow (.csv and .jsonl also as .gz or .zip)",
            reason=Reason.DATA_FORMAT,
        )
    return Format(kind, packing, "\t" if suffix == ".tsv" else ",")


def members(files: list[DataFile]) -> list[DataFile]:
    """The files of a data set that hold data: those with a leading `.` or `_` are notes of the writer (Hadoop's custom)."""
    return [file for file in files if not Path(file.name).name.startswith((".", "_"))]


def look(file: DataFile, kind: Kind) -> None:
    """Refuse what is missing, empty, or plainly not of its kind, by reading at most twelve bytes.

    Raises:
        Unreadable: with the reason.
    """
    try:
        size = file.path.stat().st_size
        if not size:
            raise Unreadable("the file is empty (0 bytes)", where=file.name, next=_WRITE, reason=Reason.DATA_EMPTY)
        first, last = _ends(file.path)
    except FileNotFoundError:
        raise Unreadable("the file does not exist", where=file.name, next="run dvc pull", reason=Reason.DATA_MISSING) from None
    except OSError as error:
        raise Unreadable(error.strerror or "the file cannot be opened", where=file.name, next="check its permissions") from None
    if kind == "parquet" and not (size >= 12 and first.startswith(_PARQUET) and last.endswith(_PARQUET)):
        raise Unreadable("the file is no whole Parquet file", where=file.name, next=_WRITE)


def is_arrow_file(path: Path) -> bool:
    """Whether the bytes are Arrow's file format (else its stream format, or nothing of the kind)."""
    return _ends(path)[0].startswith(_ARROW)


_WRITE = "write the file again and push it"


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last eight bytes."""
    with path.open("rb") as stream:
        first = stream.read(8)
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 8))
        return first, stream.read(8)
