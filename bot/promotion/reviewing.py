"""Which emergencies were reviewed: those whose issue was closed by somebody who may approve there and had no part in it.

It is found out anew each time, of GitHub's own word on who closed the issue. What an issue says besides, and who else closed it,
counts for nothing; where it cannot be found out, the emergency is not reviewed.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot import people
from bot.gateway.problems import NotThere
from bot.gateway.requesting import Deployment, Issue, RequestGateway
from policy.environments import Environment, leaves
from policy.roles import Roles, is_bot

REVIEW = "assay: review"
"""The label of issues that ask for a review."""


def reviewed(
    gateway: RequestGateway, deployments: Sequence[Deployment], name: str, environment: Environment | None, roles: Roles
) -> list[Deployment]:
    """The deployments, with those to the environment `name` marked that were reviewed. Without an emergency it asks nothing."""
    me = gateway.identity()
    if environment is None or not any(_waits(each, name) and me.wrote(each) for each in deployments):
        return list(deployments)
    issues = [each for each in gateway.issues(REVIEW, "closed") if me.wrote(each)]
    wanted = {rule.role or "" for _, rule in leaves(environment.approved_if)}
    wanted |= {environment.break_glass.role} if environment.break_glass else set()
    found = []
    for each in deployments:
        if _waits(each, name) and me.wrote(each) and _is_reviewed(gateway, each, issues, wanted, roles):
            each = replace(each, payload={**each.payload, "reviewed": True})
        found.append(each)
    return found


def _waits(each: Deployment, name: str) -> bool:
    return each.environment == name and each.payload.get("glass") is True and each.payload.get("reviewed") is not True


def _is_reviewed(
    gateway: RequestGateway, deployment: Deployment, issues: Sequence[Issue], wanted: set[str], roles: Roles
) -> bool:
    digest, had_a_part = deployment.payload.get("digest"), deployment.payload.get("approvers")
    if not isinstance(digest, str) or not digest or not isinstance(had_a_part, list):
        return False
    number = next((each.number for each in issues if f"`{digest}`" in each.body), None)
    if number is None:
        return False
    try:
        closer = gateway.closed_by(number)
        if closer is None or closer.id is None or closer.id in had_a_part or is_bot(closer.login, "User"):
            return False
        return bool(people.standing(gateway, closer.id, closer.login, wanted, roles).roles & wanted)
    except (NotThere, people.Unknown):
        return False
