"""Pictures for comments, kept in the repository itself: whoever may read the repository sees them, and nobody else.

They lie on orphan branches named after the month, `assay-images/2026-11`, written through the git data API. A file is named by
the hash of its content, so the same picture is stored once, and linked by commit, so that a link never shows another one later.
Branches are only ever appended to: a fast-forward is a compare-and-set, and of two runs that race one tries again. Retention
deletes the branches of months gone by, to which no run writes; one branch would have to be rewritten, and its links would break.
"""

import hashlib
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from policy.problems import OutsideProblem, Problem, UserProblem

PREFIX = "assay-images/"
LIMIT = 10 * 1024 * 1024
"""Bytes of one file."""
RETENTION = 6
"""Months that pictures are kept, besides the current one."""
_ATTEMPTS = 6
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))


class GitData(Protocol):
    """The methods of the gateway that storing pictures needs. Names of references lack their `refs/`."""

    def ref(self, name: str) -> str | None:
        """The commit of a reference."""

    def refs(self, prefix: str) -> list[str]:
        """The names of the references that begin so."""

    def tree(self, sha: str) -> Mapping[str, tuple[str, int]]:
        """Path -> (blob, size) of a commit."""

    def create_blob(self, content: bytes) -> str:
        """Store a file; the same content gives the same SHA."""

    def create_tree(self, base_tree: str | None, entries: Mapping[str, str | None]) -> str:
        """Store a tree: path -> blob, on top of the base's where there is one."""

    def create_commit(self, message: str, tree: str, parents: list[str]) -> str:
        """Store a commit."""

    def create_ref(self, name: str, sha: str) -> None:
        """Make a reference. Raises where it exists."""

    def update_ref(self, name: str, sha: str) -> None:
        """Move a reference forward. Raises where that is no fast-forward."""

    def delete_ref(self, name: str) -> None:
        """Delete a reference."""


@dataclass(frozen=True, slots=True)
class File:
    """Something to show or to link. `kind` is its ending, without the dot."""

    content: bytes
    kind: str

    @property
    def name(self) -> str:
        """The name by content."""
        return f"{hashlib.sha256(self.content).hexdigest()[:40]}.{self.kind}"


def picture(content: bytes) -> File | None:
    """A file whose content begins as PNG, JPEG, GIF or WebP does; None for anything else, whatever its name says."""
    kind = next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)
    if kind is None and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "webp"
    return File(content, kind) if kind else None


def linkable(content: bytes, file_name: str) -> File:
    """Any file, for a link: its kind from its content where that is a picture, from the ending of its name otherwise."""
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    return picture(content) or File(content, ending if re.fullmatch(r"[a-z0-9]{1,8}", ending) else "bin")


def branch(when: datetime) -> str:
    """The name of the branch of a month, such as `assay-images/2026-11`."""
    return f"{PREFIX}{when:%Y-%m}"


def address(repository: str, commit: str, name: str) -> str:
    """What a comment links to: a path on GitHub's own host, for which a reader's browser is signed in where that is needed."""
    return f"/{repository}/blob/{commit}/{name}?raw=true"


def publish(
    git: GitData, repository: str, files: Sequence[File], when: datetime, pause: Callable[[float], None] = time.sleep
) -> dict[str, str]:
    """Store files and return name -> address. What the month's branch already holds is not stored again.

    Raises:
        UserProblem: a file is larger than LIMIT, or the token may not write contents.
        OutsideProblem: other runs kept moving the branch.
    """
    wanted = {file.name: file for file in files}
    for file in wanted.values():
        if len(file.content) > LIMIT:
            raise UserProblem(f"{len(file.content):,} bytes are too many for a comment", file.name, f"{LIMIT:,} is the most")
    if not wanted:
        return {}
    ref = f"heads/{branch(when)}"
    blobs: dict[str, str] = {}
    for attempt in range(_ATTEMPTS):
        tip = git.ref(ref)
        held = git.tree(tip) if tip else {}
        missing = [file for name, file in wanted.items() if name not in held]
        if tip and not missing:
            return {name: address(repository, tip, name) for name in wanted}
        for file in missing:
            blobs[file.name] = blobs.get(file.name) or git.create_blob(file.content)
        # Listed whole instead of on top of a base: a month's branch is flat, and its files are known already.
        kept = {name: sha for name, (sha, _) in held.items()}
        tree = git.create_tree(None, kept | {file.name: blobs[file.name] for file in missing})
        commit = git.create_commit(f"Add {len(missing)} file(s) that comments show", tree, [tip] if tip else [])
        if _moved(git, ref, tip, commit):
            if tip is None:
                with suppress(Problem):  # the files are stored; what is not swept now is swept next month
                    sweep(git, when)
            return {name: address(repository, commit, name) for name in wanted}
        pause(0.2 * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
    raise OutsideProblem("other runs kept writing pictures at the same time", ref, "Run the job again")


def sweep(git: GitData, when: datetime, keep: int = RETENTION) -> list[str]:
    """Delete the branches of pictures older than `keep` months before this one; returns their names. Others are left alone."""
    oldest = when.year * 12 + when.month - 1 - keep
    gone = []
    for ref in git.refs(f"heads/{PREFIX}"):
        found = re.fullmatch(rf"heads/{re.escape(PREFIX)}(\d{{4}})-(0[1-9]|1[0-2])", ref)
        if found and int(found[1]) * 12 + int(found[2]) - 1 < oldest:
            git.delete_ref(ref)
            gone.append(ref.removeprefix("heads/"))
    return gone


def _moved(git: GitData, ref: str, tip: str | None, commit: str) -> bool:
    """Move the branch from `tip` to `commit`; False where another run moved it first."""
    try:
        if tip is None:
            git.create_ref(ref, commit)
        else:
            git.update_ref(ref, commit)
    except UserProblem:
        if git.ref(ref) == tip:
            raise  # nobody was faster: it is refused for another reason
        return False
    return True
