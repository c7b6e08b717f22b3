"""Keeps imports as they were, so that what is refused can be put back to the byte."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from actions.repository import Out, Repository


class Kept:
    """The `.dvc` files, the `.gitignore` beside them, and the data that lies in the work tree.

    Data is kept by hard links where the file system has them, which costs neither time nor room: DVC removes an out before it
    writes another in its place, and the link keeps the old file, with its times and rights.
    """

    def __init__(self, repository: Repository, imports: Iterable[Out]) -> None:
        self._root, self._folder = repository.root, repository.scratch / "refresh"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._texts: dict[str, dict[Path, bytes | None]] = {}
        self._there: set[str] = set()
        for out in imports:
            beside = PurePosixPath(out.file).with_name(".gitignore")
            self._texts[out.path] = {place: _bytes(place) for place in (self._root / out.file, self._root / beside)}
            if os.path.lexists(self._root / out.path):
                _link(self._root / out.path, self._folder / out.path)
                self._there.add(out.path)

    def put_back(self, out: Out) -> None:
        """Let an import be in the work tree as it was, and nothing where there was nothing. Twice is as good as once."""
        target, kept = self._root / out.path, self._folder / out.path
        if out.path not in self._there:
            _remove(target)
        elif os.path.lexists(kept):
            _remove(target)
            kept.rename(target)
        for place, text in self._texts[out.path].items():
            if text is None:
                place.unlink(missing_ok=True)
            elif _bytes(place) != text:
                place.write_bytes(text)

    def drop(self) -> None:
        """What was kept is no longer needed."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _bytes(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() else None


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True, copy_function=_link_file)
    else:
        _link_file(source, target)


def _link_file(source: str | Path, target: str | Path) -> None:
    """A second name for a file (for a symbolic link, of the link); a copy where the file system has no such names."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _remove(target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
