"""What GitHub refuses, as problems that say what to do next."""

from dataclasses import dataclass

from policy.problems import OutsideProblem, UserProblem

REPORTING = {"actions": "read", "checks": "write", "contents": "read", "pull-requests": "write"}
"""What a job that publishes needs, and no more."""


class Forbidden(UserProblem):
    """The token may not do this. Trying again does not help; the advice holds the `permissions:` block to paste."""


class Unauthorized(Forbidden):
    """GitHub does not take the token at all (401): it is over, revoked, or never was one."""


@dataclass
class Postponed(OutsideProblem):
    """A read that may wait was not made, because little is left of the hour's requests; `until` in seconds since the epoch."""

    until: float = 0.0


class NotThere(UserProblem):
    """GitHub does not have it, or does not show it to this token."""


class Refused(UserProblem):
    """GitHub found fault with what was sent (422 and its like). `what` holds its own words."""


def forbidden(doing: str, said: str, needed: dict[str, str]) -> Forbidden:
    """The problem of a token that lacks a permission; `needed` is the block's content, such as {"checks": "write"}."""
    return Forbidden(f"the token may not do this ({said})", doing, f"Give the job exactly these permissions:\n{block(needed)}")


def block(needed: dict[str, str]) -> str:
    """A `permissions:` block for a job that publishes and does what else is `needed`."""
    wanted = {**REPORTING, **{name: level for name, level in needed.items() if level == "write" or name not in REPORTING}}
    return "permissions:\n" + "\n".join(f"  {name}: {level}" for name, level in sorted(wanted.items()))


def accepted(header: str) -> dict[str, str]:
    """What GitHub's `X-Accepted-GitHub-Permissions` asks for; of alternatives the first: `issues=write; pull_requests=write`."""
    first = header.split(";")[0]
    pairs = [piece.strip().partition("=") for piece in first.split(",")]
    return {name.replace("_", "-"): level for name, _, level in pairs if name and level in ("read", "write")}
