"""Answers for a promotion in an emergency, past approvals and freezes. It is shown red until it was reviewed."""

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
EXAMPLES = ('/break-glass 7f3a9c2e51d0 because "production answers nothing since 14:00 and version 3 mends it"',)


@dataclass(frozen=True)
class Arguments:
    """The code of the card, and why it cannot wait. Who may, `break_glass` of the environment says."""

    code: Annotated[str, Positional(kinds.code)]
    because: Annotated[str, Option(kinds.reason(words=3), bare=True)]


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment is the word that is given. What is left to do is to weigh the request."""
    return [Weigh(request.number), told(Reason.VOTE_HEARD, quiet=True)]
