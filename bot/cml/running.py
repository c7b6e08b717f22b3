"""What is running: the event that the runner tells of, as CML's verbs use it."""

import json
from collections.abc import Mapping
from pathlib import Path

from bot.events import NOTHING, Subject, subject
from policy.problems import UserProblem

_PULL = ("pull_request", "pull_request_target")


def about(environ: Mapping[str, str]) -> Subject:
    """The commit and the pull request that the runner's event is about.

    An event that names neither, such as `schedule`, is about GITHUB_SHA; so is a laptop, if it sets that. For a pull request the
    commit is its head, whichever event triggers the run: under `pull_request_target` GITHUB_SHA is the base.
    """
    sha = environ.get("GITHUB_SHA", "")
    try:
        found = subject(environ.get("GITHUB_EVENT_NAME", ""), _payload(environ))
    except UserProblem:
        if environ.get("GITHUB_EVENT_NAME") in _PULL:
            raise  # GITHUB_SHA would be the wrong commit
        found = NOTHING
    return found if found.sha or found.number else Subject(sha, found.number, found.owner, found.branch)


def branch(environ: Mapping[str, str]) -> str | None:
    """The branch that the run is on: a pull request's head, or the one that was pushed. None on a tag, or outside of Actions."""
    ref = environ.get("GITHUB_REF", "")
    return environ.get("GITHUB_HEAD_REF") or (ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None)


def _payload(environ: Mapping[str, str]) -> Mapping[str, object]:
    path = environ.get("GITHUB_EVENT_PATH", "")
    try:
        found = json.loads(Path(path).read_bytes()) if path else {}
    except (OSError, ValueError) as error:
        raise UserProblem(f"cannot read the event ({error})", path, "Pass the file that the runner wrote") from None
    return found if isinstance(found, dict) else {}
