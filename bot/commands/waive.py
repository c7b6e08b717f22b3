"""Lets a failing check pass as a warning until a day, on somebody's word."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol

from bot.commands.command import Request
from bot.commands.entering import entry
from bot.effects import Effect, Judge, refused, told
from bot.gateway.commanding import CheckText
from bot.grammar import kinds
from bot.grammar.arguments import Option, Positional
from policy.document import Policy
from policy.ledger import Decision
from policy.reasons import Reason
from policy.roles import Commands
from reports.explanation import names
from reports.markdown import code

WHO = "maintain"
WHERE = "pull request"
DRAFTS = False
EXAMPLES = ('/waive roc_auc --until 2026-03-31 --because "the new carrier has no history yet"',)
_SHOWN = 20


@dataclass(frozen=True)
class Arguments:
    """Which check, as the report names it; until the end of which day; and why."""

    gate: Annotated[str, Positional(kinds.gate)]
    until: Annotated[date, Option(kinds.date)]
    because: Annotated[str, Option(kinds.reason(words=3))]


@dataclass(frozen=True)
class Present:
    """The checks of the head, as they are headed in the check runs of ours; None where no verdict is known."""

    checks: tuple[str, ...] | None


class Reads(Protocol):
    """What is asked of the gateway."""

    def check_texts(self, sha: str) -> list[CheckText]:
        """The newest check run of each name on a commit, with what it shows."""


def most(policy: Policy) -> int:
    """Days that a waiver may last."""
    return (policy.commands or Commands()).waivers_last


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """The names of the checks that there are."""
    texts = [each.text for each in reads.check_texts(request.head.head_sha) if each.check.name.startswith("assay")]
    return Present(tuple(name for text in texts for name in names(text)) if texts else None)


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """The comment is the waiver, as long as it lasts no longer than the policy allows and is not the author's own."""
    days, until = (arguments.until - request.today).days, arguments.until.isoformat()
    if request.actor.id == request.head.author_id:
        return [refused(Reason.WAIVER_BY_AUTHOR, actor=request.actor.login)]
    if days < 0:
        return [refused(Reason.WAIVER_PAST, until=until)]
    if days > most(request.policy):
        return [refused(Reason.WAIVER_TOO_LONG, until=until, days=days, most=most(request.policy))]
    if present.checks is None:
        return [refused(Reason.NO_VERDICT, sha=request.head.head_sha[:12])]
    if code(arguments.gate).source not in present.checks:
        known = ", ".join(each.strip("`") for each in present.checks[:_SHOWN])
        return [refused(Reason.WAIVER_UNKNOWN_CHECK, gate=arguments.gate, known=known)]
    inputs = {"until": until, "today": request.today.isoformat(), "most": most(request.policy)}
    return [
        *entry(request, Decision.WAIVED, Reason.WAIVER_GIVEN, arguments.because, gate=arguments.gate, inputs=inputs),
        Judge(request.number),
        told(Reason.WAIVER_GIVEN, gate=arguments.gate, until=until, because=arguments.because),
    ]
