"""Frees a lock: one's own, or with a reason somebody else's."""

from dataclasses import dataclass
from typing import Annotated

from bot import locks
from bot.commands.command import Request
from bot.commands.lock import Present, Reads, changed_hands
from bot.effects import Effect, refused, told
from bot.grammar import kinds
from bot.grammar.arguments import Option, Positional
from policy.ledger import Decision
from policy.reasons import Reason

WHO = "write"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/unlock production", '/unlock production because "mona is on holiday, and the release is out"')
OTHERS = "maintain"
"""What it takes to free the lock of somebody else."""


@dataclass(frozen=True)
class Arguments:
    """An environment, or `all`; and why, which a lock of somebody else's needs."""

    name: Annotated[str, Positional(kinds.environment)] = "production"
    because: Annotated[str | None, Option(kinds.reason(words=3), bare=True)] = None


def look(reads: Reads, request: Request, arguments: Arguments) -> Present | None:
    """The lock; None for what can be no lock's name."""
    return Present(reads.lock(arguments.name)) if locks.is_name(arguments.name) else None


def decide(request: Request, arguments: Arguments, present: Present | None) -> list[Effect]:
    """Free it, if it is one's own; else that takes maintain permission and a reason."""
    if present is None:
        return [refused(Reason.LOCK_NO_NAME, name=arguments.name)]
    actor, name, held = request.actor, arguments.name, present.seen.holder
    if held is not None and held.by_id != actor.id:
        if not actor.may(OTHERS):
            who = f"{OTHERS} permission or more, because {held.by} took it"
            return [refused(Reason.NOT_ALLOWED, actor=actor.login, command="/unlock", who=who)]
        if arguments.because is None:
            line = f'/unlock {name} because "..."'
            return [refused(Reason.UNLOCK_NEEDS_REASON, name=name, by=held.by, actor=actor.login, line=line)]
    try:
        effect = locks.release(present.seen, actor.login, actor.id, arguments.because or "")
    except locks.Blocked:
        return [refused(Reason.LOCK_UNREADABLE, name=name, ref=f"{locks.BRANCH}/{locks.path(name)}")]
    if effect is not None:
        free = locks.parse(name, effect.record.encode())
        entered = changed_hands(request, Decision.UNLOCKED, free, own=True) if free else []
        return [effect, *entered, told(Reason.LOCK_RELEASED, name=name)]
    # Begun before, and freed by who asks: its entry may be missing.
    free = present.seen.lock if request.again else None
    entered = changed_hands(request, Decision.UNLOCKED, free, own=True) if free and free.by_id == actor.id else []
    return [*entered, told(Reason.NOT_LOCKED, name=name)]
