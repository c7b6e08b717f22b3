"""`cml pr create`: files of the work tree as a commit on a new branch, and a pull request for it, all through the API.

No remote is rewritten, no token enters git's configuration, and git itself is only asked what changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.gateway.problems import Refused
from bot.gateway.wider import Author, Method, Opened
from policy.problems import UserProblem


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it should be committed. `mode` is git's, such as `100644`."""

    content: bytes
    mode: str = "100644"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the flags ask for; None where CML has a default of its own."""

    branch: str | None = None
    target: str | None = None
    title: str | None = None
    body: str | None = None
    message: str | None = None
    skip_ci: bool = False
    author: Author | None = None


class Writes(Protocol):
    """The methods of the gateway that a pull request takes. Names of references lack their `refs/`."""

    def ref(self, name: str) -> str | None:
        """The commit of a reference."""

    def create_blob(self, content: bytes) -> str:
        """Store a file."""

    def commit_tree(self, commit: str, entries: Mapping[str, tuple[str, str]]) -> str:
        """Store a commit's tree with entries changed: path to (mode, SHA of the blob)."""

    def commit(self, message: str, tree: str, parents: Sequence[str], author: Author | None) -> str:
        """Store a commit; without an author it is the token's account's, signed by GitHub where that is a bot."""

    def create_ref(self, name: str, sha: str) -> None:
        """Make a reference."""

    def open_pull_requests(self, head_ref: str, base_ref: str) -> Sequence[Opened]:
        """The open pull requests from a branch of this repository into another."""

    def open_pull_request(self, head_ref: str, base_ref: str, title: str, body: str) -> Opened:
        """Open a pull request."""

    def merge_when_ready(self, node: str, method: Method) -> None:
        """Turn on auto-merge. Raises Refused where GitHub does not."""


def create(gateway: Writes, wish: Wish, sha: str, current: str | None, changes: Mapping[str, Change]) -> Opened:
    """The pull request that holds the changes, made on top of `sha`; the one that is open already for its branch.

    `current` is the branch that the event or the work tree is on. Nothing is merged here, not even where auto-merge is refused.

    Raises:
        UserProblem: no target branch, or GitHub refuses the pull request.
    """
    target = wish.target or current
    if not target or gateway.ref(f"heads/{target}") is None:
        raise UserProblem(
            f"there is no branch {target!r}" if target else "no branch is checked out", "--target-branch", "Name a branch"
        )
    source = wish.branch or f"{target}-cml-pr-{sha[:8]}"
    if source == target:
        raise UserProblem("a branch cannot be proposed to itself", "--branch", "Give the new branch another name")
    if gateway.ref(f"heads/{source}") is None:
        gateway.create_ref(f"heads/{source}", _commit(gateway, wish, sha, changes) if changes else sha)
    else:
        for known in gateway.open_pull_requests(source, target):
            return known
    return gateway.open_pull_request(
        source,
        target,
        wish.title or f"CML PR for {target} {sha[:8]}",
        wish.body or f"Automated commits for {sha} created by `assay cml pr create`.",
    )


def merge_when_ready(gateway: Writes, opened: Opened, method: Method) -> None:
    """Let GitHub merge the pull request once its required checks passed.

    Raises:
        UserProblem: GitHub does not turn auto-merge on. The pull request stays open: merging at once would pass every gate by.
    """
    try:
        gateway.merge_when_ready(opened.node, method)
    except Refused as refused:
        raise UserProblem(
            f"auto-merge is not turned on ({refused.what}), so the pull request stays open",
            opened.url,
            "Allow auto-merge in the repository's settings and require a status check on its target, or merge it by hand",
        ) from None


def _commit(gateway: Writes, wish: Wish, sha: str, changes: Mapping[str, Change]) -> str:
    entries = {path: (change.mode, gateway.create_blob(change.content)) for path, change in sorted(changes.items())}
    message = wish.message or f"CML PR for {sha[:8]}"
    return gateway.commit(
        f"{message} [skip ci]" if wish.skip_ci else message, gateway.commit_tree(sha, entries), [sha], wish.author
    )
