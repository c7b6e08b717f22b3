"""The gateway, and what pictures and CML's verbs need besides: branches deleted, commits commented, pull requests opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self
from urllib.parse import quote

from bot.gateway.gateway import Gateway
from bot.gateway.problems import NotThere, Refused
from bot.gateway.records import IssueComment, Json

Method = Literal["merge", "rebase", "squash"]
_CONTENTS = {"contents": "write"}
_PULLS = {"contents": "write", "pull-requests": "write"}
_AUTO_MERGE = """
mutation($pullRequest: ID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $pullRequest, mergeMethod: $method}) { clientMutationId }
}
"""


@dataclass(frozen=True)
class Opened:
    """An open pull request within the repository; `url` is its page, `node` its id for GraphQL."""

    number: int
    url: str
    node: str
    head_sha: str


@dataclass(frozen=True)
class Author:
    """The author of a commit."""

    name: str
    email: str


class WiderGateway(Gateway):
    """A gateway that also opens pull requests and keeps pictures."""

    @classmethod
    def of(cls, gateway: Gateway) -> Self:
        """The same repository by the same token."""
        return cls(gateway._transport, gateway.full_name, gateway._identity, gateway._app_slug)

    # --- git data ---

    def refs(self, prefix: str) -> list[str]:
        """The names, without `refs/`, of all references that begin so."""
        path = f"{self._root}/git/matching-refs/{quote(prefix)}"
        return [str(each["ref"]).removeprefix("refs/") for each in self._transport.pages(path, needs={"contents": "read"})]

    def delete_ref(self, name: str) -> None:
        """Delete a reference; one that is gone already is no problem."""
        try:
            self._send("DELETE", f"/git/refs/{quote(name)}", None, _CONTENTS)
        except (NotThere, Refused):
            if self.ref(name) is not None:
                raise

    def commit_tree(self, commit: str, entries: Mapping[str, tuple[str, str]]) -> str:
        """Store a commit's tree with entries changed: path to (mode as git writes it, SHA of the blob); the answer is its SHA."""
        base = self._get(f"/git/commits/{commit}", {"contents": "read"}).data["tree"]["sha"]
        tree = [{"path": path, "mode": mode, "type": "blob", "sha": sha} for path, (mode, sha) in entries.items()]
        return str(self._post("/git/trees", {"base_tree": base, "tree": tree}, _CONTENTS, _nothing)["sha"])

    def commit(self, message: str, tree: str, parents: Sequence[str], author: Author | None) -> str:
        """Store a commit; without an author it is the token's account's. The answer is its SHA."""
        body: Json = {"message": message, "tree": tree, "parents": list(parents)}
        if author:
            body["author"] = {"name": author.name, "email": author.email}
        return str(self._post("/git/commits", body, _CONTENTS, _nothing)["sha"])

    # --- comments on commits ---

    def commit_comments(self, sha: str) -> list[IssueComment]:
        """All comments on a commit, the oldest first."""
        return self._list(f"/commits/{sha}/comments", IssueComment.of, {"contents": "read"})

    def create_commit_comment(self, sha: str, body: str) -> IssueComment:
        """Write a comment on a commit. Raises Refused for a body that is too long."""

        def already() -> Json | None:
            found = [each for each in self.commit_comments(sha) if each.body == body and self.owns(each)]
            return {**vars(found[-1]), "user": {"id": found[-1].author_id, "login": found[-1].author_login}} if found else None

        return IssueComment.of(self._post(f"/commits/{sha}/comments", {"body": body}, _CONTENTS, already))

    def update_commit_comment(self, comment_id: int, body: str) -> None:
        """Write a comment on a commit anew; raises NotThere where somebody deleted it."""
        self._send("PATCH", f"/comments/{comment_id}", {"body": body}, _CONTENTS)

    # --- pull requests ---

    def open_pull_requests(self, head_ref: str, base_ref: str) -> list[Opened]:
        """The open pull requests from one branch of this repository into another."""
        owner = self.full_name.partition("/")[0]
        wanted = f"state=open&head={quote(f'{owner}:{head_ref}', safe='')}&base={quote(base_ref, safe='')}"
        found = self._list(f"/pulls?{wanted}", dict, {"pull-requests": "read"})
        return [_opened(each) for each in found if (each["head"]["ref"], each["base"]["ref"]) == (head_ref, base_ref)]

    def pull_request_merged_as(self, sha: str, base_ref: str) -> int | None:
        """The number of the pull request whose merge made this the head of a branch; None where there is not exactly one."""
        found = self._list(f"/commits/{sha}/pulls", dict, {"pull-requests": "read"})
        merged = [
            int(each["number"])
            for each in found
            if each.get("merged_at") and each.get("merge_commit_sha") == sha and each["base"]["ref"] == base_ref
        ]
        return merged[0] if len(merged) == 1 else None

    def open_pull_request(self, head_ref: str, base_ref: str, title: str, body: str) -> Opened:
        """Open a pull request within this repository. Raises Refused where GitHub does, such as for one without a difference."""

        def already() -> Json | None:
            found = self.open_pull_requests(head_ref, base_ref)
            return {"number": found[0].number} if found else None

        wanted = {"head": head_ref, "base": base_ref, "title": title, "body": body}
        made = self._post("/pulls", wanted, _PULLS, already)
        return _opened(made if "node_id" in made else self._get(f"/pulls/{made['number']}").data)

    def merge_when_ready(self, node: str, method: Method) -> None:
        """Turn on auto-merge for a pull request. Raises Refused where GitHub does not."""
        asked: Any = {"query": _AUTO_MERGE, "variables": {"pullRequest": node, "method": method.upper()}}
        answer = self._transport.send("POST", self._transport.requester.graphql_url, body=asked, needs=_PULLS).data
        if errors := (answer or {}).get("errors"):
            raise Refused(str(errors[0].get("message", "no reason given"))[:200], "auto-merge", "See the repository's settings")


def _opened(data: Json) -> Opened:
    return Opened(data["number"], data["html_url"], data["node_id"], data["head"]["sha"])


def _nothing() -> None:
    """For objects of git, which are named by their content: written twice, they are the same."""
