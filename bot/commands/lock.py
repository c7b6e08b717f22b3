"""Locks an environment, or everything, for this pull request or issue."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from bot import locks
from bot.commands.command import Request
from bot.commands.entering import hands
from bot.effects import Effect, Enter, refused, told
from bot.grammar import kinds
from bot.grammar.arguments import Option, Positional
from policy.ledger import Decision
from policy.reasons import Reason

WHO = "write"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/lock production", '/lock all because "the store is being moved"')


@dataclass(frozen=True)
class Arguments:
    """An environment, or `all` for a freeze; and why."""

    name: Annotated[str, Positional(kinds.environment)] = "production"
    because: Annotated[str | None, Option(kinds.reason(words=1), bare=True)] = None


@dataclass(frozen=True)
class Present:
    """The lock as it is."""

    seen: locks.Seen


class Reads(Protocol):
    """What is asked of the gateway."""

    def lock(self, name: str) -> locks.Seen:
        """A lock as it is now."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present | None:
    """The lock; None for what can be no lock's name."""
    return Present(reads.lock(arguments.name)) if locks.is_name(arguments.name) else None


def decide(request: Request, arguments: Arguments, present: Present | None) -> list[Effect]:
    """Take it, where nobody else has it."""
    if present is None:
        return [refused(Reason.LOCK_NO_NAME, name=arguments.name)]
    owner, actor = f"#{request.number}", request.actor
    try:
        lock, effect = locks.acquire(present.seen, owner, actor.login, actor.id, arguments.because or "")
    except locks.Blocked as blocked:
        return [_blocked(arguments.name, blocked.lock)]
    taken = told(Reason.LOCK_TAKEN, name=lock.name, number=request.number, actor=lock.by)
    entered = changed_hands(request, Decision.LOCKED, lock, own=effect is not None or request.again)
    return [effect, *entered, taken] if effect else [*entered, taken]


def changed_hands(request: Request, decision: Decision, lock: locks.Lock, *, own: bool) -> list[Enter]:
    """The entry of a lock's change of hands, where there is a ledger. `own`: this comment made the change."""
    if not request.policy.environments:
        return []
    told = (request.comment,) if own and request.comment else ()
    return [hands(request.repository.id, request.number, decision, lock, request.policy_digest, told)]


def _blocked(name: str, lock: locks.Lock | None) -> Effect:
    if lock is None:
        return refused(Reason.LOCK_UNREADABLE, name=name, ref=f"{locks.BRANCH}/{locks.path(name)}")
    return refused(
        Reason.LOCK_THERE,
        name=name,
        by=lock.by,
        owner=lock.owner,
        since=lock.since,
        because=lock.because or "no reason given",
        line=f"/unlock {name}",
    )
