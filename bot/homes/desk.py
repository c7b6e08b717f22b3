"""The home of a verb about requests and promotions, in a terminal or a job: it looks and writes nothing, or asks for one."""

from collections.abc import Mapping, Sequence

from bot import dispatching
from bot.around import Around
from bot.gateway import Gateway, address
from bot.gateway.records import Identity
from bot.gateway.requesting import RequestGateway
from bot.promotion import deciding, merged, past
from bot.promotion.merged import Made
from bot.registered import Registered
from policy.approvals import Decision
from policy.ledger_deployments import Deployed
from policy.problems import UserProblem


def explain(environ: Mapping[str, str], number: int, registry: Registered | None, also: Sequence[str] = ()) -> Decision:
    """What a request comes to now; `also` is what would be said besides, such as `alice:/approve`.

    Raises:
        UserProblem: it is no open request of ours, what decides it cannot be used, or `also` cannot be read.
        OutsideProblem: GitHub or the registry does not answer.
    """
    found = deciding.decided(around(environ, registry), number, also)
    if found is None:
        raise UserProblem("the request is closed", f"#{number}", "Say `/promote` to make another")
    return found.decision


def request(environ: Mapping[str, str], registry: Registered | None, name: str, environments: Sequence[str] | None) -> list[Made]:
    """See `bot.promotion.merged`. With `environments`, whoever started the job asks; outside of a job, our own account.

    Raises what that raises.
    """
    here = around(environ, registry)
    if environments is None:
        return merged.request(here, name, None)
    login, number = environ.get("GITHUB_ACTOR", ""), environ.get("GITHUB_ACTOR_ID", "")
    known = bool(login) and number.isascii() and number.isdigit() and int(number) > 0
    me = Identity(login, int(number)) if known else RequestGateway.of(here.gateway).myself()
    key = f"run-{environ['GITHUB_RUN_ID']}" if environ.get("GITHUB_RUN_ID") else f"at-{here.clock():%Y%m%dT%H%M%S}"
    return merged.request(here, name, environments, me, key)


def deployed(environ: Mapping[str, str]) -> list[Deployed]:
    """What promotions deployed in the repository of the environment. Raises UserProblem where it or the token is not named."""
    return past.deployed(RequestGateway.of(Gateway.from_environment(environ)).deployments())


def around(environ: Mapping[str, str], registry: Registered | None) -> Around:
    """The repository that the environment names, by its token."""
    prefix = environ.get("ASSAY_PREFIX", "").lower() == "true"
    gateway = Gateway.from_environment(environ)
    return dispatching.around(gateway, {}, registry=registry, server=address.server_url(environ), prefix=prefix)
