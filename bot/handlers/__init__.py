"""What happens when something happens at GitHub or in the registry: one file for each event, listed here."""

from bot.handlers import (
    check_run,
    deployment_protection_rule,
    issue_comment,
    issues,
    merge_group,
    mlflow,
    pull_request,
    push,
    workflow_run,
)
from bot.handlers.handler import Handler

HANDLERS: dict[str, Handler] = {
    "issue_comment": issue_comment,
    "issues": issues,
    "workflow_run": workflow_run,
    "pull_request": pull_request,
    "push": push,
    "check_run": check_run,
    "merge_group": merge_group,
    "mlflow": mlflow,
    "deployment_protection_rule": deployment_protection_rule,
}
"""Events that are not listed (`installation`, `ping`) are taken in, counted, and ask for nothing."""
NEEDED: dict[str, tuple[str, ...]] = {
    "issue_comment": ("issue", "comment", "sender"),
    "issues": ("issue",),
    "workflow_run": ("workflow_run",),
    "pull_request": ("pull_request",),
    "push": ("repository",),
    "check_run": ("check_run", "sender"),
    "merge_group": ("merge_group",),
    "mlflow": ("data",),
    "deployment_protection_rule": ("deployment",),
}
"""What the payload of each event holds, without which it is none."""
