"""Trains with other parameters, and compares what came of it with the head as it is."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Request
from bot.commands.starting import start
from bot.cost import foreseeing
from bot.cost.foreseeing import Foreseen
from bot.effects import Effect
from bot.gateway.gateway import Gateway
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


@dataclass(frozen=True)
class Present:
    """What the run will cost; None where the policy has no `cost`."""

    foreseen: Foreseen | None = None


def look(reads: Gateway, request: Request, arguments: Arguments) -> Present:
    """What such runs cost, where the policy wants that said."""
    return Present(foreseeing.foresee(reads, request, "train", full=arguments.full))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Start the run, bound to the head of now, unless it passes a budget that whoever asks may not pass."""
    given = [str(each) for each in arguments.overrides]
    begun = start(request, "train", stage=arguments.stage, overrides=given, full=arguments.full, commit=arguments.commit)
    return foreseeing.weighed(request, present.foreseen, begun)
