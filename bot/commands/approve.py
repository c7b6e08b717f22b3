"""Approves what a request asks for, named by the code on its card."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.effects import Effect, Weigh, told
from bot.grammar import kinds
from bot.grammar.arguments import Option, Positional
from policy.reasons import Reason

WHO = "read"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/approve 7f3a9c2e51d0", '/approve 7f3a9c2e51d0 because "the slices were looked at"')


@dataclass(frozen=True)
class Arguments:
    """The code, which stands for exactly what is asked for; and why, if that is to be known. Who may, the policy's roles say."""

    code: Annotated[str, Positional(kinds.code)]
    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment is the vote. What is left to do is to weigh the request."""
    return [Weigh(request.number), told(Reason.VOTE_HEARD, quiet=True)]
