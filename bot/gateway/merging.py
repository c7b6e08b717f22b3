"""The gateway, and what merging a pull request needs: GitHub's word on whether it can be merged, and the merge itself."""

from dataclasses import dataclass

from bot.gateway.gateway import _made
from bot.gateway.proposing import ProposalGateway
from bot.gateway.records import Json, PullRequest
from bot.gateway.wider import Method

_LOOKS = 3
_PAUSE = 1.5
_METHODS: tuple[tuple[Method, str], ...] = (
    ("merge", "allow_merge_commit"),
    ("squash", "allow_squash_merge"),
    ("rebase", "allow_rebase_merge"),
)


@dataclass(frozen=True)
class Mergeable:
    """A pull request and whether it can be merged: `state` is `clean`, `blocked`, `dirty` and the like, or `unknown`."""

    pull: PullRequest
    merged: bool
    state: str
    by: "Merger | None" = None
    """Who merged it, where somebody did."""

    @classmethod
    def of(cls, data: Json) -> "Mergeable":
        """From GitHub's `pull-request`."""
        by = data.get("merged_by")
        merger = Merger(by["id"], by["login"]) if by else None
        return cls(PullRequest.of(data), bool(data["merged"]), str(data.get("mergeable_state") or "unknown"), merger)


@dataclass(frozen=True)
class Merger:
    """An account, named as `Identity.wrote` asks for it."""

    author_id: int | None
    author_login: str | None


class MergeGateway(ProposalGateway):
    """A gateway that also merges pull requests."""

    def mergeable(self, number: int) -> Mergeable:
        """A pull request as it is. GitHub begins to find out whether it can be merged when it is asked, so it is asked again."""
        for look in range(_LOOKS):
            if look:
                self._transport.pause(_PAUSE)
            found = _made(Mergeable.of, self._get(f"/pulls/{number}", {"pull-requests": "read"}).data)
            if found.state != "unknown" or found.pull.state != "open":
                break
        return found

    def merge_method(self) -> Method:
        """How the repository wants pull requests merged: by the first of merge, squash and rebase that it allows."""
        data = self._get("").data
        return next((method for method, key in _METHODS if data.get(key, True)), "merge")

    def merge(self, number: int, sha: str, method: Method, title: str, message: str) -> None:
        """Merge a pull request as long as it ends in the commit `sha`, under the rules of its branch.

        Raises Refused where it cannot be merged (405), ends in another commit (409) or is merged already; Forbidden where the
        token may not.
        """
        body: Json = {"sha": sha, "merge_method": method}
        # A rebase keeps the messages of the commits.
        body |= {"commit_title": title, "commit_message": message} if method != "rebase" else {}
        self._send("PUT", f"/pulls/{number}/merge", body, {"contents": "write", "pull-requests": "write"})
