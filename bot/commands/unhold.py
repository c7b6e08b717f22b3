"""Ends every hold on a pull request."""

from dataclasses import dataclass

from bot.commands.command import Nothing, Request, nothing
from bot.commands.entering import entry
from bot.effects import Effect, Judge, told
from policy.ledger import Decision
from policy.reasons import Reason

WHO = "triage"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/unhold",)


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment ends the holds before it. What is left to do is to judge again."""
    entered = entry(request, Decision.RELEASED, Reason.HOLD_ENDED)
    return [*entered, Judge(request.number), told(Reason.HOLD_ENDED)]
