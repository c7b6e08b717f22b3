"""Searches for better parameters of the default branch, and proposes the winner as a pull request."""

from dataclasses import dataclass
from typing import Annotated

from bot.around import TUNE
from bot.commands.command import Request
from bot.cost import foreseeing
from bot.cost.foreseeing import Foreseen
from bot.effects import Dispatch, Effect, refused, told
from bot.gateway.gateway import Gateway
from bot.grammar import kinds
from bot.grammar.arguments import Option
from policy.reasons import Reason

WHO = "write"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/tune", "/tune --trials 50 --minutes 120", "/tune --trials 80 --workers 4", '/tune because "the July data came"')


@dataclass(frozen=True)
class Arguments:
    """How many trials, after how many minutes no further one begins (both as `tune` of assay.yml says unless given), and why.

    With `--workers`, so many jobs share the trials, where the repository has a database for them.
    """

    trials: Annotated[int | None, Option(kinds.amount)] = None
    minutes: Annotated[int | None, Option(kinds.amount)] = None
    workers: Annotated[int | None, Option(kinds.few)] = None
    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None


@dataclass(frozen=True)
class Present:
    """What the run will cost; None where the policy has no `cost`."""

    foreseen: Foreseen | None = None


def look(reads: Gateway, request: Request, arguments: Arguments) -> Present:
    """What such runs cost, where the policy wants that said, and has something that may be tried."""
    return Present(foreseeing.foresee(reads, request, "tune", full=False) if request.policy.tune else None)


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Start the workflow on the default branch, once for this asking, unless it passes a budget that they may not pass.

    Not where the policy says nothing of what may be tried.
    """
    if request.policy.tune is None:
        return [refused(Reason.TUNE_UNSET)]
    branch = request.repository.default_branch
    inputs = {
        "request": request.named,
        "because": arguments.because or "",
        "trials": str(arguments.trials or ""),
        "minutes": str(arguments.minutes or ""),
        "workers": str(arguments.workers or 1),
    }
    order = Dispatch(TUNE, branch, inputs, request.key, request.again)
    return foreseeing.weighed(request, present.foreseen, [order, told(Reason.TUNE_STARTED, branch=branch)])
