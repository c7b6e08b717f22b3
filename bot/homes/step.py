"""The home of the steps of a promotion: one job of `assay-promote.yml`, on the default branch, with the job's own token."""

from collections.abc import Mapping

from bot import dispatching
from bot.around import Around
from bot.gateway import Gateway, address
from bot.promotion import authorizing, recording
from bot.promotion.authorizing import NotAuthorized
from bot.promotion.recording import Recorded
from bot.registered import Registered
from policy.authorization import Authorization, Outcome
from policy.problems import UserProblem


def authorize(environ: Mapping[str, str], number: int, registry: Registered | None, request: str = "") -> Authorization:
    """See `bot.promotion.authorizing`. Raises UserProblem where the environment is none of a runner's, too."""
    around, run = _around(environ, registry)
    return authorizing.authorize(around, number, run, request)


def record(
    environ: Mapping[str, str], number: int, registry: Registered | None, leave: Authorization, outcome: Outcome | None
) -> Recorded:
    """See `bot.promotion.recording`. Raises UserProblem where the environment is none of a runner's, too."""
    around, run = _around(environ, registry)
    return recording.record(around, number, run, leave, outcome)


def _around(environ: Mapping[str, str], registry: Registered | None) -> tuple[Around, int]:
    """Where the step works, and for which run. Raises NotAuthorized in a job of any other branch."""
    gateway = Gateway.from_environment(environ)
    run = environ.get("GITHUB_RUN_ID", "")
    if not (run.isascii() and run.isdigit() and int(run)):
        raise UserProblem("no run of Actions is named", "GITHUB_RUN_ID", "Run it in a job of `assay-promote.yml`")
    home = {"server": address.server_url(environ), "prefix": environ.get("ASSAY_PREFIX", "").lower() == "true"}
    around = dispatching.around(gateway, {}, registry=registry, **home)
    branch = f"refs/heads/{around.repository.default_branch}"
    if environ.get("GITHUB_REF") != branch:
        given = environ.get("GITHUB_REF") or "nothing"
        raise NotAuthorized(f"this is a job of {given}", "GITHUB_REF", f"Start the workflow of {branch}")
    return around, int(run)
