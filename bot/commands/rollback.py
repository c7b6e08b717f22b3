"""Goes back to a version that ran before, at once and at one person's word. It is shown red until it was reviewed."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.effects import Effect, GoBack, told
from bot.grammar import kinds
from bot.grammar.arguments import Option, Positional
from policy.reasons import Reason

WHO = "read"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = (
    '/rollback flight-delay because "production answers nothing since noon"',
    '/rollback flight-delay in staging to 2 because "the new one forgets the holidays"',
)


@dataclass(frozen=True)
class Arguments:
    """A model, an environment (the last one by default), a version that ran there (the one before by default), and why.

    Who may, `rollback` of the environment says, or without it `break_glass`.
    """

    model: Annotated[str, Positional(kinds.named)]
    because: Annotated[str, Option(kinds.reason(words=3), bare=True)]
    environment: Annotated[str | None, Positional(kinds.environment, after="in")] = None
    to: Annotated[int | None, Option(kinds.version, bare=True)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """The comment is the word that is given. Whether it holds is decided from what GitHub says of it."""
    return [GoBack(request.number, request.key), told(Reason.REQUEST_OPENED, title="the rollback")]
