"""The home without a server: one event of a job of GitHub Actions, with the job's own token."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import dispatching, sweeping
from bot.around import Around
from bot.gateway import Gateway, address
from bot.promotion import outside
from bot.registered import Registered
from policy.problems import UserProblem

SWEEPING = ("schedule", "workflow_dispatch")
"""The events at which the job looks for what was missed."""


def handle(environ: Mapping[str, str], registry: Registered | None = None) -> str:
    """Handle the event that the runner tells of; what came of it in a line, and how many requests that took.

    `registry` is where the repository's models are. Raises UserProblem where the environment is none of a runner's, and what
    handlers raise.
    """
    event, payload = environ.get("GITHUB_EVENT_NAME", ""), _payload(environ)
    gateway = Gateway.from_environment(environ)
    around = dispatching.around(gateway, payload, registry=registry, **_home(environ))
    said = sweeping.sweep(around) if event in SWEEPING else _handled(around, event, payload)
    return f"{event}: {said} ({gateway.requests} requests)"


def watch(environ: Mapping[str, str], registry: Registered | None) -> outside.Seen:
    """Look once whether anything happened in the registry around the process. Raises what the look raises."""
    return outside.look(dispatching.around(Gateway.from_environment(environ), {}, registry=registry, **_home(environ)))


def _handled(around: Around, event: str, payload: dict[str, Any]) -> str:
    said = dispatching.handle(around, event, payload).value
    # Of several runs that wait, GitHub keeps only the newest: whatever a dropped one was to answer is answered by the next.
    missed = (
        sweeping.answer(around, payload["issue"]["number"])
        if event == "issue_comment" and payload.get("action") == "created"
        else 0
    )
    return f"{said}; {missed} more commands answered" if missed else said


def _home(environ: Mapping[str, str]) -> dict[str, Any]:
    return {"server": address.server_url(environ), "prefix": environ.get("ASSAY_PREFIX", "").lower() == "true"}


def _payload(environ: Mapping[str, str]) -> dict[str, Any]:
    path = environ.get("GITHUB_EVENT_PATH", "")
    try:
        found = json.loads(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise UserProblem(f"cannot read the event ({error})", path or "GITHUB_EVENT_PATH", "Run it in a job of Actions") from None
    if not isinstance(found, dict):
        raise UserProblem("the event is no object", path, "Run it in a job of Actions")
    return found
