"""Trains the model of the default branch anew, on data brought up to date, and proposes what came of it as a pull request."""

from dataclasses import dataclass
from typing import Annotated

from bot.around import RETRAIN
from bot.commands.command import Request
from bot.cost import foreseeing
from bot.cost.foreseeing import Foreseen
from bot.effects import Dispatch, Effect, told
from bot.gateway.gateway import Gateway
from bot.grammar import kinds
from bot.grammar.arguments import Flag, Option
from policy.reasons import Reason

WHO = "write"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/retrain", '/retrain because "the July data came"', "/retrain --full")


@dataclass(frozen=True)
class Arguments:
    """Why, for whoever reads the pull request, and whether also what did not change is reproduced."""

    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None
    full: Annotated[bool, Flag()] = False


@dataclass(frozen=True)
class Present:
    """What the run will cost; None where the policy has no `cost`."""

    foreseen: Foreseen | None = None


def look(reads: Gateway, request: Request, arguments: Arguments) -> Present:
    """What such runs cost, where the policy wants that said."""
    return Present(foreseeing.foresee(reads, request, "retrain", full=arguments.full))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Start the workflow on the default branch, once for this asking, unless it passes a budget that they may not pass."""
    branch = request.repository.default_branch
    inputs = {"request": request.named, "because": arguments.because or "", "full": str(arguments.full).lower()}
    order = Dispatch(RETRAIN, branch, inputs, request.key, request.again)
    return foreseeing.weighed(request, present.foreseen, [order, told(Reason.RETRAIN_STARTED, branch=branch)])
