"""Which emergencies were reviewed: those whose issue was closed by somebody who may approve there and had no part in it.

It is found out anew each time, of GitHub's own word on who closed the issue. What an issue says besides, and who else closed it,
counts for nothing; where it cannot be found out, the emergency is not reviewed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import people
from bot.gateway.problems import NotThere
from bot.gateway.requesting import Deployment, Issue, Person, RequestGateway
from policy.environments import Environment, leaves
from policy.roles import Roles, is_bot

REVIEW = "assay: review"
"""The label of issues that ask for a review."""


@dataclass(frozen=True)
class Review:
    """An emergency that was reviewed: in which issue, by whom, and when that was closed, in ISO 8601."""

    deployment: Deployment
    number: int
    by: Person
    at: str


def reviews(
    gateway: RequestGateway, deployments: Sequence[Deployment], name: str, environment: Environment | None, roles: Roles
) -> list[Review]:
    """The reviews of emergencies in the environment `name`. Without an emergency it asks nothing."""
    me = gateway.identity()
    waiting = [each for each in deployments if _waits(each, name) and me.wrote(each)]
    if environment is None or not waiting:
        return []
    issues = [each for each in gateway.issues(REVIEW, "closed") if me.wrote(each)]
    wanted = {rule.role or "" for _, rule in leaves(environment.approved_if)}
    wanted |= {each.role for each in (environment.break_glass, environment.rollback) if each}
    found = (_review(gateway, each, issues, wanted, roles) for each in waiting)
    return [each for each in found if each is not None]


def marked(deployments: Sequence[Deployment], found: Sequence[Review]) -> list[Deployment]:
    """The deployments, with those marked that were reviewed."""
    there = {each.deployment.id for each in found}
    return [replace(each, payload={**each.payload, "reviewed": True}) if each.id in there else each for each in deployments]


def _waits(each: Deployment, name: str) -> bool:
    return each.environment == name and each.payload.get("glass") is True and each.payload.get("reviewed") is not True


def _review(
    gateway: RequestGateway, deployment: Deployment, issues: Sequence[Issue], wanted: set[str], roles: Roles
) -> Review | None:
    digest, had_a_part = deployment.payload.get("digest"), deployment.payload.get("approvers")
    if not isinstance(digest, str) or not digest or not isinstance(had_a_part, list):
        return None
    number = next((each.number for each in issues if f"`{digest}`" in each.body), None)
    if number is None:
        return None
    try:
        closed = gateway.closed_by(number)
        if closed is None:
            return None
        closer, at = closed
        if closer.id is None or closer.id in had_a_part or is_bot(closer.login, "User"):
            return None
        may = people.standing(gateway, closer.id, closer.login, wanted, roles).roles & wanted
    except (NotThere, people.Unknown):
        return None
    return Review(deployment, number, closer, at) if may else None
