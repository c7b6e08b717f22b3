"""Keeps a pull request from being merged until somebody says `/unhold`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.commands.entering import entry
from bot.effects import Effect, Judge, told
from bot.grammar import kinds
from bot.grammar.arguments import Option
from policy.ledger import Decision
from policy.reasons import Reason

WHO = "triage"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/hold", '/hold because "the labels are being redone"')


@dataclass(frozen=True)
class Arguments:
    """Why, if that is to be known."""

    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment is the hold. What is left to do is to judge again, which turns governance red."""
    entered = entry(request, Decision.HELD, Reason.HOLD_BEGAN, arguments.because)
    return [*entered, Judge(request.number), told(Reason.HOLD_BEGAN, actor=request.actor.login)]
