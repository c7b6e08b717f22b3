"""Asks for a version of the model to be promoted: opens the issue in which it is approved."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Request
from bot.effects import Effect, StartAgain, refused, told
from bot.gateway.requesting import RequestGateway
from bot.grammar import kinds
from bot.grammar.arguments import Positional
from bot.promotion import evidence, wanting
from bot.promotion.asked import LABEL, Asked
from bot.promotion.wanting import Known
from policy.lineage import Lineage
from policy.problems import Problem
from policy.reasons import Reason
from reports.evidence import Judged
from reports.markdown import Markdown, put

WHO = "write"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/promote flight-delay to staging", "/promote flight-delay@3 to production")
NEWEST = "latest"
"""What MLflow calls the newest version; nobody can name an alias so."""


@dataclass(frozen=True)
class Arguments:
    """A model, with a version or alias of the registry (the newest version by default), and an environment of `assay.yml`."""

    model: Annotated[kinds.Model, Positional(kinds.model)]
    environment: Annotated[str, Positional(kinds.environment, after="to")]


@dataclass(frozen=True)
class Present:
    """The version, or why there is none; what speaks for it; and requests.

    `requests` are open, `stood` are or were when this was asked for, and `ever` are all that there were.
    """

    found: Lineage | Problem | None
    requests: Known = ()
    judged: Judged | None = None
    stood: Known = ()
    ever: Known = ()


def look(reads: RequestGateway, request: Request, arguments: Arguments) -> Present:
    """Ask the registry, and GitHub for what is asked for already."""
    model = request.policy.model
    if request.registry is None or model is None or model.name != arguments.model.name:
        return Present(None)
    try:
        found = request.registry.lineage(f"{model.name}@{arguments.model.version or NEWEST}")
        judged = evidence.judged(request.registry, found.step, request.policy)
    except Problem as problem:
        return Present(problem)
    gateway = RequestGateway.of(reads)
    every, me = gateway.issues(LABEL, "all"), gateway.identity()
    now = [each for each in every if each.state == "open"]
    stood = wanting.open_at(every, request.at)
    return Present(found, wanting.known(now, me), judged, wanting.known(stood, me), wanting.known(every, me))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """One request for each model and environment: a newer version takes the place of an older one."""
    name, environment = arguments.model.name, arguments.environment
    if request.registry is None:
        return [refused(Reason.REGISTRY_NONE)]
    if request.policy.model is None or request.policy.model.name != name:
        return [refused(Reason.MODEL_UNKNOWN, model=name)]
    if environment not in request.policy.environments:
        known = ", ".join(request.policy.environments) or "none"
        return [refused(Reason.ENVIRONMENT_NOT_THERE, environment=environment, known=known)]
    if not isinstance(present.found, Lineage):
        return [refused(Reason.VERSION_NOT_THERE, what=present.found.what if present.found else "it is not known")]
    if present.found.step.origin is None:
        return [refused(Reason.VERSION_NOT_THERE, what=present.found.step.faults[0])]
    version = present.found.step.version
    wanted = Asked(name, version, environment, request.actor.login, request.actor.id, request.number, request.key)
    # A redelivered asking is answered as it was, also where what it led to is over by now.
    if number := wanting.standing(wanted, present.stood):
        stands = told(Reason.REQUEST_STANDS, put("See #{}.", Markdown(str(number))), model=name, version=version)
        return [StartAgain(number, request.key), stands]
    if number := wanting.later(wanted, present.ever):
        see = put("See #{}.", Markdown(str(number)))
        return [refused(Reason.REQUEST_SUPERSEDED, see, model=name, environment=environment)]
    effect = wanting.wish(wanted, present.found, present.judged, present.requests)
    return [effect, told(Reason.REQUEST_OPENED, title=effect.title)]
