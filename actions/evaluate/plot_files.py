"""The bytes of plots at a revision, within limits; a folder stands for the files in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from actions.evaluate.plot_tables import NotDrawn
from actions.repository import Column, PlotDefinition, Repository
from policy.problems import OutsideProblem, Problem

_MOST_FILES = 200
_LARGEST_FOLDER = 100 * 1024 * 1024

IMAGES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")


def is_image(path: str) -> bool:
    """Whether DVC takes the file for an image."""
    return PurePosixPath(path).suffix.lower() in IMAGES


def definitions(repository: Repository, base: str) -> list[PlotDefinition]:
    """The plots of the work tree, folders replaced by the files in them at either side. None where DVC cannot read it."""
    try:
        written = repository.plots()
    except Problem:
        # The state of the pipeline, read before, already says so in red.
        return []
    named = {column.path for plot in written for column in plot.ys}
    return [one for plot in written for one in _unfolded(repository, plot, base, named)]


class Files:
    """Files of a repository. A remote that does not answer once is not asked again: pictures are not worth the wait."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._away = False

    def content(self, path: str, revision: str | None, most: int) -> bytes:
        """The bytes of a file at a revision (None: the work tree).

        Raises:
            NotDrawn: it is not there, cannot be had, or is too large.
        """
        try:
            found = self._read(path, revision, most)
        except Problem as problem:
            self._away = self._away or isinstance(problem, OutsideProblem)
            raise NotDrawn(f"{path}: {problem.what}"[:400]) from None
        except (OSError, ValueError) as error:
            raise NotDrawn(f"{path} cannot be read: {error}"[:400]) from None
        if len(found) > most:
            raise NotDrawn(f"{path} has {len(found):,} bytes, more than {most:,}")
        return found

    def _read(self, path: str, revision: str | None, most: int) -> bytes:
        tracked = self._repository.tracked(path, revision)
        if tracked is None:
            raise NotDrawn(f"{path} does not exist there")
        if (tracked.size or 0) > most:
            raise NotDrawn(f"{path} has {tracked.size:,} bytes, more than {most:,}")
        if tracked.kind == "git":
            found = self._repository.read(path, revision)
            if found is None:
                raise NotDrawn(f"{path} is not a file")
            return found
        if self._away:
            raise NotDrawn(f"{path}: the remote did not answer before")
        (file, *_) = self._repository.files(tracked)
        if not file.path.is_file() or file.path.stat().st_size > most:
            raise NotDrawn(f"{path} is no file of at most {most:,} bytes")
        return file.path.read_bytes()


def _unfolded(repository: Repository, plot: PlotDefinition, base: str, named: set[str]) -> Iterator[PlotDefinition]:
    path = plot.ys[0].path if plot.ys else ""
    if not plot.ys or PurePosixPath(path).suffix:
        yield plot
        return
    members = {name: None for revision in (None, base) for name in _members(repository, path, revision)}
    if not members:
        yield plot
    for name in list(members)[:_MOST_FILES]:
        if name not in named:
            title = f"{plot.title} {name.removeprefix(path + '/')}"
            yield replace(plot, title=title, ys=tuple(Column(name, column.field) for column in plot.ys))


def _members(repository: Repository, path: str, revision: str | None) -> list[str]:
    """The files in a folder; none where it is no folder, or is too much to bring here for pictures."""
    try:
        tracked = repository.tracked(path, revision)
        if tracked is None or (tracked.size or 0) > _LARGEST_FOLDER:
            return []
        return [file.name for file in repository.files(tracked) if file.name != path]
    except Problem:
        return []
