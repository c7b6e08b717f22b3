"""What the gateway answers with and takes: frozen records, made of GitHub's JSON in one place."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Json = dict[str, Any]
Conclusion = Literal["success", "failure", "neutral", "skipped", "cancelled", "timed_out", "action_required"]
Closing = Literal["completed", "not_planned"]
CheckStatus = Literal["queued", "in_progress", "completed"]
State = Literal["success", "failure", "error", "pending"]


@dataclass(frozen=True)
class Repository:
    """A repository; `id` stays when it is renamed."""

    id: int
    full_name: str
    default_branch: str
    private: bool

    @classmethod
    def of(cls, data: Json) -> "Repository":
        """From GitHub's `full-repository`, or that of an event."""
        return cls(data["id"], data["full_name"], data["default_branch"], bool(data["private"]))


class Written(Protocol):
    """What somebody made on GitHub: a comment, an issue, a deployment."""

    @property
    def author_id(self) -> int | None:
        """The numeric id of the account; None where it is gone."""

    @property
    def author_login(self) -> str | None:
        """Its login; None where it is gone."""


@dataclass(frozen=True)
class Identity:
    """Who the token writes as. `app_id` is that of its App, where there is one."""

    login: str
    id: int | None = None
    app_id: int | None = None

    def wrote(self, found: "Written") -> bool:
        """Whether this account wrote something: by its numeric id, or by its login where the id is not known."""
        return found.author_id == self.id if self.id is not None else found.author_login == self.login


ACTIONS = Identity("github-actions[bot]", 41898282, 15368)
"""Whom a job's own GITHUB_TOKEN writes as on github.com. On other servers the ids differ, so the login decides there."""


@dataclass(frozen=True)
class PullRequest:
    """A pull request. `head_repository` (owner/name) is None where the fork was deleted; `base_sha` may lag behind the branch."""

    number: int
    state: str
    draft: bool
    head_sha: str
    head_ref: str
    head_repository: str | None
    base_sha: str
    base_ref: str
    author_id: int | None
    author_login: str | None
    locked: bool = False
    """Whether only people who may write may comment."""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    """Logins and team slugs that are asked to review."""

    @classmethod
    def of(cls, data: Json) -> "PullRequest":
        """From GitHub's `pull-request` or `pull-request-simple`."""
        head, base, user = data["head"], data["base"], data.get("user") or {}
        asked = [*(each["login"] for each in data.get("requested_reviewers") or ())]
        asked += [each["slug"] for each in data.get("requested_teams") or ()]
        return cls(
            number=data["number"],
            state=data["state"],
            draft=bool(data.get("draft")),
            head_sha=head["sha"],
            head_ref=head["ref"],
            head_repository=(head.get("repo") or {}).get("full_name"),
            base_sha=base["sha"],
            base_ref=base["ref"],
            author_id=user.get("id"),
            author_login=user.get("login"),
            locked=bool(data.get("locked")),
            labels=tuple(each["name"] for each in data.get("labels") or ()),
            reviewers=tuple(asked),
        )

    def is_of_fork(self, repository: str) -> bool:
        """Whether its code lies in another repository, or in one that is gone."""
        return self.head_repository is None or self.head_repository.lower() != repository.lower()


@dataclass(frozen=True)
class WorkflowRun:
    """A run of a workflow. `head_repository` (owner/name) is None where the fork was deleted."""

    id: int
    name: str
    event: str
    head_sha: str
    head_branch: str | None
    head_repository: str | None
    conclusion: str | None
    run_attempt: int
    path: str
    started_at: str = ""
    """When this attempt began, in ISO 8601."""
    status: str = ""
    """`queued`, `in_progress`, `completed` and the like."""
    title: str = ""
    """What the workflow's `run-name` made of it."""
    updated_at: str = ""
    url: str = ""
    """Its page."""

    @classmethod
    def of(cls, data: Json) -> "WorkflowRun":
        """From GitHub's `workflow-run`, or that of an event."""
        return cls(
            id=data["id"],
            name=data.get("name") or "",
            event=data["event"],
            head_sha=data["head_sha"],
            head_branch=data.get("head_branch"),
            head_repository=(data.get("head_repository") or {}).get("full_name"),
            conclusion=data.get("conclusion"),
            run_attempt=data.get("run_attempt") or 1,
            path=data.get("path") or "",
            started_at=data.get("run_started_at") or "",
            status=data.get("status") or "",
            title=data.get("display_title") or "",
            updated_at=data.get("updated_at") or "",
            url=data.get("html_url") or "",
        )


@dataclass(frozen=True)
class Artifact:
    """A file that a run left; `size` in bytes, as GitHub says."""

    id: int
    name: str
    size: int
    expired: bool = False

    @classmethod
    def of(cls, data: Json) -> "Artifact":
        """From GitHub's `artifact`."""
        return cls(data["id"], data["name"], data["size_in_bytes"], bool(data.get("expired")))


@dataclass(frozen=True)
class Comparison:
    """Two revisions compared. `files` are the names that differ between merge base and head, the old name of a renamed one too.

    `status` says how head stands to base: ahead, behind, identical or diverged. `whole` is False where GitHub lists no more.
    """

    status: str
    base: str
    merge_base: str
    files: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class IssueComment:
    """A comment on an issue or pull request. `app_id` is that of the App that wrote it, if one did. Times in ISO 8601."""

    id: int
    body: str
    author_id: int | None
    author_login: str | None
    app_id: int | None
    created_at: str
    updated_at: str
    author_type: str = "User"
    """`User`, `Bot` or `Organization`."""
    number: int = 0
    """The issue or pull request that it is on; 0 for a comment on a commit."""
    answered: bool = False
    """Whether anybody reacted with what the bot ends with, a rocket or a confused face."""

    @property
    def edited(self) -> bool:
        """Whether somebody changed it since it was written; GitHub does not say who."""
        return self.updated_at != self.created_at

    @classmethod
    def of(cls, data: Json) -> "IssueComment":
        """From GitHub's `issue-comment`."""
        user, app = data.get("user") or {}, data.get("performed_via_github_app") or {}
        return cls(
            id=data["id"],
            body=data.get("body") or "",
            author_id=user.get("id"),
            author_login=user.get("login"),
            app_id=app.get("id"),
            created_at=data["created_at"],
            updated_at=data["updated_at"],
            author_type=user.get("type") or "User",
            number=_issue_number(data.get("issue_url") or ""),
            answered=any((data.get("reactions") or {}).get(each) for each in ("rocket", "confused")),
        )


def _issue_number(url: str) -> int:
    last = url.rsplit("/", 1)[-1]
    return int(last) if last.isdigit() else 0


@dataclass(frozen=True)
class Annotation:
    """A remark on lines of a file at the head."""

    path: str
    start_line: int
    end_line: int
    level: Literal["notice", "warning", "failure"]
    message: str
    title: str = ""

    def json(self) -> Json:
        """As the API takes it."""
        return {
            "path": self.path,
            "start_line": self.start_line,
            "end_line": self.end_line,
            "annotation_level": self.level,
            "message": self.message,
            **({"title": self.title} if self.title else {}),
        }


@dataclass(frozen=True)
class Button:
    """A button of a check run; a click comes back as the event `check_run` with the identifier.

    GitHub takes a label of 20 characters, a description of 40, an identifier of 20, and three buttons.
    """

    label: str
    description: str
    identifier: str


@dataclass(frozen=True)
class CheckRun:
    """A check run as it should be. `annotations` may be many: the gateway sends them in batches that GitHub takes."""

    name: str
    head_sha: str
    external_id: str
    status: CheckStatus
    conclusion: Conclusion | None
    title: str
    summary: str
    text: str = ""
    details_url: str = ""
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class CheckRunRecord:
    """A check run as it is."""

    id: int
    name: str
    head_sha: str
    external_id: str
    status: str
    conclusion: str | None
    app_id: int | None

    @classmethod
    def of(cls, data: Json) -> "CheckRunRecord":
        """From GitHub's `check-run`."""
        return cls(
            id=data["id"],
            name=data["name"],
            head_sha=data["head_sha"],
            external_id=data.get("external_id") or "",
            status=data["status"],
            conclusion=data.get("conclusion"),
            app_id=(data.get("app") or {}).get("id"),
        )


@dataclass(frozen=True)
class CommitStatus:
    """A commit status, the newest first in lists."""

    context: str
    state: str
    description: str
    url: str
    creator_login: str | None

    @classmethod
    def of(cls, data: Json) -> "CommitStatus":
        """From GitHub's `status`."""
        creator = data.get("creator") or {}
        return cls(
            data["context"], data["state"], data.get("description") or "", data.get("target_url") or "", creator.get("login")
        )
