"""Where the data of production is: in the repository, beside it, or at an address that fsspec knows."""

from pathlib import Path
from typing import Any

from actions.datafile import DataFile
from actions.formats import Unreadable
from actions.repository import Repository
from policy.problems import OutsideProblem, UserProblem
from policy.reasons import Reason


def find(repository: Repository, data: str, folder: Path) -> list[DataFile]:
    """The files of a data set: a path on disk, an out or import of DVC, or an address, which is copied into `folder`.

    Raises:
        Unreadable: there is nothing.
        MissingObject: DVC tracks it, and its bytes are nowhere.
        UserProblem: no file system is known for the address, or its package is not installed.
        OutsideProblem: the place cannot be reached.
    """
    if "://" in data:
        return _fetched(data, folder)
    if not Path(data).is_absolute():
        tracked = repository.tracked(data)
        if tracked is not None:
            return repository.files(tracked)
    return _listed(data, repository.root / data)


def _listed(data: str, path: Path) -> list[DataFile]:
    """A file, or the files of a folder in the order of their names."""
    if path.is_file():
        return [DataFile(path.name, path)]
    found = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else []
    if not found:
        raise _nothing(data)
    return [DataFile(each.relative_to(path).as_posix(), each) for each in found]


def _fetched(address: str, folder: Path) -> list[DataFile]:
    import fsspec  # comes with DVC, and takes a while

    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UserProblem(f"no file system for this address: {_line(error)}", address, "Install its package") from None
    try:
        return _copied(system, path, folder, address)
    except Unreadable:
        raise
    except Exception as error:  # the clients of file systems have no common base
        # Over HTTP whatever goes wrong ends as "not found", and only its cause tells a file that is not there from a silent host.
        cause = error.__cause__ if isinstance(error, FileNotFoundError) and error.__cause__ else error
        if isinstance(cause, FileNotFoundError) or _says_missing(cause):
            raise _nothing(address) from None
        raise OutsideProblem(f"cannot be fetched: {_line(cause)}", address, "Check address and credentials, then again") from None


def _copied(system: Any, path: str, folder: Path, address: str) -> list[DataFile]:
    """Every file under a path, copied under names that no remote chooses."""
    found = sorted(system.find(path))
    if not found:
        system.info(path)  # says why, where there is more to say than that nothing is there
        raise _nothing(address)
    files = []
    for number, each in enumerate(found):
        target = folder / str(number)
        system.get_file(each, str(target))
        name = each.removeprefix(path).strip("/") or each.rpartition("/")[2]
        files.append(DataFile(name, target))
    return files


def _says_missing(error: BaseException) -> bool:
    """Whether S3 says that there is no such bucket, which its file system does not make a FileNotFoundError of."""
    answer = getattr(error, "response", None)
    said = answer.get("Error") if isinstance(answer, dict) else None
    return isinstance(said, dict) and said.get("Code") in ("NoSuchBucket", "NoSuchKey", "404")


def _nothing(where: str) -> Unreadable:
    return Unreadable("there is nothing", where=where, next="see whether what writes it still runs", reason=Reason.DATA_MISSING)


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
