"""Says how long runs may take, and how long those of this branch took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from bot.commands.command import Request
from bot.effects import Effect, told
from bot.gateway.records import WorkflowRun
from policy.reasons import Reason
from reports import numbers
from reports.markdown import Markdown, code, join, put, row

WHO = "triage"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/budget",)


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


@dataclass(frozen=True)
class Present:
    """The newest hundred runs of the branch."""

    runs: tuple[WorkflowRun, ...]


class Reads(Protocol):
    """What is asked of the gateway."""

    def runs(self, query: str) -> list[WorkflowRun]:
        """The newest hundred runs that a query names."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """The runs of the head's branch, of whichever workflow."""
    runs = reads.runs(f"branch={quote(request.head.head_ref, safe='')}")
    return Present(tuple(run for run in runs if run.head_repository == request.head.head_repository))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """The limit of one run, and what each workflow took in all."""
    train = request.policy.train
    limit = numbers.duration(train.budget.total_seconds()) if train and train.budget else None
    said = Markdown(
        f"One run may train for {limit}." if limit else "No run's training has a limit; set `train.budget` in assay.yml."
    )
    names = sorted({run.name for run in present.runs})
    if not names:
        return [told(Reason.TOLD, join([said, Markdown("No run of this branch is known.")], " "))]
    lines = [row([Markdown("workflow"), Markdown("runs"), Markdown("in all"), Markdown("the longest")]), "|---|--:|--:|--:|"]
    for name in names:
        took = [seconds for run in present.runs if run.name == name and (seconds := duration(run)) is not None]
        shown = [Markdown(numbers.duration(each)) for each in (sum(took), max(took, default=0.0))]
        lines.append(row([code(name), Markdown(str(len(took))), *shown]))
    whole = put("Those of {} took {} together.", code(request.head.head_ref), Markdown(numbers.duration(_all(present.runs))))
    return [told(Reason.TOLD, join([join([said, whole], " "), Markdown("\n".join(lines))], "\n\n"))]


def _all(runs: Iterable[WorkflowRun]) -> float:
    return sum(seconds for run in runs if (seconds := duration(run)) is not None)


def duration(run: WorkflowRun) -> float | None:
    """Seconds that a run took; None where it has not ended or GitHub does not say."""
    if run.status != "completed" or not run.started_at or not run.updated_at:
        return None
    return max(0.0, (datetime.fromisoformat(run.updated_at) - datetime.fromisoformat(run.started_at)).total_seconds())
