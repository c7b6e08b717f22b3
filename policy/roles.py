"""Who may do what: roles of `assay.yml`, the levels of a repository's permissions, and how the two are compared. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from policy.models import Section

Level = Literal["none", "read", "triage", "write", "maintain", "admin"]
LEVELS: tuple[Level, ...] = ("none", "read", "triage", "write", "maintain", "admin")
"""GitHub's repository permissions, each of which holds what stands before it."""

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
Member = Annotated[str, StringConstraints(pattern=r"^(@[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}|[A-Za-z0-9-]{1,39})$")]
"""A user's login, or a team as `@organisation/team`. Both are compared without regard to case, as GitHub does."""
Roles = dict[RoleName, list[Member]]

Who = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
"""Who may: a level such as `write` (and all above it), or the name of a role."""


class Commands(Section):
    """Commands in comments. Only the base branch's word counts."""

    who: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{1,29}$")], Who] = {}
    """For each command, a level (`read`, `triage`, `write`, `maintain`, `admin`) or a role, in the place of its default."""
    edits: bool = False
    """Whether a command that its author adds to a comment by editing it runs. Otherwise only new comments are read."""
    waivers_last: Annotated[int, Field(ge=1, le=366)] = 90
    """The most days that a waiver may last."""


@dataclass(frozen=True)
class Standing:
    """What a person is to a repository right now: the numeric id, the level, and the roles that were asked about."""

    id: int
    login: str
    level: Level = "none"
    roles: frozenset[str] = frozenset()

    def may(self, who: str) -> bool:
        """Whether this person has a level, or a role of this name."""
        return at_least(self.level, who) if is_level(who) else who in self.roles


def is_level(who: str) -> bool:
    """Whether it is the name of a level and not of a role."""
    return who in LEVELS


def at_least(level: Level, wanted: str) -> bool:
    """Whether a level holds another. What is no level is held by nobody."""
    return wanted in LEVELS and wanted != "none" and LEVELS.index(level) >= LEVELS.index(wanted)


def level_of(flags: Collection[str], role_name: str, permission: str) -> Level:
    """The level behind GitHub's answer about a collaborator.

    `flags` are the permissions that are true for the person (`admin`, `maintain`, `push`, `triage`, `pull`); they also tell what
    a custom role is worth. Without them the role's name counts where it is a level, else the older `permission`.
    """
    for flag, level in _FLAGS.items():
        if flag in flags:
            return level
    found = role_name if role_name in LEVELS else permission
    return next((level for level in LEVELS if level == found), "none")


_FLAGS: dict[str, Level] = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}


def users(members: Iterable[str]) -> list[str]:
    """The logins among the members of a role, each once whatever its case."""
    return list(dict.fromkeys(each.lower() for each in members if not each.startswith("@")))


def teams(members: Iterable[str]) -> list[tuple[str, str]]:
    """The teams among the members of a role, as (organisation, slug), each once whatever its case."""
    found = [each.removeprefix("@").lower().split("/") for each in members if each.startswith("@")]
    return list(dict.fromkeys((organisation, slug) for organisation, slug in found))


def named(who: str, roles: Roles) -> str:
    """In words who could, for a refusal: `write permission or more`, `the role ml-lead (alice, the team acme/ml)`."""
    if is_level(who):
        return f"{who} permission or more" if who != "admin" else "admin permission"
    members = roles.get(who)
    if not members:
        return f"the role {who}, which nobody has"
    people = [*users(members), *(f"the team {organisation}/{slug}" for organisation, slug in teams(members))]
    return f"the role {who} ({', '.join(people)})"


def is_bot(login: str, kind: str) -> bool:
    """Whether an account is no person: it never approves, waives or commands."""
    return kind != "User" or bool(re.search(r"\[bot\]$", login))
