"""Ends every hold on a pull request."""

from dataclasses import dataclass

from bot.commands.command import Nothing, Request, nothing
from bot.effects import Effect, Judge, told
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
    return [Judge(request.number), told(Reason.HOLD_ENDED)]
