"""Compares the head with another revision."""

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
EXAMPLES = ("/compare main~5", "/compare v12")


@dataclass(frozen=True)
class Arguments:
    """A branch, tag or commit of the repository."""

    reference: Annotated[str, Positional(kinds.revision)]


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """Start the run, bound to the head of now."""
    return start(request, "compare", reference=arguments.reference)
