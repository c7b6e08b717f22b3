"""Objects to what a request asks for: it is not promoted until the objection is taken back."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.effects import Effect, Weigh, told
from bot.grammar import kinds
from bot.grammar.arguments import Option
from policy.reasons import Reason

WHO = "read"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ('/reject because "the night flights got worse"',)


@dataclass(frozen=True)
class Arguments:
    """Why. Who may, the policy's roles say."""

    because: Annotated[str, Option(kinds.reason(words=2), bare=True)]


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment is the objection. What is left to do is to weigh the request."""
    return [Weigh(request.number), told(Reason.VOTE_HEARD, quiet=True)]
