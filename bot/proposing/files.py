"""What of a run's files may be proposed: what `bot.landing` would commit, and `.dvc` files that say where new bytes are. Pure.

The run was of the default branch, and a person looks at its pull request before anything is merged. What it left is held against
that commit all the same: a proposal changes data, lock, parameters, metrics and plots, and never code, policy or workflows.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, NoReturn, Protocol

from bot.landing import FILE, Pipelines, named_by
from bot.pipeline import is_plain
from policy import yaml_text
from policy.facts.commit import CommitFacts
from policy.problems import UserProblem

_BYTES = frozenset({"md5", "hash", "size", "nfiles", "etag", "checksum", "version_id", "rev_lock", "isexec", "mtime"})
"""The keys of a `.dvc` file that say which bytes it stands for. All others, such as paths and sources, stay as they are."""
_MOST = 50


class Sources(Protocol):
    """Gives a file of the commit that the run was of."""

    def __call__(self, path: str) -> str | None:
        """Its text; None where there is none."""


def allowed(told: CommitFacts, source: Sources, pipeline: Pipelines) -> Mapping[str, str]:
    """The files to propose, path to text; none where nothing changed.

    Raises UserProblem where any is none that a run may change: a part of them would contradict the others.
    """
    files = {each.path: each.text for each in told.files}
    if len(files) < len(told.files):
        _refuse("a file stands in it twice")
    tracked = [path for path in files if PurePosixPath(path).suffix == ".dvc"]
    if len(tracked) > _MOST:
        _refuse(f"it changes more than {_MOST} files of DVC")
    for path in tracked:
        before = source(path) if is_plain(path) else None
        if before is None or _frame(before) is None or _frame(before) != _frame(files[path]):
            _refuse(f"{ascii(path)[:200]} is no file of DVC's in which only the bytes are others")
    named_by([path for path in files if path not in tracked], pipeline, _refuse)
    return files


def _frame(text: str) -> Any:
    """A `.dvc` file without what says which bytes it stands for; None where it cannot be read."""
    try:
        document = yaml_text.read(text, "a .dvc file")
    except UserProblem:
        return None
    # Of two keys of a name, others may believe the other one.
    return None if list(document.duplicates) else _without(document.data)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items() if key not in _BYTES}
    return [_without(each) for each in value] if isinstance(value, list) else value


def _refuse(what: str) -> NoReturn:
    raise UserProblem(f"what the run left is not proposed: {what}", FILE, "Look at the run, then start it again")
