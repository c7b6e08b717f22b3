"""Who is to be reminded of a request that waits: those who can still approve it, and later the lead. Pure.

It says what is due by now, not what was done: whoever sends it looks whether it was sent before.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from policy.approvals import Decision, State
from policy.environments import Environment
from policy.roles import Roles
from policy.rulings import Ruled

_WAITING = (State.PENDING, State.FROZEN, State.BLOCKED)


@dataclass(frozen=True)
class Reminder:
    """Something to tell people: logins, and teams as `@organisation/team`. `since` is when it became due."""

    kind: Literal["missing", "lead"]
    people: tuple[str, ...]
    since: datetime


def due(environment: Environment, roles: Roles, decision: Decision, opened: datetime, now: datetime) -> list[Reminder]:
    """The reminders that are due for a request that was opened then; none where nothing waits for people."""
    if decision.rules.state is not Ruled.PENDING or decision.state not in _WAITING:
        return []
    found: list[Reminder] = []
    if environment.remind is not None and decision.could and now >= opened + environment.remind:
        found.append(Reminder("missing", decision.could, opened + environment.remind))
    if environment.lead is not None and now >= opened + environment.lead.after:
        found.append(Reminder("lead", tuple(roles.get(environment.lead.role, ())), opened + environment.lead.after))
    return found
