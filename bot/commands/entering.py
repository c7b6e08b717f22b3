"""What the ledger is told of a command: who decided what, in which comment, under which policy. Pure.

Only where the policy has environments: a team that promotes nothing gets no branch because somebody said `/hold`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.commands.command import Request
from bot.effects import Enter
from bot.locks import Lock
from policy.ledger import Comment, Decision, Digests, Draft, Subject
from policy.reasons import Reason


def entry(
    request: Request,
    decision: Decision,
    reason: Reason,
    because: str | None = None,
    *,
    gate: str = "",
    environment: str = "",
    inputs: dict[str, Any] | None = None,
) -> list[Enter]:
    """The entry of a decision that its comment is. The same comment handled again has the same key."""
    if not request.policy.environments:
        return []
    draft = Draft(
        key=f"{decision}-{request.key}",
        decision=decision,
        reason=reason.value,
        repository=request.repository.id,
        subject=Subject(gate=gate, environment=environment, number=request.number),
        digests=Digests(code=request.pull.head_sha if request.pull else "", policy=request.policy_digest),
        comments=(request.comment,) if request.comment else (),
        inputs=inputs or {},
    )
    return [Enter(draft, request.actor.login, request.actor.id, because or "", request.at)]


def hands(
    repository: int, number: int, decision: Decision, lock: Lock, policy_digest: str, comments: Sequence[Comment] = ()
) -> Enter:
    """The entry of a lock's change of hands, as its record tells of it.

    It is known by the lock's token and time, so that one whose entry a crash kept out is entered by the same said again.
    """
    draft = Draft(
        key=f"{decision}-{lock.name}-{lock.token}-{int(datetime.fromisoformat(lock.since).timestamp())}",
        decision=decision,
        reason=(Reason.LOCK_TAKEN if decision is Decision.LOCKED else Reason.LOCK_RELEASED).value,
        repository=repository,
        subject=Subject(environment=lock.name, number=number),
        digests=Digests(policy=policy_digest),
        comments=tuple(comments),
        inputs={"token": lock.token},
    )
    return Enter(draft, lock.by, lock.by_id, lock.because, lock.since)
