"""Stops the runs of the head that are under way."""

from dataclasses import dataclass
from typing import Protocol

from bot.around import CHECK, RUN
from bot.commands.command import Request
from bot.effects import CancelRun, Effect, told
from bot.gateway.records import WorkflowRun
from policy.reasons import Reason

WHO = "write"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/cancel",)


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


@dataclass(frozen=True)
class Present:
    """The runs of Assay's workflows for this pull request that have not ended."""

    runs: tuple[WorkflowRun, ...]


class Reads(Protocol):
    """What is asked of the gateway."""

    def workflow_runs(self, workflow: str, event: str, query: str = "") -> list[WorkflowRun]:
        """The newest hundred runs of a workflow file for one event."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """The check's own runs by their commit; those that commands started by the number in their title."""
    pull = request.head
    checked = reads.workflow_runs(CHECK, "pull_request", f"&head_sha={pull.head_sha}")
    started = [run for run in reads.workflow_runs(RUN, "workflow_dispatch") if f"#{pull.number}" in run.title.split()]
    return Present(tuple(run for run in (*checked, *started) if run.status != "completed"))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Stop them all."""
    sha = request.head.head_sha[:12]
    if not present.runs:
        return [told(Reason.NOTHING_RUNS, sha=sha)]
    return [*(CancelRun(run.id) for run in present.runs), told(Reason.RUNS_CANCELLED, count=len(present.runs), sha=sha)]
