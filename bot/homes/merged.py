"""The home of `assay pulse` where it tells how long changes took from their pull requests on: it looks and writes nothing."""

from collections.abc import Mapping

from bot.gateway import Gateway
from bot.gateway.rolling import RollingGateway
from policy.pulse.flow import Pulled


def read(environ: Mapping[str, str]) -> Mapping[int, Pulled]:
    """See `RollingGateway.merged_pulls`. Raises UserProblem where the environment names no repository or token."""
    return RollingGateway.of(Gateway.from_environment(environ)).merged_pulls()
