"""Gives locks back: those of a pull request that was closed, and those whose closing nobody heard of."""

from contextlib import suppress

from bot import locks, perform
from bot.around import Around
from bot.commands.entering import hands
from bot.effects import MoveLock
from bot.gateway.requesting import RequestGateway
from bot.promotion.deciding import policy_of
from policy.ledger import Decision
from policy.problems import UserProblem


def release(around: Around, number: int) -> None:
    """Free what a pull request or issue locked. What cannot be read holds on: a person has to look."""
    for seen in _held(around):
        if seen.holder is not None and seen.holder.owner == f"#{number}":
            _free(around, seen)


def release_forgotten(around: Around) -> int:
    """Free what is held for pull requests and issues that are closed; how many locks that were."""
    freed = 0
    for seen in _held(around):
        owner = seen.holder.owner if seen.holder else ""
        if owner.startswith("#") and owner[1:].isdigit() and not around.gateway.is_open(int(owner[1:])):
            _free(around, seen)
            freed += 1
    return freed


def _held(around: Around) -> list[locks.Seen]:
    return [seen for name in around.gateway.lock_names() if (seen := around.gateway.lock(name)).holder is not None]


def _free(around: Around, seen: locks.Seen) -> None:
    owner = seen.holder.owner if seen.holder else ""
    freed = locks.release(seen, "assay", 0, f"{owner} was closed")
    if freed is not None:
        perform.perform(around.gateway, [freed])
        with suppress(UserProblem):  # the lock is free, whether or not that can be entered
            _enter(around, owner, freed)


def _enter(around: Around, owner: str, freed: MoveLock) -> None:
    """Enter that a lock is free, where there is a ledger: its taking stands there."""
    policy, digest = policy_of(around, RequestGateway.of(around.gateway))
    lock = locks.parse(freed.name, freed.record.encode())
    if policy.environments and lock is not None:
        entry = hands(around.repository.id, int(owner.removeprefix("#")), Decision.UNLOCKED, lock, digest)
        perform.perform(around.gateway, [entry])
