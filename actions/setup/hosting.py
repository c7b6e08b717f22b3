"""What only the place that hosts a repository knows, asked through a protocol so that this room needs no network."""

from collections.abc import Callable, Iterator
from typing import Protocol

from actions.setup.finding import Finding
from policy.problems import Problem

DEFAULTS = "whether pull requests of forks need approval and what the workflow token may do by default was not looked at"
_CURE = "See Settings > Actions > General: a read-only token, and approval for forks"


class Hosting(Protocol):
    """The one question that needs no more than reading."""

    def protected(self, branch: str) -> bool:
        """Whether the branch is protected. Raises Problem where that cannot be told."""


Connect = Callable[[str | None], Hosting | None]
"""Given `owner/name` of the remote `origin`, where it has one: the hosting, or None where nobody can be asked."""


def look(hosting: Hosting | None, branch: str) -> Iterator[Finding]:
    """Branch protection where it can be asked for; what was not looked at is said."""
    if hosting is None:
        what = f"whether {branch} is protected was not looked at, because there is no GITHUB_TOKEN"
        yield Finding("protection", "note", what, f"See Settings > Rules: protect {branch} and require the checks")
    else:
        yield _protection(hosting, branch)
    yield Finding("settings", "note", DEFAULTS, _CURE)


def _protection(hosting: Hosting, branch: str) -> Finding:
    try:
        protected = hosting.protected(branch)
    except Problem as problem:
        return Finding(
            "protection",
            "note",
            f"whether {branch} is protected could not be asked: {problem.what}",
            " ".join(problem.next.split()),
        )
    if protected:
        return Finding("protection", "ok", f"{branch} is protected")
    what = f"{branch} is not protected, so the policy that judges can be changed by anyone who may push"
    return Finding(
        "protection", "warning", what, f"In Settings > Rules, protect {branch} and require a pull request and the checks"
    )
