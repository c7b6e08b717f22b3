"""Says how long runs may take, how long those of this branch took, and what they cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from bot.commands.command import Request
from bot.cost.reading import Reader
from bot.effects import Effect, told
from bot.gateway.billing import BillingGateway
from bot.gateway.commanding import CommandGateway
from bot.gateway.records import WorkflowRun
from policy.cost import Spending
from policy.reasons import Reason
from reports import cost as told_as
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
    """The newest hundred runs of the branch, and what the pull request's cost; None where the policy has no `cost`."""

    runs: tuple[WorkflowRun, ...]
    spent: Spending | None = None


def look(reads: CommandGateway, request: Request, arguments: Arguments) -> Present:
    """The runs of the head's branch, of whichever workflow, and what the change's cost, where the policy wants that said."""
    listed = reads.runs(f"branch={quote(request.head.head_ref, safe='')}")
    runs = tuple(run for run in listed if run.head_repository == request.head.head_repository)
    if request.policy.cost is None:
        return Present(runs)
    reader = Reader(BillingGateway.of(reads), request.policy.cost, request.repository.private, request.now)
    return Present(runs, reader.of_pull(request.number, runs))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """The limit of one run, and what each workflow took in all."""
    train = request.policy.train
    limit = numbers.duration(train.budget.total_seconds()) if train and train.budget else None
    said = Markdown(
        f"One run may train for {limit}." if limit else "No run's training has a limit; set `train.budget` in assay.yml."
    )
    if request.policy.cost is not None and present.spent is not None:
        said = join([said, told_as.of_pull(request.policy.cost, present.spent)], " ")
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
