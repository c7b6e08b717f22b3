"""The home of `assay pulse` where it tells what runs cost: a terminal or a job, which looks and writes nothing."""

from collections.abc import Mapping

from bot import dispatching
from bot.cost import outgoings
from bot.gateway import Gateway
from policy.document import Policy
from policy.pulse.outgoings import Outgoings


def read(environ: Mapping[str, str], policy: Policy) -> Outgoings | str | None:
    """See `bot.cost.outgoings`. Raises UserProblem where the environment names no repository or token, or GitHub knows none."""
    return outgoings.read(dispatching.around(Gateway.from_environment(environ), {}), policy)
