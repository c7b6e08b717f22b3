"""The home of whoever looks at a request from a terminal: it reads with the token at hand, and writes nothing."""

from collections.abc import Mapping, Sequence

from bot import dispatching
from bot.around import Around
from bot.gateway import Gateway, address
from bot.promotion import deciding
from bot.registered import Registered
from policy.approvals import Decision
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


def around(environ: Mapping[str, str], registry: Registered | None) -> Around:
    """The repository that the environment names, by its token."""
    prefix = environ.get("ASSAY_PREFIX", "").lower() == "true"
    gateway = Gateway.from_environment(environ)
    return dispatching.around(gateway, {}, registry=registry, server=address.server_url(environ), prefix=prefix)
