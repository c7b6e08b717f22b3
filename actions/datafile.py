"""A data set as the repository hands it over: where its bytes are on this machine, and what they are called."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class DataFile:
    """One file of a data set. Its name tells the format; its path may be a nameless object in DVC's cache."""

    name: str
    path: Path


@dataclass(frozen=True)
class Tracked:
    """A path at one revision: who tracks it, and the digest of its content.

    `digest` is `md5:<32 hex>` (`md5:<32 hex>.dir` for a folder) for DVC and `git:<blob or tree id>` for git; two
    equal digests mean equal bytes. `file` and `line` name where the path is declared (a .dvc file, dvc.yaml).
    """

    path: str
    kind: Literal["out", "import", "git"]
    digest: str
    revision: str | None
    """The commit it was read at; None for the work tree."""
    size: int | None = None
    file: str | None = None
    line: int | None = None
