"""Puts what a run changed on the branch of its pull request: one commit, on top of the very commit that the run was of.

The run executed the change's code, so what it left is read as data: its paths must be those of locks, parameters, metrics or
plots that dvc.yaml of the base names, and nothing is written to a disk. Only a branch of this repository is ever moved, and never
past what somebody pushed meanwhile. It takes about ten requests, and one for each file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NoReturn, Protocol

from bot.artifact import Expected, content
from bot.gateway.problems import Refused
from bot.gateway.records import Artifact, PullRequest
from bot.gateway.wider import Author
from bot.pipeline import is_plain, named
from policy.facts import commit
from policy.facts.commit import CommitFacts
from policy.facts.request import Request
from policy.problems import UserProblem

NAME = "assay-commit"
"""The artifact's name."""
FILE = "commit.json"
_MOST_PIPELINES = 20
_ADVICE = "Give the command again, or commit by hand"


class Gateway(Protocol):
    """The methods of the gateway that it takes. Names of references lack their `refs/`."""

    full_name: str

    def pull_request(self, number: int) -> PullRequest:
        """The pull request."""

    def artifacts(self, run_id: int, name: str = "") -> list[Artifact]:
        """What a run left under a name, the newest first."""

    def download(self, artifact_id: int, limit: int) -> bytes:
        """An artifact's zip, at most so many bytes."""

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a revision."""

    def ref(self, name: str) -> str | None:
        """The commit of a reference."""

    def create_blob(self, content: bytes) -> str:
        """Store a file."""

    def commit_tree(self, commit: str, entries: Mapping[str, tuple[str, str]]) -> str:
        """Store a commit's tree with entries changed: path to (mode, SHA of the blob)."""

    def commit(self, message: str, tree: str, parents: Sequence[str], author: Author | None) -> str:
        """Store a commit."""

    def update_ref(self, name: str, sha: str, force: bool = False) -> None:
        """Move a reference; raises Refused where that is no fast-forward."""


@dataclass(frozen=True)
class Landed:
    """What came of it. `sha` is the new commit; empty where there was nothing to commit."""

    said: str
    sha: str = ""


def land(gateway: Gateway, request: Request, run_id: int, artifact: str = NAME, page: str = "") -> Landed:
    """Commit what the run `run_id` left for a request. `page` is the run's address, for the message.

    Raises UserProblem where the branch is not what it was, or what was left may not be committed; and what the gateway raises.
    """
    pull = gateway.pull_request(request.pull_request)
    _bound(pull, request, gateway.full_name)
    told = left_by(gateway, run_id, artifact)
    base = gateway.ref(f"heads/{pull.base_ref}")
    if base is None:
        raise UserProblem(f"there is no branch {pull.base_ref} any more", f"#{pull.number}", "Choose another base")
    files = decide(told, request, lambda path: text_at(gateway, path, base))
    if not files:
        return Landed(f"#{pull.number}: the run changed nothing that git keeps")
    entries = {path: ("100644", gateway.create_blob(text.encode())) for path, text in sorted(files.items())}
    made = gateway.commit(message(request, page), gateway.commit_tree(request.sha, entries), [request.sha], None)
    branch = f"heads/{pull.head_ref}"
    # The commit's one parent is what was trained, and GitHub moves a branch only forwards: what somebody pushed stays.
    if gateway.ref(branch) != request.sha:
        _moved(request)
    try:
        gateway.update_ref(branch, made)
    except Refused:
        _moved(request)
    return Landed(f"#{pull.number}: {len(files)} files committed to {pull.head_ref} as {made[:12]}", made)


def decide(told: CommitFacts, request: Request, pipeline: "Pipelines") -> dict[str, str]:
    """The files that may be committed, path to text. `pipeline` gives the text of a dvc.yaml at the base, by its folder.

    Raises UserProblem where the record is about another request, or any file is none that a run may change: with a part of them,
    lock and metrics would contradict each other.
    """
    if (told.request, told.sha) != (request.id, request.sha):
        _refuse("it is about another request")
    files = {each.path: each.text for each in told.files}
    if len(files) < len(told.files):
        _refuse("a file stands in it twice")
    named_by(list(files), pipeline, _refuse)
    return files


class Reads(Protocol):
    """The methods that what a run left is read with."""

    def artifacts(self, run_id: int, name: str = "") -> list[Artifact]:
        """What a run left under a name, the newest first."""

    def download(self, artifact_id: int, limit: int) -> bytes:
        """An artifact's zip, at most so many bytes."""

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a revision."""


def left_by(gateway: Reads, run_id: int, artifact: str) -> CommitFacts:
    """What a run left to be committed. Raises UserProblem where that is nothing, or nothing that can be read."""
    left = [each for each in gateway.artifacts(run_id, artifact) if not each.expired]
    if not left:
        raise UserProblem("the run left nothing to commit", artifact, "Its log says why")
    expected = Expected(artifact, FILE, commit.MAX_BYTES)
    if left[0].size > expected.most:
        _refuse(f"it has {left[0].size:,} bytes, more than {expected.most:,}")
    return commit.read(content(gateway.download(left[0].id, expected.most), expected))


def text_at(gateway: Reads, path: str, ref: str) -> str | None:
    """A file of text at a revision; None where there is none, or one that is larger than any of DVC's."""
    try:
        raw = gateway.file(path, ref)
    except Refused:
        return None
    return None if raw is None else raw.decode("utf-8", "replace")


def named_by(files: Sequence[str], pipeline: "Pipelines", refuse: Callable[[str], NoReturn]) -> None:
    """Hold paths against the dvc.yaml files of the base: each is a lock, parameters, metrics or a plot that one of them names.

    `refuse` is called with what is wrong.
    """
    folders = dict.fromkeys(["", *(_folder(path) for path in files if PurePosixPath(path).name == "dvc.lock")])
    if len(folders) > _MOST_PIPELINES:
        refuse(f"it changes more than {_MOST_PIPELINES} pipelines")
    texts = {folder: pipeline(f"{folder}/dvc.yaml" if folder else "dvc.yaml") for folder in folders if is_plain(folder or "x")}
    allowed = {path for folder, text in texts.items() if text is not None for path in named(text, folder)}
    for path in files:
        if not is_plain(path) or not any(PurePosixPath(path).is_relative_to(each) for each in allowed):
            refuse(f"{ascii(path)[:200]} is no lock, parameters, metrics or plot that dvc.yaml of the base names")


class Pipelines(Protocol):
    """Gives dvc.yaml of the base."""

    def __call__(self, path: str) -> str | None:
        """Its text; None where there is none."""


def message(request: Request, page: str) -> str:
    """The commit's message. All of it went through the grammar of requests."""
    given = request.arguments
    what = ", ".join(given.overrides) or given.stage or "what changed"
    subject = f"Train with {what}" if given.overrides else f"Train {what}"
    subject = subject if len(subject) <= 72 else f"{subject[:71]}…"
    listed = "".join(f"{each}\n" for each in given.overrides)
    trailers = f"Assay-Request: {request.id}\n" + (f"Assay-Run: {page}\n" if page else "")
    return "\n\n".join(part for part in (subject, listed.rstrip("\n"), trailers.rstrip("\n")) if part)


def _bound(pull: PullRequest, request: Request, repository: str) -> None:
    """Whether the pull request is open, of a branch of this repository, and ends in the commit that was trained."""
    if pull.state != "open":
        raise UserProblem("the pull request is closed", f"#{pull.number}", "Open it again first")
    if pull.head_repository is None or pull.head_repository.lower() != repository.lower():
        raise UserProblem("the branch is of a fork, which is never written to", f"#{pull.number}", "Commit by hand")
    if pull.base_ref != request.arguments.base:
        raise UserProblem(f"the base is {pull.base_ref} by now, whose policy did not judge", f"#{pull.number}", _ADVICE)
    if pull.head_sha != request.sha:
        _moved(request)
    if not request.arguments.commit:
        raise UserProblem("the request does not ask for a commit", f"#{pull.number}", "Give the command with --commit")


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _moved(request: Request) -> NoReturn:
    what = f"the branch does not end in {request.sha[:12]} any more, so nothing was committed"
    raise UserProblem(what, f"#{request.pull_request}", "Look at what came, then give the command again")


def _refuse(what: str) -> NoReturn:
    raise UserProblem(f"what the run left is not committed: {what}", FILE, _ADVICE)
