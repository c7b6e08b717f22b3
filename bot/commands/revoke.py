"""Takes back what one said on a request, an approval or an objection."""

from dataclasses import dataclass

from bot.commands.command import Nothing, Request, nothing
from bot.effects import Effect, Weigh, told
from policy.reasons import Reason

WHO = "read"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/revoke",)


@dataclass(frozen=True)
class Arguments:
    """Nothing: it is about one's own word."""


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment takes it back. What is left to do is to weigh the request."""
    return [Weigh(request.number), told(Reason.VOTE_HEARD, quiet=True)]
