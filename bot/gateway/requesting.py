"""The gateway, and what requests for a promotion need: the issue that holds one, and the deployment that comes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from bot.gateway.gateway import COMMENT_LIMIT, FILES_LISTED, _made
from bot.gateway.locking import LockGateway
from bot.gateway.problems import NotThere, Refused
from bot.gateway.records import Closing, Identity, IssueComment, Json
from policy.problems import OutsideProblem

DeploymentState = Literal["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]
_ISSUES = {"issues": "write"}
_DEPLOYMENTS = {"deployments": "write"}
_PAGE = 100
_PUSHES = ("push", "force_push", "branch_creation")
_MOST_ATTEMPTS = 10
TASK = "assay-promote"
"""What tells the deployments of promotions from others."""
_TITLE_LIMIT = 256
_DESCRIPTION_LIMIT = 140


@dataclass(frozen=True)
class Person:
    """One side of a commit: the account, where GitHub knows one, and the address that git has."""

    id: int | None
    login: str
    email: str

    @classmethod
    def of(cls, account: Json | None, written: Json) -> "Person":
        """From a commit's `author` or `committer`, and the same of its git object."""
        account = account or {}
        return cls(account.get("id"), account.get("login") or "", str(written.get("email") or ""))


@dataclass(frozen=True)
class Commit:
    """A commit and its people."""

    sha: str
    author: Person
    committer: Person
    message: str

    @classmethod
    def of(cls, data: Json) -> "Commit":
        """From GitHub's `commit`."""
        git = data["commit"]
        return cls(
            sha=data["sha"],
            author=Person.of(data.get("author"), git.get("author") or {}),
            committer=Person.of(data.get("committer"), git.get("committer") or {}),
            message=git.get("message") or "",
        )


@dataclass(frozen=True)
class Head:
    """Where a change was pushed to: a branch that ended in a commit. `repository` is None where the fork is gone."""

    repository: str | None
    branch: str
    sha: str


@dataclass(frozen=True)
class Between:
    """What one commit has that another has not. `names` and `lines` are None where GitHub lists not all files."""

    commits: Sequence[Commit]
    names: Sequence[str] | None
    lines: int | None
    """How many lines were added or removed in all of them."""


@dataclass(frozen=True)
class Issue:
    """An issue. `reason` is why it was closed, `app_id` the App that opened it, if one did. Times in ISO 8601."""

    number: int
    title: str
    body: str
    state: str
    reason: str | None
    author_id: int | None
    author_login: str | None
    app_id: int | None
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    locked: bool
    created_at: str
    updated_at: str
    url: str
    closed_at: str = ""
    """Empty where it is open."""

    @classmethod
    def of(cls, data: Json) -> "Issue":
        """From GitHub's `issue`."""
        user, app = data.get("user") or {}, data.get("performed_via_github_app") or {}
        return cls(
            number=data["number"],
            title=data["title"],
            body=data.get("body") or "",
            state=data["state"],
            reason=data.get("state_reason"),
            author_id=user.get("id"),
            author_login=user.get("login"),
            app_id=app.get("id"),
            labels=tuple(each["name"] for each in data["labels"]),
            assignees=tuple(each["login"] for each in data.get("assignees") or ()),
            locked=bool(data.get("locked")),
            created_at=data["created_at"],
            updated_at=data["updated_at"],
            url=data["html_url"],
            closed_at=data.get("closed_at") or "",
        )


@dataclass(frozen=True)
class Deployment:
    """A deployment; `payload` is what whoever made it wrote along, an empty object where that is none."""

    id: int
    sha: str
    environment: str
    description: str
    payload: Mapping[str, Any]
    author_id: int | None
    author_login: str | None
    created_at: str

    @classmethod
    def of(cls, data: Json) -> "Deployment":
        """From GitHub's `deployment`, whose payload may be JSON or the text of JSON."""
        payload = data.get("payload")
        if isinstance(payload, str):
            try:
                payload = json.loads(payload)
            except ValueError:
                payload = None
        return cls(
            id=data["id"],
            sha=data["sha"],
            environment=data["environment"],
            description=data.get("description") or "",
            payload=payload if isinstance(payload, dict) else {},
            author_id=(data.get("creator") or {}).get("id"),
            author_login=(data.get("creator") or {}).get("login"),
            created_at=data["created_at"],
        )


class RequestGateway(LockGateway):
    """A gateway that also keeps requests and deployments."""

    # --- commits ---

    def commits_between(self, base: str, head: str) -> Between:
        """The commits of head that base has not, those of second parents too, and what differs."""
        between = f"{quote(base, safe='')}...{quote(head, safe='')}"
        path = f"/compare/{between}?per_page={_PAGE}"
        first = self._get(path, {"contents": "read"}).data
        found, page = list(first["commits"]), 1
        while len(found) < first["total_commits"]:
            page += 1
            more = self._get(f"{path}&page={page}", {"contents": "read"}).data["commits"]
            if not more:
                raise OutsideProblem("GitHub lists fewer commits than there are", between, "Try again later")
            found += more
        files = first.get("files") or []
        names = [name for each in files for name in (each["filename"], each.get("previous_filename")) if name]
        commits, whole = [_made(Commit.of, each) for each in found], len(files) < FILES_LISTED
        lines = [each.get("changes") for each in files]
        counted = sum(each for each in lines if type(each) is int)
        known = whole and all(type(each) is int for each in lines)
        return Between(commits, names if whole else None, counted if known else None)

    def commit_people(self, sha: str) -> Commit:
        """One commit with its people."""
        return _made(Commit.of, self._get(f"/commits/{quote(sha, safe='')}", {"contents": "read"}).data)

    def commits_of_pull(self, number: int) -> list[Commit]:
        """The commits of a pull request, of which GitHub lists 250 at most."""
        return self._list(f"/pulls/{number}/commits", Commit.of, {"pull-requests": "read"})

    # --- people ---

    def merged_by(self, number: int) -> Identity | None:
        """Who merged a pull request; None for one that is not merged, or by an account that is gone."""
        found = self._get(f"/pulls/{number}", {"pull-requests": "read"}).data.get("merged_by")
        return Identity(found["login"], found["id"]) if found else None

    def pulls_merged_with(self, sha: str) -> list[int]:
        """The merged pull requests that a commit came by."""
        found = self._list(f"/commits/{quote(sha, safe='')}/pulls", dict, {"pull-requests": "read"})
        return [int(each["number"]) for each in found if each.get("merged_at")]

    def heads_merged_with(self, sha: str) -> list[Head]:
        """The heads of the merged pull requests that a commit came by."""
        found = self._list(f"/commits/{quote(sha, safe='')}/pulls", dict, {"pull-requests": "read"})
        heads = [each["head"] for each in found if each.get("merged_at")]
        return [Head((each.get("repo") or {}).get("full_name"), each["ref"], each["sha"]) for each in heads]

    def pusher(self, head: Head) -> Identity | None:
        """Who pushed a branch last so that it ended in a commit; None where GitHub does not tell, as of a private fork."""
        path = f"/repos/{head.repository}/activity?ref={quote(f'refs/heads/{head.branch}', safe='')}"
        try:
            for each in self._transport.pages(path, needs={"contents": "read"}):
                if each["after"] == head.sha and each["activity_type"] in _PUSHES:
                    found = each.get("actor")
                    return Identity(found["login"], found["id"]) if found else None
        except NotThere:
            pass
        return None

    def starters(self, workflow: str, sha: str) -> list[Identity] | None:
        """Who started the runs of a workflow file for a commit, and who ran them again.

        None where there is no such run, an account of them is gone, or one was run again too often to ask for each time.
        """
        path = f"{self._root}/actions/workflows/{quote(workflow, safe='')}/runs?head_sha={quote(sha, safe='')}"
        try:
            runs = list(self._transport.pages(path, "workflow_runs", {"actions": "read"}))
        except NotThere:
            return None
        people: list[Json | None] = []
        for run in runs:
            attempts = run.get("run_attempt") or 1
            if attempts > _MOST_ATTEMPTS:
                return None
            people += [run.get("actor"), run.get("triggering_actor")]
            for number in range(2, attempts):  # the first is the actor's, and the last is the run as it is
                people.append(
                    self._get(f"/actions/runs/{run['id']}/attempts/{number}", {"actions": "read"}).data["triggering_actor"]
                )
        known = [Identity(each["login"], each["id"]) for each in people if each]
        return list(dict.fromkeys(known)) if known and len(known) == len(people) else None

    def approvers(self, number: int) -> list[Identity]:
        """Who approved a pull request by a review, also where that was dismissed since; accounts that are gone are left out."""
        found = self._list(f"/pulls/{number}/reviews", dict, {"pull-requests": "read"})
        approved = [each for each in found if each.get("state") in ("APPROVED", "DISMISSED") and each.get("user")]
        return list(dict.fromkeys(Identity(each["user"]["login"], each["user"]["id"]) for each in approved))

    def myself(self) -> Identity:
        """Who we write as, with the numeric id, which is asked for where it is not known."""
        me = self.identity()
        if me.id is not None:
            return me
        found = self._transport.send("GET", f"/users/{quote(me.login, safe='')}").data
        return Identity(found["login"], found["id"])

    # --- issues ---

    def issue(self, number: int) -> Issue:
        """An issue. Raises NotThere for one that was deleted."""
        return _made(Issue.of, self._get(f"/issues/{number}", {"issues": "read"}).data)

    def issues(self, label: str, state: Literal["open", "closed", "all"] = "open") -> list[Issue]:
        """The issues with a label, the newest first; pull requests are none."""
        path = f"{self._root}/issues?state={state}&labels={quote(label, safe='')}"
        found = self._transport.pages(path, needs={"issues": "read"})
        return [_made(Issue.of, each) for each in found if "pull_request" not in each]

    def open_issue(self, title: str, body: str, labels: Sequence[str], assignees: Sequence[str] = ()) -> Issue:
        """Open an issue; the first label is that by which it is found again. Assignees whom GitHub does not take are left out.

        Two with the same text are one: the body must tell this issue from others. Raises Refused for a text that is too long.
        """
        if not labels:
            raise ValueError("an issue of ours has a label")
        _fits(title, body)

        def already() -> Json | None:
            path = f"{self._root}/issues?state=all&labels={quote(labels[0], safe='')}"
            for each in self._transport.pages(path, needs={"issues": "read"}):
                if each.get("body") == body and (each.get("user") or {}).get("login") == self.identity().login:
                    return dict(each)
            return None

        wanted = {"title": title, "body": body, "labels": list(labels), "assignees": list(assignees)}
        return _made(Issue.of, self._post("/issues", wanted, _ISSUES, already))

    def assign(self, number: int, assignees: Sequence[str]) -> None:
        """Make these the assignees of an issue, and nobody else."""
        self._send("PATCH", f"/issues/{number}", {"assignees": list(assignees)}, _ISSUES)

    def close_issue(self, number: int, reason: Closing) -> None:
        """Close an issue; one that is closed stays so."""
        self._send("PATCH", f"/issues/{number}", {"state": "closed", "state_reason": reason}, _ISSUES)

    def reopen_issue(self, number: int) -> None:
        """Open an issue again; one that is open stays so."""
        self._send("PATCH", f"/issues/{number}", {"state": "open"}, _ISSUES)

    def closed_by(self, number: int) -> tuple[Person, str] | None:
        """Who closed an issue, without an address, and when; None for one that is open, or where GitHub does not say."""
        data = self._get(f"/issues/{number}", {"issues": "read"}).data
        if data["state"] != "closed" or not data.get("closed_by"):
            return None
        return Person.of(data["closed_by"], {}), data.get("closed_at") or data["updated_at"]

    def comment(self, id: int) -> IssueComment:
        """One comment as it is now. Raises NotThere for one that was deleted."""
        return _made(IssueComment.of, self._get(f"/issues/comments/{id}", {"issues": "read"}).data)

    # --- deployments ---

    def deployments(self) -> list[Deployment]:
        """The deployments that promotions left, to whatever environment, the newest first."""
        return self._list(f"/deployments?task={TASK}", Deployment.of, {"deployments": "read"})

    def create_deployment(self, sha: str, environment: str, description: str, payload: Mapping[str, Any]) -> Deployment:
        """Record a deployment of a commit. Two to one environment with the same payload are one: it must tell them apart.

        GitHub merges nothing into the commit and waits for no check: what had to hold was decided before.
        """

        def already() -> Json | None:
            path = f"{self._root}/deployments?task={TASK}&environment={quote(environment, safe='')}"
            for each in self._transport.pages(path, needs={"deployments": "read"}):
                if _made(Deployment.of, each).payload == dict(payload):
                    return dict(each)
            return None

        wanted: Json = {
            "ref": sha,
            "task": TASK,
            "environment": environment,
            "description": description[:_DESCRIPTION_LIMIT],
            "payload": dict(payload),
            "auto_merge": False,
            "required_contexts": [],
        }
        return _made(Deployment.of, self._post("/deployments", wanted, _DEPLOYMENTS, already))

    def deployment_state(self, id: int) -> str | None:
        """How a deployment is now; None where nobody said."""
        newest = self._get(f"/deployments/{id}/statuses?per_page=1", {"deployments": "read"}).data
        return str(newest[0]["state"]) if newest else None

    def set_deployment_state(self, id: int, state: DeploymentState, description: str, log_url: str = "", url: str = "") -> None:
        """Say how a deployment is; `log_url` leads to what was done, `url` to what runs. A success ends earlier ones."""
        wanted: Json = {"state": state, "description": description[:_DESCRIPTION_LIMIT]}
        wanted |= {name: value for name, value in (("log_url", log_url), ("environment_url", url)) if value}
        path = f"/deployments/{id}/statuses"
        self._post(path, wanted, _DEPLOYMENTS, lambda: {} if self.deployment_state(id) == state else None)


def _fits(title: str, body: str) -> None:
    for name, text, most in (("title", title, _TITLE_LIMIT), ("text", body, COMMENT_LIMIT)):
        if len(text) > most:
            raise Refused(f"the {name} of the issue has {len(text):,} characters, more than {most:,}", "the issue", "Shorten it")
