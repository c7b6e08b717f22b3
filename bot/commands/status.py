"""Says how this pull request stands: its checks, who holds it, what is waived, what runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.commands.command import Request
from bot.effects import Effect, told
from bot.gateway.commanding import CheckText
from bot.gateway.records import WorkflowRun
from policy.reasons import Reason
from policy.result import Status
from reports.markdown import EMPTY, Markdown, code, join, link, put, row, text
from reports.section import ICONS

WHO = "read"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/status",)
_ICONS = {"success": Status.PASSED, "neutral": Status.WARNED, "failure": Status.FAILED, "timed_out": Status.FAILED}


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


@dataclass(frozen=True)
class Present:
    """The check runs of ours on the head, and the runs of it that have not ended."""

    checks: tuple[CheckText, ...]
    runs: tuple[WorkflowRun, ...]


class Reads(Protocol):
    """What is asked of the gateway."""

    def check_texts(self, sha: str) -> list[CheckText]:
        """The newest check run of each name on a commit, with what it shows."""

    def runs(self, query: str) -> list[WorkflowRun]:
        """The newest hundred runs that a query names."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """The checks and the runs of the head."""
    head = request.head.head_sha
    checks = [each for each in reads.check_texts(head) if each.check.name.startswith("assay")]
    runs = [run for run in reads.runs(f"head_sha={head}") if run.status != "completed"]
    return Present(tuple(checks), tuple(runs))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """A table of the checks; below it what is under way."""
    pieces = [put("The head is {}.", code(request.head.head_sha[:12])), _table(present.checks), _under_way(present.runs)]
    return [told(Reason.TOLD, join([each for each in pieces if each], "\n\n"))]


def _table(checks: Sequence[CheckText]) -> Markdown:
    if not checks:
        return Markdown("No check of this commit is known yet.")
    lines = [row([EMPTY, Markdown("check"), Markdown("says")]), "|:-:|---|---|"]
    for each in sorted(checks, key=lambda each: each.check.name):
        icon = ICONS[_ICONS.get(each.check.conclusion or "", Status.SKIPPED)]
        lines.append(row([icon, code(each.check.name), text(each.title, 200)]))
    return Markdown("\n".join(lines))


def _under_way(runs: Sequence[WorkflowRun]) -> Markdown:
    if not runs:
        return EMPTY
    named = [link(run.name or "run", run.url) + Markdown(f" ({run.status.replace('_', ' ')})") for run in runs[:10]]
    return put("Under way: {}.", join(named))
