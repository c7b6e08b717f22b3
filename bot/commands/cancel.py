"""Stops the runs of the head that are under way."""

from dataclasses import dataclass
from typing import Protocol

from bot.around import CHECK, RUN
from bot.commands.command import Request
from bot.effects import CancelRun, Effect, told
from bot.gateway.records import PullRequest, WorkflowRun
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

    def runs(self, query: str) -> list[WorkflowRun]:
        """The newest hundred runs that a query names."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """The check's own runs by their commit; those that commands started by the number in their title.

    From one listing of the repository's newest hundred runs: GitHub narrows a listing by one status only, and those
    that commands started have the default branch's commit for their head.
    """
    return Present(tuple(run for run in reads.runs("") if run.status != "completed" and _is_of(run, request.head)))


def _is_of(run: WorkflowRun, pull: PullRequest) -> bool:
    file = run.path.partition("@")[0].rpartition("/")[2]
    if file == CHECK:
        return run.head_sha == pull.head_sha
    return file == RUN and f"#{pull.number}" in run.title.split()


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Stop them all."""
    sha = request.head.head_sha[:12]
    if not present.runs:
        return [told(Reason.NOTHING_RUNS, sha=sha)]
    return [*(CancelRun(run.id) for run in present.runs), told(Reason.RUNS_CANCELLED, count=len(present.runs), sha=sha)]
