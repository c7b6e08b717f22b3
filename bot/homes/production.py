"""The home of `assay sight`: a job of `assay-monitor.yml`, on the default branch, with the job's own token."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import dispatching
from bot.around import Around
from bot.gateway import Gateway, address
from bot.monitoring import keeping
from bot.monitoring.keeping import Told
from policy import vigil_history
from policy.problems import UserProblem


def keep(environ: Mapping[str, str], raw: bytes, where: str) -> Told:
    """Keep the sighting in a file, `where` being its name, and its issue.

    Raises UserProblem where the environment is none of a job of the default branch, too.
    """
    around = _around(environ)
    return keeping.keep(around, vigil_history.sighting(raw, where, around.clock()))


def _around(environ: Mapping[str, str]) -> Around:
    gateway = Gateway.from_environment(environ)
    around = dispatching.around(gateway, _payload(environ), server=address.server_url(environ))
    branch, given = f"refs/heads/{around.repository.default_branch}", environ.get("GITHUB_REF")
    if given is not None and given != branch:
        raise UserProblem(f"this is a job of {given or 'nothing'}", "GITHUB_REF", f"Start the workflow of {branch}")
    return around


def _payload(environ: Mapping[str, str]) -> dict[str, Any]:
    """What the runner tells of the event, which spares a request; nothing where it tells nothing."""
    try:
        found = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
