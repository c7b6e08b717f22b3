"""Trains with other parameters, and compares what came of it with the head as it is."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.commands.starting import start
from bot.effects import Effect
from bot.grammar import kinds
from bot.grammar.arguments import Flag, Overrides, Positional
from bot.grammar.parameters import Override

WHO = "write"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/train train.learning_rate=0.1", "/train evaluate -S model.depth=6 --commit", "/train --full")


@dataclass(frozen=True)
class Arguments:
    """The stage to reproduce up to, parameters as `dvc exp run -S` takes them, everything anew, and whether to keep it."""

    stage: Annotated[str | None, Positional(kinds.stage)] = None
    overrides: Annotated[tuple[Override, ...], Overrides()] = ()
    full: Annotated[bool, Flag()] = False
    commit: Annotated[bool, Flag()] = False


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """Start the run, bound to the head of now."""
    given = [str(each) for each in arguments.overrides]
    return start(request, "train", stage=arguments.stage, overrides=given, full=arguments.full, commit=arguments.commit)
