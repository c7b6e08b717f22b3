"""What a run left that git keeps, packed to be committed elsewhere: locks, parameters, and small outs that DVC does not cache."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Protocol

from actions.repository import Repository
from policy.facts import Facts
from policy.facts.commit import MAX_FILE, MAX_FILES, CommitFacts, CommitFile
from policy.problems import UserProblem

_ADVICE = "Run the command without --commit, or commit by hand"


class Asking(Protocol):
    """What asked for a run: its id, and the commit that it is about. A command's request is one."""

    @property
    def id(self) -> str:
        """By which what was left is told from what others left."""

    @property
    def sha(self) -> str:
        """The commit."""


def made(facts: Facts) -> list[str]:
    """The stages of a run whose outs may be new."""
    stages = facts.training.stages if facts.training else []
    return [stage.name for stage in stages if stage.outcome in ("executed", "restored")]


def pack(repository: Repository, facts: Facts, request: Asking, also: Iterable[str] = ()) -> CommitFacts:
    """The files that DVC and the parameters changed since the commit that the command is about; nothing else that stages wrote.

    `also` are further files of DVC's, such as imports that were updated.

    Raises:
        UserProblem: a file is no plain text, or too large. Without it, the lock would not fit what is committed.
    """
    ours = [PurePosixPath(each) for each in (*_ours(repository, facts), *also)]
    changed = [path for path in repository.changed_files(request.sha) if any(map(PurePosixPath(path).is_relative_to, ours))]
    return packed(repository, request.id, request.sha, changed)


def packed(repository: Repository, request: str, sha: str, changed: list[str]) -> CommitFacts:
    """Files of the work tree, to be committed on top of a commit. Raises UserProblem as `pack`."""
    if len(changed) > MAX_FILES:
        raise UserProblem(f"{len(changed)} files changed, more than {MAX_FILES}", "", _ADVICE)
    return CommitFacts(request=request, sha=sha, files=[_file(repository, path) for path in changed])


def _ours(repository: Repository, facts: Facts) -> Iterator[str]:
    """What a run may change in git: files, and folders with all that is in them."""
    yield from (each.file for each in facts.overrides)
    for stage in repository.stages():
        yield str(PurePosixPath(stage.file).with_name("dvc.lock"))
        yield from (link.path for link in stage.outs if not link.cached)


def _file(repository: Repository, path: str) -> CommitFile:
    place = repository.root / path
    if place.is_symlink() or not place.is_file():
        raise UserProblem("it is no ordinary file, so it cannot be committed from here", path, _ADVICE)
    if place.stat().st_size > MAX_FILE:
        cure = "Let DVC cache it (without `cache: false`), or commit by hand"
        raise UserProblem(f"it has more than {MAX_FILE:,} bytes, so it cannot be committed from here", path, cure)
    try:
        return CommitFile(path=path, text=(repository.read(path) or b"").decode("utf-8"))
    except UnicodeDecodeError:
        raise UserProblem("it is no text, so it cannot be committed from here", path, _ADVICE) from None
