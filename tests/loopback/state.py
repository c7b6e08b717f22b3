"""What the loopback GitHub remembers: plain records in memory, one git repository per repository on disk."""

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.loopback import clock
from tests.loopback.git import Git

Json = dict[str, Any]

ACTIONS_BOT_ID = 41898282
"""The numeric id of `github-actions[bot]` on github.com, which GITHUB_TOKEN acts as."""
ACTIONS_APP_ID = 15368
"""The id of the GitHub Actions app on github.com, which owns that bot."""


def moment() -> str:
    """Now, as GitHub writes a time: UTC, whole seconds."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def node(kind: str, number: int) -> str:
    """A node id: opaque to clients, stable for one record."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


@dataclass
class Account:
    """A user, a bot or an organisation."""

    id: int
    login: str
    type: str = "User"


@dataclass
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    number: int
    body: str
    author: Account
    app_id: int | None
    created_at: str
    updated_at: str


@dataclass
class CommitComment:
    """A comment on a commit, which has no pull request around it."""

    id: int
    sha: str
    body: str
    author: Account
    created_at: str
    updated_at: str


@dataclass
class Reaction:
    """An emoji of one account on a comment or an issue; `on` names which."""

    id: int
    on: tuple[str, int]
    content: str
    author: Account
    created_at: str


@dataclass
class Label:
    """A label that the repository offers."""

    id: int
    name: str
    color: str
    description: str | None


@dataclass
class Issue:
    """An issue; a pull request has one too, under the same number."""

    id: int
    number: int
    title: str
    body: str | None
    author: Account
    created_at: str
    updated_at: str
    state: str = "open"
    closed_at: str | None = None
    closed_by: Account | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)


@dataclass
class Milestone:
    """A milestone; `due_on` is as GitHub keeps it, which is not as it was sent."""

    id: int
    number: int
    title: str
    description: str | None
    creator: Account
    created_at: str
    updated_at: str
    due_on: str | None = None
    state: str = "open"
    closed_at: str | None = None


@dataclass
class Pull:
    """A pull request: `head_repository` is None once the fork was deleted."""

    id: int
    number: int
    head_repository: str | None
    head_owner: str
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    draft: bool = False
    merged_at: str | None = None
    merge_commit: str | None = None
    merged_by: Account | None = None
    reviewers: list[Account] = field(default_factory=list)
    reviewing_teams: list[str] = field(default_factory=list)
    reviews: list[tuple[Account, str]] = field(default_factory=list)
    """Who reviewed it, and the state of the review, such as `APPROVED`."""
    blocked: str = ""
    """What the rules of the base say against a merge, such as `At least 1 approving review is required`; empty for nothing."""
    unknown_for: int = 0
    """How many more times GitHub, asked whether it can be merged, is still finding out."""


@dataclass
class CheckRun:
    """One check of one app on one commit."""

    id: int
    suite: int
    app_id: int
    head_sha: str
    name: str
    status: str
    conclusion: str | None
    external_id: str
    details_url: str | None
    started_at: str | None
    completed_at: str | None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)


@dataclass
class Status:
    """A commit status: the older, smaller brother of a check run."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: Account
    created_at: str


@dataclass
class Artifact:
    """What a workflow run left behind: the bytes of a zip file."""

    id: int
    run_id: int
    name: str
    data: bytes
    created_at: str
    expired: bool = False


@dataclass
class Job:
    """A job of a run. GitHub gives it a beginning from the first moment on; what tells is whether a runner took it."""

    id: int
    name: str
    labels: list[str]
    status: str
    conclusion: str | None
    started_at: str
    completed_at: str | None
    runner: int = 7
    """The runner's number; 0 where none took it."""
    attempt: int = 1


@dataclass
class Run:
    """One run of one workflow file; `title` where its `run-name` or its workflow gave it one."""

    id: int
    number: int
    name: str
    path: str
    workflow_id: int
    event: str
    head_sha: str
    head_branch: str | None
    head_repository: str
    actor: Account
    created_at: str
    status: str = "completed"
    conclusion: str | None = "success"
    attempt: int = 1
    again: list[Account] = field(default_factory=list)
    """Who started the second attempt, the third and so on."""
    inputs: Json = field(default_factory=dict)
    title: str | None = None
    gates: dict[str, list[Json]] = field(default_factory=dict)
    """What was said for each environment that jobs wait for; one that has an answer is waited for no more."""
    jobs: list[Job] = field(default_factory=list)
    ended_at: str | None = None


@dataclass
class Deployment:
    """A deployment with its statuses, oldest first."""

    id: int
    sha: str
    ref: str
    task: str
    environment: str
    description: str | None
    payload: Any
    creator: Account
    created_at: str
    statuses: list[Json] = field(default_factory=list)


@dataclass
class Hook:
    """A registered webhook."""

    id: int
    url: str
    secret: str
    events: list[str]
    active: bool = True


@dataclass
class Dispatch:
    """A `repository_dispatch` or `workflow_dispatch` that somebody asked for."""

    kind: str
    name: str
    ref: str | None
    payload: Json
    actor: str


@dataclass
class Activity:
    """A branch that somebody moved."""

    id: int
    ref: str
    before: str
    after: str
    type: str
    actor: Account | None
    at: str


@dataclass
class Repository:
    """A repository and everything in it, by number or id."""

    id: int
    owner: Account
    name: str
    git: Git
    private: bool = False
    default_branch: str = "main"
    parent: str | None = None
    created_at: str = field(default_factory=moment)
    issues: dict[int, Issue] = field(default_factory=dict)
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    commit_comments: dict[int, CommitComment] = field(default_factory=dict)
    allows_auto_merge: bool = False
    merge_methods: tuple[str, ...] = ("merge", "squash", "rebase")
    """How pull requests may be merged."""
    auto_merges: dict[int, str] = field(default_factory=dict)
    reactions: dict[int, Reaction] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    statuses: dict[int, Status] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    artifacts: dict[int, Artifact] = field(default_factory=dict)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    """Oldest first."""
    roles: dict[str, str] = field(default_factory=dict)
    protected: dict[str, Json] = field(default_factory=dict)
    dispatches: list[Dispatch] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """`owner/name`, as GitHub writes it."""
        return f"{self.owner.login}/{self.name}"

    @property
    def path(self) -> Path:
        """The bare git repository on disk: a remote for `git push`."""
        return self.git.path


@dataclass
class Team:
    """A team of an organisation: logins of its members."""

    id: int
    organisation: str
    slug: str
    members: dict[str, str] = field(default_factory=dict)


@dataclass
class App:
    """A GitHub App; `private_key` is PEM text that signs its JWT, `hook` what its owner listens with."""

    id: int
    slug: str
    owner: Account
    bot: Account
    permissions: dict[str, str]
    events: list[str]
    private_key: str
    public_key: str
    created_at: str = field(default_factory=moment)
    name: str = ""
    url: str = ""
    client_secret: str = ""
    hook: Hook | None = None
    callbacks: list[str] = field(default_factory=list)
    """Where people who sign in with it are led back to."""


@dataclass
class Grant:
    """A person said that an app may act for them; the code for it works once."""

    app: App
    who: Account
    redirect: str
    challenge: str
    at: float


@dataclass
class Installation:
    """An app installed on one account, for some of its repositories, with the permissions that the account granted."""

    id: int
    app_id: int
    account: Account
    repositories: list[str]
    permissions: dict[str, str]
    created_at: str = field(default_factory=moment)
    suspended_at: str | None = None
    suspended_by: Account | None = None


@dataclass
class Token:
    """A credential: who acts with it, where, with which permissions (`{"issues": "write"}`)."""

    value: str
    kind: str
    actor: Account
    permissions: dict[str, str]
    repositories: set[str] | None = None
    app_id: int | None = None
    installation: int | None = None
    expires_at: float | None = None
    limit: int = 5000
    remaining: int = 5000


@dataclass
class State:
    """The whole of the loopback GitHub."""

    root: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    """Names that repositories once had, in lower case, and the numeric ids by which they are found still."""
    codes: dict[str, App] = field(default_factory=dict)
    """Apps made of a manifest that nobody fetched the credentials of yet, by the code that fetches them once."""
    grants: dict[str, Grant] = field(default_factory=dict)
    """What people who sign in with an App agreed to, by the code that fetches a token once."""
    browser: str = "octocat"
    """Who is signed in to the web pages; empty for somebody who says no."""
    networks: list[str] = field(default_factory=lambda: ["127.0.0.1/32", "::1/128"])
    """Where webhooks come from, as `/meta` says."""
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def next_id(self) -> int:
        """An id that nothing else has."""
        return next(self.counter)

    def account(self, login: str, type: str = "User") -> Account:
        """The account of a login, made when it is new."""
        if login not in self.accounts:
            self.accounts[login] = Account(self.next_id(), login, type)
        return self.accounts[login]

    def find(self, full_name: str) -> Repository | None:
        """A repository by its name, in any case, as GitHub finds it."""
        for name, repository in self.repositories.items():
            if name.lower() == full_name.lower():
                return repository
        return None

    def by_id(self, number: int) -> Repository | None:
        """A repository by its numeric id."""
        return next((repository for repository in self.repositories.values() if repository.id == number), None)

    def covering(self, full_name: str) -> list[Installation]:
        """The installations that reach a repository and are not suspended."""
        return [one for one in self.installations.values() if full_name in one.repositories and one.suspended_at is None]
