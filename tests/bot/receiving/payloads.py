"""Payloads as GitHub sends them, cut to what tells one event from another."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

Payload = dict[str, Any]
REPOSITORY = 4711
INSTALLATION = 99
APP = 1234
SHA = "a" * 40
_numbers = count(1000)


def ago(**given: float) -> str:
    """A moment of the past, as GitHub writes it."""
    return (datetime.now(UTC) - timedelta(**given)).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str = "octocat", kind: str = "User") -> Payload:
    """Somebody."""
    return {"login": login, "id": sum(login.encode()), "type": kind}


def frame(sender: str = "octocat", repository: int = REPOSITORY, **more: Any) -> Payload:
    """What every payload ends with."""
    return {
        "repository": {"id": repository, "full_name": "acme/flights", "private": False},
        "installation": {"id": INSTALLATION, "node_id": "x"},
        "sender": user(sender),
        **more,
    }


def said(body: str = "/help", login: str = "octocat", **more: Any) -> Payload:
    """A comment, with a number of its own."""
    written = {"id": next(_numbers), "body": body, "user": user(login), "created_at": ago(), "performed_via_github_app": None}
    return {**written, **more}


def comment(number: int = 7, body: str = "/help", action: str = "created", repository: int = REPOSITORY, **more: Any) -> Payload:
    """`issue_comment` on a pull request."""
    about = {"number": number, "title": "Change", "pull_request": {"url": "https://api.github.com/x"}}
    found = {"action": action, "issue": about, "comment": said(body), **frame(repository=repository)}
    return {**found, **more}


def pull_request(number: int = 7, action: str = "opened", repository: int = REPOSITORY, **more: Any) -> Payload:
    """`pull_request`."""
    pull = {"number": number, "id": next(_numbers), "head": {"sha": SHA}}
    return {"action": action, "number": number, "pull_request": pull, **frame(repository=repository), **more}


def push(branch: str = "main", **more: Any) -> Payload:
    """`push`."""
    after = f"{next(_numbers):040x}"
    return {"ref": f"refs/heads/{branch}", "before": SHA, "after": after, "commits": [], **frame(), **more}


def check(action: str = "completed", app: int = APP, kind: str = "check_run", **more: Any) -> Payload:
    """`check_run`, or `check_suite`."""
    about = {"id": next(_numbers), "head_sha": SHA, "app": {"id": app, "slug": "assay"}, "pull_requests": [{"number": 7}]}
    return {"action": action, kind: about, **frame(), **more}


def told(entity: str = "model_version_alias", action: str = "created", **data: Any) -> Payload:
    """What MLflow tells, by default that an alias points to a version."""
    about = {"name": "flight-delay", "alias": "production", "version": "3", **data}
    return {"entity": entity, "action": action, "timestamp": datetime.now(UTC).isoformat(), "data": about}


def samples() -> dict[str, Payload]:
    """A payload of every event that has a shape."""
    installed = {"id": INSTALLATION, "account": user("acme"), "app_id": APP, "suspended_at": None}
    about = {"number": 7, "id": 5}
    run = {"id": 3, "head_branch": "feature", "head_sha": SHA, "pull_requests": []}
    group = {"head_sha": SHA, "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-x"}
    deployed = {"id": 8, "ref": "main", "sha": SHA}
    whole = frame()
    no_repository = {"sender": user(), "installation": installed}
    return {
        "check_run": check(),
        "check_suite": check(kind="check_suite"),
        "deployment": {"action": "created", "deployment": deployed, "workflow": None, "workflow_run": run, **whole},
        "deployment_protection_rule": {
            "action": "requested", "environment": "prod", "event": "push", "deployment_callback_url": "https://x",
            "deployment": deployed, "pull_requests": [], **whole,
        },
        "deployment_status": {
            "action": "created", "deployment": deployed, "deployment_status": {"id": 4}, "check_run": {"id": 1, "head_sha": SHA},
            "workflow": {"id": 2}, "workflow_run": run, **whole,
        },
        "installation": {"action": "suspend", "repositories": [], **no_repository},
        "installation_repositories": {
            "action": "added", "repositories_added": [], "repositories_removed": [], **no_repository,
        },
        "issue_comment": comment(),
        "issues": {"action": "opened", "issue": about, **whole},
        "merge_group": {"action": "checks_requested", "merge_group": group, **whole},
        "mlflow": told(),
        "ping": {"zen": "Missing is red.", "hook_id": 1, "hook": {"type": "App"}},
        "pull_request": pull_request(),
        "pull_request_review": {"action": "submitted", "pull_request": about, "review": {"id": 6, "user": user()}, **whole},
        "pull_request_review_comment": {"action": "created", "pull_request": about, "comment": said(), **whole},
        "push": push(),
        "workflow_run": {"action": "completed", "workflow": {"id": 2}, "workflow_run": run, **whole},
    }  # fmt: skip
