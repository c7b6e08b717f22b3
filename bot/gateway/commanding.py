"""The gateway, and what commands need besides: who people are, reactions, runs of workflows, reviewers and labels."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.gateway.gateway import Gateway
from bot.gateway.problems import NotThere, Refused
from bot.gateway.records import CheckRunRecord, IssueComment, Json, PullRequest, WorkflowRun
from bot.gateway.wider import WiderGateway
from policy.problems import OutsideProblem
from policy.roles import Level, level_of

Content = Literal["eyes", "rocket", "confused"]
_REACTING = {"pull-requests": "write"}
_RUNNING = {"actions": "write"}


@dataclass(frozen=True)
class Collaborator:
    """What an account is to the repository right now."""

    id: int
    login: str
    level: Level


@dataclass(frozen=True)
class CheckText:
    """What a check run shows: its own words, as they were written."""

    check: CheckRunRecord
    title: str
    text: str
    url: str


class CommandGateway(WiderGateway):
    """A gateway for the handlers of commands and events."""

    # --- people ---

    def collaborator(self, login: str) -> Collaborator:
        """What an account may do here. Raises NotThere for one that GitHub does not know, Forbidden, or OutsideProblem."""
        path = f"/collaborators/{quote(login, safe='')}/permission"
        data = self._get(path, {"metadata": "read"}).data
        try:
            return _collaborator(data["user"], data.get("role_name") or "", data["permission"])
        except (KeyError, TypeError, AttributeError) as error:
            raise OutsideProblem(f"GitHub's answer lacks {error}", path, "Try again later") from None

    def collaborators(self) -> list[Collaborator]:
        """The first hundred of those who have a role here, by one request. Raises Forbidden where the token may not list them."""
        path = "/collaborators?per_page=100"
        data = self._get(path, {"metadata": "read"}).data
        try:
            return [_collaborator(each, each.get("role_name") or "", "none") for each in data]
        except (KeyError, TypeError, AttributeError) as error:
            raise OutsideProblem(f"GitHub's answer lacks {error}", path, "Try again later") from None

    def in_team(self, organisation: str, slug: str, login: str) -> bool:
        """Whether an account is an active member of a team, or of a team within it."""
        path = f"/orgs/{quote(organisation, safe='')}/teams/{quote(slug, safe='')}/memberships/{quote(login, safe='')}"
        try:
            data = self._transport.send("GET", path, needs={"members": "read"}).data
        except NotThere:
            return False
        return isinstance(data, dict) and data.get("state") == "active"

    # --- reactions ---

    def react(self, comment_id: int, content: Content) -> bool:
        """React to a comment; whether that is new. Raises NotThere where the comment is gone."""
        path = f"{self._root}/issues/comments/{comment_id}/reactions"
        answer = self._transport.send("POST", path, body={"content": content}, needs=_REACTING, present=_never)
        return answer.status == 201

    def recent_comments(self, since: str) -> list[IssueComment]:
        """The comments of the whole repository that were written or changed since a moment in ISO 8601, the oldest first."""
        path = f"/issues/comments?sort=created&direction=asc&since={quote(since, safe='')}"
        return self._list(path, IssueComment.of, {"pull-requests": "read"})

    # --- workflows ---

    def workflow_runs(self, workflow: str, event: str, query: str = "") -> list[WorkflowRun]:
        """The newest hundred runs of a workflow file for one event; `query` narrows them, such as `&head_sha=...`.

        None where the repository has no such workflow.
        """
        path = f"/actions/workflows/{quote(workflow, safe='')}/runs?event={event}&per_page=100{query}"
        try:
            data = self._get(path, {"actions": "read"}).data
        except NotThere:
            return []
        return [WorkflowRun.of(each) for each in data["workflow_runs"]]

    def runs(self, query: str) -> list[WorkflowRun]:
        """The newest hundred runs that a query such as `branch=topic&status=queued` names."""
        data = self._get(f"/actions/runs?per_page=100&{query}", {"actions": "read"}).data
        return [WorkflowRun.of(each) for each in data["workflow_runs"]]

    def dispatch(self, workflow: str, ref: str, inputs: dict[str, str]) -> None:
        """Start a workflow of the branch `ref`. Raises NotThere where there is no such file, Refused for its inputs.

        Not repeated by itself: GitHub would start it twice. Whoever repeats it looks among the runs first.
        """
        path = f"{self._root}/actions/workflows/{quote(workflow, safe='')}/dispatches"
        self._transport.send("POST", path, body={"ref": ref, "inputs": inputs}, needs=_RUNNING)

    def cancel_run(self, run_id: int) -> None:
        """Stop a run; one that ended already is no problem."""
        try:
            self._transport.send("POST", f"{self._root}/actions/runs/{run_id}/cancel", needs=_RUNNING, present=_never)
        except Refused:
            return

    # --- pull requests ---

    def request_reviewers(self, number: int, users: list[str], teams: list[str]) -> None:
        """Ask people and teams (slugs) for their review; those who are asked already stay asked."""
        body = {"reviewers": users, "team_reviewers": teams}
        path = f"{self._root}/pulls/{number}/requested_reviewers"
        self._transport.send("POST", path, body=body, needs={"pull-requests": "write"}, present=_never)

    def is_open(self, number: int) -> bool:
        """Whether an issue or pull request is open; one that is gone is not."""
        try:
            return bool(self._get(f"/issues/{number}", {"issues": "read"}).data["state"] == "open")
        except NotThere:
            return False

    def add_label(self, number: int, label: str) -> None:
        """Put a label on an issue or pull request; GitHub makes it where it is new."""
        path = f"{self._root}/issues/{number}/labels"
        self._transport.send("POST", path, body={"labels": [label]}, needs=_REACTING, present=_never)

    def remove_label(self, number: int, label: str) -> None:
        """Take a label off; one that is not there is no problem."""
        try:
            self._send("DELETE", f"/issues/{number}/labels/{quote(label, safe='')}", None, _REACTING)
        except NotThere:
            return

    def open_pulls(self, base: str = "") -> list[PullRequest]:
        """The open pull requests, into one branch or into any."""
        wanted = f"&base={quote(base, safe='')}" if base else ""
        return self._list(f"/pulls?state=open{wanted}", PullRequest.of, {"pull-requests": "read"})

    def check_texts(self, sha: str) -> list[CheckText]:
        """The newest check run of each name on a commit, with what it shows."""
        found = self._transport.pages(f"{self._root}/commits/{sha}/check-runs?filter=latest", "check_runs", {"checks": "read"})
        return [
            CheckText(
                CheckRunRecord.of(each),
                (each.get("output") or {}).get("title") or "",
                (each.get("output") or {}).get("text") or "",
                each.get("details_url") or "",
            )
            for each in found
        ]


def of(gateway: Gateway) -> CommandGateway:
    """The same repository by the same token."""
    return gateway if isinstance(gateway, CommandGateway) else CommandGateway.of(gateway)


def _collaborator(user: Json, role_name: str, permission: str) -> Collaborator:
    flags = [name for name, held in (user.get("permissions") or {}).items() if held is True]
    return Collaborator(user["id"], user["login"], level_of(flags, role_name, permission))


def _never() -> None:
    """For what may be asked twice without a difference."""
