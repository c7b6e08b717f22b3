"""The files of the work tree that a glob names and git sees as changed, as they would be committed."""

import fnmatch
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.repository import revisions
from actions.repository.git import Git
from bot.cml.proposal import Change
from policy.problems import UserProblem


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: path from the top -> content; files that are gone; commit and branch that are checked out."""

    files: dict[str, Change]
    gone: tuple[str, ...]
    head: str
    branch: str | None


def changed(folder: Path, globs: Sequence[str]) -> Changes:
    """The changed, untracked and not ignored files that match one of the globs, which are relative to `folder`.

    A folder stands for everything below it.

    Raises:
        UserProblem: there is no git repository, or a file is stored through a filter such as Git LFS.
    """
    top = revisions.find_top(folder)
    git = Git(top)
    head = revisions.head(git)
    prefix = folder.resolve().relative_to(top.resolve()).as_posix()
    wanted = [_from_top(prefix, glob) for glob in globs]
    paths = [path for path in revisions.changed_files(git, "HEAD") if any(_matches(path, glob) for glob in wanted)]
    there = [path for path in paths if (top / path).is_symlink() or (top / path).is_file()]
    _refuse_filtered(git, there)
    gone = tuple(path for path in paths if path not in there)
    return Changes({path: _change(top / path) for path in there}, gone, head.sha, head.branch)


def _from_top(prefix: str, glob: str) -> str:
    return os.path.normpath(f"{prefix}/{glob}") if prefix != "." else os.path.normpath(glob)


def _matches(path: str, glob: str) -> bool:
    """Whether a path matches, `**` for any number of folders; a glob that names a folder covers what is below it."""
    return glob == "." or path.startswith(f"{glob}/") or _parts_match(path.split("/"), glob.split("/"))


def _parts_match(parts: Sequence[str], patterns: Sequence[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_parts_match(parts[at:], patterns[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], patterns[0]) and _parts_match(parts[1:], patterns[1:])


def _change(path: Path) -> Change:
    if path.is_symlink():
        return Change(os.fsencode(path.readlink()), "120000")
    return Change(path.read_bytes(), "100755" if os.access(path, os.X_OK) else "100644")


def _refuse_filtered(git: Git, paths: Sequence[str]) -> None:
    """Bytes of these files are not what git would store, and storing them would break the repository."""
    if not paths:
        return
    told = git.run("check-attr", "-z", "filter", "--", *paths).split(b"\0")
    for path, value in zip(told[0::3], told[2::3], strict=False):
        if value not in (b"unspecified", b"unset"):
            name = path.decode("utf-8", "backslashreplace")
            raise UserProblem(f"is stored through git's filter {value.decode()!r}", name, "Commit it with git and push it")
