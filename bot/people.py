"""Who somebody is to a repository right now: asked of GitHub at the moment of deciding, never taken from an event.

`author_association` and what a payload says of permissions are not looked at: the one is no permission, the other is of then.
"""

from typing import Protocol

from bot.gateway.commanding import Collaborator
from policy.problems import OutsideProblem, UserProblem
from policy.roles import Roles, Standing, is_level, teams, users


class Reads(Protocol):
    """What is asked of the gateway."""

    def collaborator(self, login: str) -> Collaborator:
        """What an account may do here."""

    def in_team(self, organisation: str, slug: str, login: str) -> bool:
        """Whether an account is an active member of a team."""


class Lists(Reads, Protocol):
    """What is asked of the gateway about several people."""

    def collaborators(self) -> list[Collaborator]:
        """Up to a hundred of those who have a role here."""


class Several:
    """Reads several people by one request: who is not among those that GitHub lists is asked for alone, and so is everybody
    where the token may not list them."""

    def __init__(self, reads: Lists) -> None:
        self._reads = reads
        try:
            self._known = {each.login.lower(): each for each in reads.collaborators()}
        except (UserProblem, OutsideProblem):
            self._known = {}

    def collaborator(self, login: str) -> Collaborator:
        """See `Reads`."""
        return self._known.get(login.lower()) or self._reads.collaborator(login)

    def in_team(self, organisation: str, slug: str, login: str) -> bool:
        """See `Reads`."""
        return self._reads.in_team(organisation, slug, login)


class Unknown(Exception):
    """What somebody may do could not be found out, which is neither a yes nor a no."""


def standing(reads: Reads, id: int, login: str, wanted: set[str], roles: Roles) -> Standing:
    """The level of a person, and which of the `wanted` roles they hold.

    The account behind the login must be the one with this numeric id: a login that was given up may belong to somebody else now.
    Raises Unknown where GitHub does not say.
    """
    try:
        found = reads.collaborator(login)
        if found.id != id:
            raise Unknown("the name belongs to another account now")
        held = {role for role in wanted if not is_level(role) and _holds(reads, found.login, roles.get(role, []))}
    except (UserProblem, OutsideProblem) as problem:
        raise Unknown(problem.what) from None
    return Standing(id, found.login, found.level, frozenset(held))


def _holds(reads: Reads, login: str, members: list[str]) -> bool:
    if login.lower() in users(members):
        return True
    return any(reads.in_team(organisation, slug, login) for organisation, slug in teams(members))
