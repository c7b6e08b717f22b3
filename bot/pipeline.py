"""Which files of git a pipeline writes, as its dvc.yaml says: lock, parameters, metrics, plots and what DVC does not cache. Pure.

A run may change these and no others, and never what rules the repository, whatever dvc.yaml says.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from policy import yaml_text
from policy.document import FILE_NAME
from policy.facts.override import DEFAULT_FILE
from policy.problems import UserProblem

_NEVER = frozenset({".git", ".github", ".dvc", ".assay"})


def named(text: str, folder: str) -> set[str]:
    """The files beside a dvc.yaml that a run of it may change: its lock, and parameters, metrics, plots and `cache: false` outs.

    Names with `${...}` are left out, for only DVC knows what they are. Paths are from the top of the repository.
    """
    try:
        data = yaml_text.read(text, "dvc.yaml").data
    except UserProblem:
        return set()
    found = {"dvc.lock", DEFAULT_FILE, *_top(data)}
    stages = data.get("stages") if isinstance(data, dict) else None
    for stage in stages.values() if isinstance(stages, dict) else ():
        found |= set(_of_stage(stage))
    return {path for each in found if "$" not in each and (path := _joined(folder, each))}


def _of_stage(stage: Any) -> Iterator[str]:
    """Paths from the folder of its dvc.yaml."""
    body = stage.get("do", stage) if isinstance(stage, dict) else None
    if not isinstance(body, dict):
        return
    where = body.get("wdir", ".")
    if isinstance(where, str):
        names = [*_parameters(body.get("params")), *_listed(body.get("metrics")), *_listed(body.get("plots"))]
        names += _uncached(body.get("outs"))
        yield from (str(PurePosixPath(where) / name) for name in names)


def _parameters(listed: Any) -> Iterator[str]:
    """The files of a list of parameters: names stand for the default file, a mapping is file to names."""
    for entry in listed if isinstance(listed, list) else ():
        yield from map(str, entry) if isinstance(entry, dict) else (DEFAULT_FILE,)


def _top(data: Any) -> Iterator[str]:
    """The files that are named beside the stages. A plot there may be an id, and no run writes one that no stage has."""
    if isinstance(data, dict):
        yield from _listed(data.get("metrics"))
        yield from _listed(data.get("params"))


def _listed(listed: Any) -> Iterator[str]:
    """The paths of a list of outs: plain ones, or `path: {options}`."""
    for entry in listed if isinstance(listed, list) else ():
        yield from map(str, entry) if isinstance(entry, dict) else (str(entry),)


def _uncached(outs: Any) -> Iterator[str]:
    """The outs of a stage that git keeps, as `path: {cache: false}`."""
    for entry in outs if isinstance(outs, list) else ():
        for path, options in entry.items() if isinstance(entry, dict) else ():
            if isinstance(options, dict) and options.get("cache") is False:
                yield str(path)


def _joined(folder: str, written: str) -> str | None:
    """A path from the top, without steps up; None where it leads out of the repository or into its settings."""
    parts: list[str] = []
    for part in [*PurePosixPath(folder).parts, *PurePosixPath(written).parts]:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    path = "/".join(parts)
    return path if is_plain(path) else None


def is_plain(path: str) -> bool:
    """Whether a path is a plain one below the top, and of nothing that rules the repository."""
    parts = path.split("/")
    strange = any(each in ("", ".", "..") or each.lower() in _NEVER or each.lower().startswith(".git") for each in parts)
    return not strange and path != FILE_NAME and path.isprintable() and "\\" not in path and ":" not in path
