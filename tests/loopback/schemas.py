"""GitHub's own description of its answers and webhooks, as the pydantic models that githubkit generates from it.

The models are imported without githubkit's client, whose cache library has versions it cannot start with.
"""

import importlib
import importlib.machinery
import re
import sys
import types
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from tests.loopback.faults import Seen

_R = r"/repos/[^/]+/[^/]+"
_LISTED = "ReposOwnerRepo"
ANSWERS: list[tuple[str, str, str]] = [
    ("GET", _R, "FullRepository"),
    ("GET", r"/repositories/\d+", "FullRepository"),
    ("GET", _R + "/forks", "list[MinimalRepository]"),
    ("GET", _R + "/activity", "list[Activity]"),
    ("GET", _R + "/branches", "list[ShortBranch]"),
    ("GET", _R + "/branches/.+/protection", "BranchProtection"),
    ("GET", _R + "/branches/.+", "BranchWithProtection"),
    ("GET", _R + "/collaborators", "list[Collaborator]"),
    ("GET", _R + "/collaborators/[^/]+/permission", "RepositoryCollaboratorPermission"),
    ("GET", _R + "/labels", "list[Label]"),
    ("GET", _R + "/labels/[^/]+", "Label"),
    ("POST", _R + "/labels", "Label"),
    ("GET", _R + "/pulls", "list[PullRequestSimple]"),
    ("POST", _R + "/pulls", "PullRequest"),
    ("(GET|PATCH)", _R + r"/pulls/\d+", "PullRequest"),
    ("GET", _R + r"/pulls/\d+/files", "list[DiffEntry]"),
    ("GET", _R + r"/pulls/\d+/commits", "list[Commit]"),
    ("GET", _R + r"/pulls/\d+/reviews", "list[PullRequestReview]"),
    ("PUT", _R + r"/pulls/\d+/merge", "PullRequestMergeResult"),
    ("GET", _R + r"/issues(/\d+)?/comments", "list[IssueComment]"),
    ("POST", _R + r"/issues/\d+/comments", "IssueComment"),
    ("(GET|PATCH)", _R + r"/issues/comments/\d+", "IssueComment"),
    ("GET", _R + r"/issues/(comments/)?\d+/reactions", "list[Reaction]"),
    ("POST", _R + r"/issues/(comments/)?\d+/reactions", "Reaction"),
    ("GET", _R + "/issues", "list[Issue]"),
    ("POST", _R + "/issues", "Issue"),
    ("(GET|PATCH)", _R + r"/issues/\d+", "Issue"),
    ("GET", _R + "/milestones", "list[Milestone]"),
    ("POST", _R + "/milestones", "Milestone"),
    ("(GET|PATCH)", _R + r"/milestones/\d+", "Milestone"),
    ("(GET|POST|PUT|DELETE)", _R + r"/issues/\d+/labels(/[^/]+)?", "list[Label]"),
    ("POST", _R + "/check-runs", "CheckRun"),
    ("(GET|PATCH)", _R + r"/check-runs/\d+", "CheckRun"),
    ("GET", _R + r"/check-runs/\d+/annotations", "list[CheckAnnotation]"),
    ("GET", _R + "/commits/.+/check-runs", _LISTED + "CommitsRefCheckRunsGetResponse200"),
    ("POST", _R + "/statuses/[0-9a-f]+", "Status"),
    ("GET", _R + "/commits/.+/statuses", "list[Status]"),
    ("GET", _R + "/commits/.+/status", "CombinedCommitStatus"),
    ("GET", _R + "/commits/.+/pulls", "list[PullRequestSimple]"),
    ("GET", _R + "/commits", "list[Commit]"),
    ("GET", _R + "/commits/.+/comments", "list[CommitComment]"),
    ("POST", _R + "/commits/.+/comments", "CommitComment"),
    ("(GET|PATCH)", _R + r"/comments/\d+", "CommitComment"),
    ("GET", _R + "/commits/.+", "Commit"),
    ("GET", _R + "/compare/.+", "CommitComparison"),
    ("PUT", _R + "/contents/.+", "FileCommit"),
    ("POST", _R + "/git/blobs", "ShortBlob"),
    ("GET", _R + "/git/blobs/[0-9a-f]+", "Blob"),
    ("(GET|POST)", _R + "/git/trees(/.+)?", "GitTree"),
    ("(GET|POST)", _R + "/git/commits(/[0-9a-f]+)?", "GitCommit"),
    ("GET", _R + "/git/matching-refs/.+", "list[GitRef]"),
    ("GET", _R + "/git/refs?/.+", "GitRef"),
    ("(POST|PATCH)", _R + "/git/refs(/.+)?", "GitRef"),
    ("GET", _R + "/actions/runs", _LISTED + "ActionsRunsGetResponse200"),
    ("GET", _R + r"/actions/runs/\d+", "WorkflowRun"),
    ("GET", _R + r"/actions/runs/\d+/attempts/\d+", "WorkflowRun"),
    ("GET", _R + r"/actions/runs/\d+/jobs", _LISTED + "ActionsRunsRunIdJobsGetResponse200"),
    ("GET", _R + r"/actions/runs/\d+/artifacts", _LISTED + "ActionsRunsRunIdArtifactsGetResponse200"),
    ("GET", _R + "/actions/artifacts", _LISTED + "ActionsArtifactsGetResponse200"),
    ("GET", _R + r"/actions/artifacts/\d+", "Artifact"),
    ("GET", _R + r"/actions/runs/\d+/pending_deployments", "list[PendingDeployment]"),
    ("POST", _R + r"/actions/runs/\d+/(rerun|rerun-failed-jobs|cancel)", "EmptyObject"),
    ("GET", _R + "/actions/workflows", _LISTED + "ActionsWorkflowsGetResponse200"),
    ("GET", _R + "/deployments", "list[Deployment]"),
    ("POST", _R + "/deployments", "Deployment"),
    ("GET", _R + r"/deployments/\d+", "Deployment"),
    ("GET", _R + r"/deployments/\d+/statuses", "list[DeploymentStatus]"),
    ("POST", _R + r"/deployments/\d+/statuses", "DeploymentStatus"),
    ("GET", _R + "/hooks", "list[Hook]"),
    ("POST", _R + "/hooks", "Hook"),
    ("GET", _R + "/actions/workflows/[^/]+", "Workflow"),
    ("GET", _R + "/actions/workflows/[^/]+/runs", _LISTED + "ActionsWorkflowsWorkflowIdRunsGetResponse200"),
    ("POST", _R + "/actions/workflows/[^/]+/dispatches", "WorkflowDispatchResponse"),
    ("GET", _R + r"/pulls/\d+/requested_reviewers", "PullRequestReviewRequest"),
    ("(POST|DELETE)", _R + r"/pulls/\d+/requested_reviewers", "PullRequestSimple"),
    ("GET", _R + "/installation", "Installation"),
    ("GET", "/orgs/[^/]+/teams/[^/]+", "TeamFull"),
    ("GET", "/orgs/[^/]+/teams/[^/]+/members", "list[SimpleUser]"),
    ("GET", "/orgs/[^/]+/teams/[^/]+/memberships/[^/]+", "TeamMembership"),
    ("GET", "/user", "PrivateUser"),
    ("GET", "/user/installations", "UserInstallationsGetResponse200"),
    ("GET", r"/user/installations/\d+/repositories", "UserInstallationsInstallationIdRepositoriesGetResponse200"),
    ("GET", "/users/.+", "PublicUser"),
    ("GET", "/rate_limit", "RateLimitOverview"),
    ("GET", "/meta", "ApiOverview"),
    ("GET", "/app", "Integration"),
    ("POST", "/app-manifests/[^/]+/conversions", "AppManifestsCodeConversionsPostResponse201"),
    ("GET", "/app/hook/config", "WebhookConfig"),
    ("GET", "/app/hook/deliveries", "list[HookDeliveryItem]"),
    ("GET", r"/app/hook/deliveries/\d+", "HookDelivery"),
    ("POST", r"/app/hook/deliveries/\d+/attempts", "EmptyObject"),
    ("GET", "/app/installations", "list[Installation]"),
    ("GET", r"/app/installations/\d+", "Installation"),
    ("POST", r"/app/installations/\d+/access_tokens", "InstallationToken"),
    ("GET", "/installation/repositories", "InstallationRepositoriesGetResponse200"),
]
"""Method, path and the model of GitHub's description that the answer has to fit."""


@cache
def _module(name: str) -> types.ModuleType:
    if "githubkit" not in sys.modules:
        spec = importlib.machinery.PathFinder.find_spec("githubkit")
        assert spec is not None and spec.submodule_search_locations is not None
        package = types.ModuleType("githubkit")
        package.__path__ = list(spec.submodule_search_locations)
        package.__spec__ = spec
        sys.modules["githubkit"] = package
        importlib.import_module("githubkit.module_hooks.lazy_module").apply()
    return importlib.import_module(f"githubkit_schemas.latest.{name}")


@cache
def adapter(name: str) -> TypeAdapter[Any]:
    """What checks a value against a model, or a list of it, by the model's name."""
    inner = re.fullmatch(r"list\[(.+)\]", name)
    model = getattr(_module("models"), inner[1] if inner else name)
    form: Any = list.__class_getitem__(model) if inner else model
    return TypeAdapter(form)


@cache
def known_permissions() -> frozenset[str]:
    """The names of all permissions that an App may have."""
    return frozenset(_module("models").AppPermissions.model_fields)


def model_of(method: str, path: str, answer: Any) -> str | None:
    """The name of the model for an answer, or None where no row of `ANSWERS` speaks of it."""
    path = re.sub(r"^/repositories/\d+/", "/repos/by/number/", path)
    if re.fullmatch(_R + "/contents(/.*)?", path) and method == "GET":
        return "list[ContentDirectoryItems]" if isinstance(answer, list) else "ContentFile"
    return next((model for verb, form, model in ANSWERS if re.fullmatch(verb, method) and re.fullmatch(form, path)), None)


def check(seen: Seen) -> None:
    """Raises where an answer is not what GitHub's description says; an error or a redirect is a BasicError or ValidationError."""
    if seen.answer is None:
        return
    name = model_of(seen.method, seen.path, seen.answer) if seen.status < 300 else error_model(seen.answer)
    assert name is not None, f"no schema named for {seen}"
    adapter(name).validate_python(seen.answer)


def error_model(answer: Any) -> str:
    """The model of an error."""
    return "ValidationError" if "errors" in answer else "BasicError"


def check_webhook(event: str, payload: Any) -> None:
    """Raises where a payload is not what GitHub publishes for this event."""
    name = "".join(part.title() for part in event.split("_"))
    TypeAdapter(getattr(_module("webhooks"), f"{name}Event")).validate_python(payload)
