"""Compares the head's data with that of another revision, or of the base."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.commands.starting import start
from bot.effects import Effect
from bot.grammar import kinds
from bot.grammar.arguments import Positional

WHO = "write"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/drift", "/drift main~5")


@dataclass(frozen=True)
class Arguments:
    """A branch, tag or commit of the repository; without one, the base."""

    reference: Annotated[str | None, Positional(kinds.revision)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """Start the run, bound to the head of now."""
    return start(request, "drift", reference=arguments.reference)
