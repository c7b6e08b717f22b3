"""The home of `assay propose`: a job on the default branch, after the one that made what is proposed, in the same run."""

from collections.abc import Mapping

from bot import dispatching
from bot.around import Around
from bot.gateway import Gateway, address
from bot.proposing import keeping, searched
from bot.proposing.keeping import Asked, Proposed
from policy.problems import UserProblem
from policy.proposing import Kind


def propose(
    environ: Mapping[str, str], kind: Kind, because: str, artifact: str, facts: str, tuning: str = searched.NAME
) -> Proposed:
    """See `bot.proposing.keeping`. What is proposed is only ever what the own run left.

    Raises UserProblem where the environment is none of a job of the default branch, too.
    """
    around, run_id = _around(environ)
    return keeping.propose(around, Asked(kind, run_id, because, artifact, facts, tuning))


def _around(environ: Mapping[str, str]) -> tuple[Around, int]:
    gateway = Gateway.from_environment(environ)
    run = environ.get("GITHUB_RUN_ID", "")
    if not (run.isascii() and run.isdigit() and int(run)):
        raise UserProblem("no run of Actions is named", "GITHUB_RUN_ID", "Run it in a job of a workflow")
    around = dispatching.around(gateway, {}, server=address.server_url(environ))
    branch, given = f"refs/heads/{around.repository.default_branch}", environ.get("GITHUB_REF")
    if given != branch:
        raise UserProblem(f"this is a job of {given or 'nothing'}", "GITHUB_REF", f"Start the workflow of {branch}")
    return around, int(run)
