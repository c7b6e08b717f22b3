"""The plots that the pipeline of the work tree declares, as DVC reads it: templated values filled in, shapes checked."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.repository.problems import translated
from actions.repository.store import Store


@dataclass(frozen=True)
class Column:
    """A field of a file. Paths are POSIX, from the top of the git work tree; they may not exist, or lead out of it.

    Without a field DVC takes the last one.
    """

    path: str
    field: str | None = None


@dataclass(frozen=True)
class PlotDefinition:
    """One plot of a dvc.yaml. Without `x`, points are counted; without a path, the field is that of each file of `ys`."""

    title: str
    ys: tuple[Column, ...]
    x: Column | None = None
    template: str = "linear"
    x_label: str = ""
    y_label: str = ""
    header: bool = True
    """Whether the first line of a CSV or TSV file holds names."""


def read_plots(store: Store, root: Path, dvc_root: Path) -> list[PlotDefinition]:
    """Every plot: those under `plots:` first, then the outs of stages that they do not mention.

    Raises:
        UserProblem: a DVC file is not valid.
    """
    with translated(dvc_root):
        index = store.repo.index
        found = [plot for file, written in index._plots.items() for plot in _defined(_folder(file, root), written)]
        named = {column.path for plot in found for column in plot.ys}
        for out in index.plots:
            path = Path(out.fs_path).relative_to(root).as_posix() if out.is_in_repo else ""
            if path and path not in named:
                written = out.plot if isinstance(out.plot, list) else [out.plot]
                found += [_plot(path, path, "", entry if isinstance(entry, dict) else {}) for entry in written]
    return found


def _folder(file: str, root: Path) -> str:
    return posixpath.dirname(Path(root, file).relative_to(root).as_posix())


def _defined(folder: str, written: Any) -> Iterator[PlotDefinition]:
    """The entries of one `plots:`: names, or names with settings; a later one with the same name replaces an earlier one."""
    entries: dict[str, Any] = {}
    for entry in written:
        entries |= {entry: {}} if isinstance(entry, str) else entry
    for name, settings in entries.items():
        yield _plot(name, _joined(folder, name), folder, settings or {})


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _plot(name: str, path: str, folder: str, settings: Mapping[str, Any]) -> PlotDefinition:
    return PlotDefinition(
        title=str(settings.get("title") or name),
        ys=tuple(_ys(settings.get("y"), path, folder)),
        x=_x(settings.get("x"), folder),
        template=str(settings.get("template") or "linear"),
        x_label=str(settings.get("x_label") or ""),
        y_label=str(settings.get("y_label") or ""),
        header=settings.get("header") is not False,
    )


def _ys(y: Any, path: str, folder: str) -> Iterator[Column]:
    """One column for each field: of the file that the plot is named after, or of those that `y` names."""
    files = {_joined(folder, str(file)): fields for file, fields in y.items()} if isinstance(y, dict) else {path: y}
    for file, fields in files.items():
        for field in fields if isinstance(fields, list) else [fields]:
            yield Column(file, None if field is None else str(field))


def _x(x: Any, folder: str) -> Column | None:
    if isinstance(x, dict):
        return next((Column(_joined(folder, str(file)), str(field)) for file, field in x.items()), None)
    return None if x is None else Column("", str(x))
