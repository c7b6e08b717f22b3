"""What `assay init` would write: each file new, already there, or another than the one that is there."""

import difflib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from actions.repository import Repository
from policy.problems import UserProblem

State = Literal["new", "same", "differs"]


@dataclass(frozen=True)
class File:
    """A file that is wanted, and what stands in its place; None where nothing does."""

    path: str
    wanted: str
    present: str | None

    @property
    def state(self) -> State:
        """Whether there is something to do."""
        if self.present is None:
            return "new"
        return "same" if self.present.replace("\r\n", "\n") == self.wanted else "differs"

    @property
    def diff(self) -> str:
        """What would change, as a unified diff; empty where nothing would."""
        before = (self.present or "").splitlines()
        name = self.path if self.present is not None else None
        lines = difflib.unified_diff(
            before, self.wanted.splitlines(), f"a/{name}" if name else "/dev/null", f"b/{self.path}", lineterm=""
        )
        return "\n".join(lines)


def plan(repository: Repository, wanted: Mapping[str, str]) -> list[File]:
    """Compare what is wanted with the work tree.

    Raises:
        UserProblem: a path leads out of the repository through a symbolic link.
    """
    found = []
    for path, text in wanted.items():
        content = repository.read(path)
        found.append(File(path, text, None if content is None else content.decode("utf-8", "replace")))
    return found


def write(root: Path, file: File) -> None:
    """Write a file, whole or not at all.

    Raises:
        UserProblem: its folder cannot be written.
    """
    target = root / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".assay-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(file.wanted)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        raise UserProblem(f"cannot write ({error.strerror})", file.path, "Check the permissions of the folder") from None
