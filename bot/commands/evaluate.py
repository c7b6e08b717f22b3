"""Measures the head again without training."""

from dataclasses import dataclass

from bot.commands.command import Nothing, Request, nothing
from bot.commands.starting import start
from bot.effects import Effect

WHO = "write"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/evaluate",)


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """Start the run, bound to the head of now."""
    return start(request, "evaluate")
