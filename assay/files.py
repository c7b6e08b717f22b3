"""Data files named on the command line, outside any repository."""

from pathlib import Path

from actions.datafile import DataFile
from policy.problems import UserProblem


def data_files(path: Path) -> list[DataFile]:
    """A file, or the files of a folder in the order of their names.

    Raises UserProblem where there is nothing.
    """
    if path.is_file():
        return [DataFile(path.name, path)]
    files = (
        [DataFile(str(each.relative_to(path)), each) for each in sorted(path.rglob("*")) if each.is_file()]
        if path.is_dir()
        else []
    )
    if not files:
        raise UserProblem(
            "no such data file or folder" if not path.exists() else "the folder is empty", str(path), "Name existing data"
        )
    return files
