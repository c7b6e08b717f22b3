"""What the payload of each event looks like, as far as Assay reads it. Unknown fields are ignored.

GitHub signs the body and not the event's name, so a payload must also fit its event and no other: each shape names the keys
that would make it another event's. An event that has no shape here is accepted and ignored.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AwareDatetime, ValidationError

from bot.receiving.parts import (
    Account,
    App,
    Check,
    Comment,
    Deployed,
    Group,
    Id,
    Installation,
    Installed,
    Line,
    Model,
    Number,
    Part,
    Repository,
    Review,
    Run,
)
from policy import asking
from policy.facts.request import titled

REGISTRY = "mlflow"
"""The event of every delivery from the registry. GitHub has none of that name."""
SWEPT = "swept"
"""The entity of a look that a sweep asks for."""
ENTITIES = frozenset({"registered_model", "model_version", "model_version_tag", "model_version_alias", SWEPT})


class Misshapen(ValueError):
    """A payload that is not its event's."""


class Event(Part):
    """What every payload may hold."""

    foreign: ClassVar[frozenset[str]] = frozenset()
    """Keys that only another event's payload has."""
    actions: ClassVar[frozenset[str] | None] = None
    """The actions that tell this event from others; None where any will do."""

    action: Line = ""
    repository: Repository | None = None
    installation: Installation | None = None
    sender: Account | None = None

    @property
    def about(self) -> int | None:
        """The number of the issue or pull request, where the event is about one."""
        return None

    @property
    def branch(self) -> str:
        """The branch it is about, where it is about no number."""
        return ""

    @property
    def said(self) -> Comment | None:
        """The comment, if it is about one."""
        return None

    @property
    def app(self) -> App | None:
        """The App whose check it is about, if it is."""
        return None


class PullRequest(Event):
    """`pull_request`."""

    foreign = frozenset({"review", "comment", "thread"})
    action: Line
    number: Id
    pull_request: Number
    repository: Repository

    @property
    def about(self) -> int:
        return self.pull_request.number


class PullRequestReview(Event):
    """`pull_request_review`."""

    foreign = frozenset({"comment", "thread"})
    action: Line
    pull_request: Number
    review: Review
    repository: Repository

    @property
    def about(self) -> int:
        return self.pull_request.number


class PullRequestReviewComment(Event):
    """`pull_request_review_comment`."""

    foreign = frozenset({"review", "thread", "issue"})
    action: Line
    pull_request: Number
    comment: Comment
    repository: Repository

    @property
    def about(self) -> int:
        return self.pull_request.number

    @property
    def said(self) -> Comment:
        return self.comment


class IssueComment(Event):
    """`issue_comment`, of issues and pull requests alike."""

    foreign = frozenset({"pull_request", "discussion"})
    action: Line
    issue: Number
    comment: Comment
    repository: Repository

    @property
    def about(self) -> int:
        return self.issue.number

    @property
    def said(self) -> Comment:
        return self.comment


class Issues(Event):
    """`issues`."""

    foreign = frozenset({"comment", "pull_request"})
    action: Line
    issue: Number
    repository: Repository

    @property
    def about(self) -> int:
        return self.issue.number


class Push(Event):
    """`push`."""

    ref: Line
    before: Line
    after: Line
    commits: list[Any]
    repository: Repository

    @property
    def branch(self) -> str:
        return self.ref


class WorkflowRun(Event):
    """`workflow_run`. GitHub names the pull requests of branches and none of forks; a command's run names its own."""

    foreign = frozenset({"deployment", "deployment_status", "workflow_job", "reviewers", "requestor"})
    action: Line
    workflow_run: Run
    workflow: dict[str, Any] | None
    repository: Repository

    @property
    def about(self) -> int | None:
        # Handled in one row with the comment that asked for it, under whose answer it shows.
        title = self.workflow_run.display_title or ""
        asked, proposing = titled(title), asking.titled(title)
        return asked[1] if asked else proposing.number if proposing else _only(self.workflow_run.pull_requests)

    @property
    def branch(self) -> str:
        return self.workflow_run.head_branch or ""


class CheckRun(Event):
    """`check_run`, the buttons of a check included."""

    foreign = frozenset({"deployment", "deployment_status", "check_suite"})
    actions = frozenset({"created", "completed", "rerequested", "requested_action"})
    action: Line
    check_run: Check
    repository: Repository

    @property
    def about(self) -> int | None:
        return _only(self.check_run.pull_requests)

    @property
    def branch(self) -> str:
        return self.check_run.head_sha

    @property
    def app(self) -> App | None:
        return self.check_run.app


class CheckSuite(Event):
    """`check_suite`."""

    foreign = frozenset({"check_run"})
    actions = frozenset({"completed", "requested", "rerequested"})
    action: Line
    check_suite: Check
    repository: Repository

    @property
    def about(self) -> int | None:
        return _only(self.check_suite.pull_requests)

    @property
    def branch(self) -> str:
        return self.check_suite.head_sha

    @property
    def app(self) -> App | None:
        return self.check_suite.app


class MergeGroup(Event):
    """`merge_group`."""

    action: Line
    merge_group: Group
    repository: Repository

    @property
    def branch(self) -> str:
        return self.merge_group.head_ref


class InstallationEvent(Event):
    """`installation`: the App came, went, or may not act."""

    foreign = frozenset({"repository", "repositories_added", "repositories_removed"})
    actions = frozenset({"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"})
    action: Line
    installation: Installed


class InstallationRepositories(Event):
    """`installation_repositories`."""

    foreign = frozenset({"repository"})
    actions = frozenset({"added", "removed"})
    action: Line
    installation: Installed
    repositories_added: list[Any]
    repositories_removed: list[Any]


class Deployment(Event):
    """`deployment`."""

    foreign = frozenset({"deployment_status", "workflow_job", "deployment_callback_url"})
    deployment: Deployed
    repository: Repository

    @property
    def branch(self) -> str:
        return self.deployment.ref


class DeploymentStatus(Event):
    """`deployment_status`."""

    deployment: Deployed
    deployment_status: Installation
    repository: Repository

    @property
    def branch(self) -> str:
        return self.deployment.ref


class DeploymentProtectionRule(Event):
    """`deployment_protection_rule`: GitHub asks whether a deployment may go on."""

    actions = frozenset({"requested"})
    action: Line
    environment: Line
    deployment_callback_url: Line
    deployment: Deployed
    repository: Repository


class Registry(Event):
    """What MLflow tells of a model: it names no repository, and nothing of GitHub's stands in it."""

    foreign = frozenset({"repository", "installation", "sender"})
    entity: Line
    action: Line
    timestamp: AwareDatetime
    data: Model

    @property
    def branch(self) -> str:
        return "registry"

    @property
    def matters(self) -> bool:
        """Whether it is about a version or an alias of a model; prompts and budgets are nothing to us."""
        return self.entity in ENTITIES


class Ping(Event):
    """`ping`: the hook was made."""

    zen: str
    hook_id: Id
    hook: dict[str, Any]


SHAPES: dict[str, type[Event]] = {
    "check_run": CheckRun,
    "check_suite": CheckSuite,
    "deployment": Deployment,
    "deployment_protection_rule": DeploymentProtectionRule,
    "deployment_status": DeploymentStatus,
    "installation": InstallationEvent,
    "installation_repositories": InstallationRepositories,
    "issue_comment": IssueComment,
    "issues": Issues,
    "merge_group": MergeGroup,
    "ping": Ping,
    "pull_request": PullRequest,
    "pull_request_review": PullRequestReview,
    "pull_request_review_comment": PullRequestReviewComment,
    "push": Push,
    REGISTRY: Registry,
    "workflow_run": WorkflowRun,
}
"""Every event that has a shape, by GitHub's name, and what the registry tells."""


def read(event: str, payload: Mapping[str, Any]) -> Event:
    """The payload of an event; for one without a shape what all share, as far as it has it. Raises Misshapen for another's."""
    shape = SHAPES.get(event, Event)
    strange = sorted(key for key in shape.foreign if payload.get(key) is not None)
    if strange:
        raise Misshapen(f"{event} has no {strange[0]}")
    try:
        found = shape.model_validate(payload)
    except ValidationError as error:
        if shape is Event:
            return Event()
        place = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
        raise Misshapen(f"{event} lacks {place}") from None
    if shape.actions is not None and found.action not in shape.actions:
        raise Misshapen(f"{event} has no such action")
    return found


def _only(found: list[Number]) -> int | None:
    """The number where there is exactly one: of several, none is meant more than the others."""
    return found[0].number if len(found) == 1 else None
