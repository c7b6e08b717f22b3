"""A pull request was opened, moved, retargeted or closed."""

from bot import judging, locks, perform
from bot.around import Around
from bot.gateway.locking import LockGateway
from bot.handlers.handler import Payload
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """A new head or base is judged by what is known of it; a closed one gives back its locks."""
    action, number = payload["action"], int(payload["number"])
    if action == "closed":
        return _release(around, number)
    retargeted = action == "edited" and "base" in (payload.get("changes") or {})
    if retargeted or action in ("opened", "synchronize", "reopened", "ready_for_review"):
        judging.judge(around, number)
        return Reason.REFRESHED
    return Reason.NOT_OURS


def _release(around: Around, number: int) -> Reason:
    """Free what this pull request locked. What cannot be read holds on: a person has to look."""
    gateway = LockGateway.of(around.gateway)
    for name in gateway.lock_names():
        seen = gateway.lock(name)
        if seen.holder is not None and seen.holder.owner == f"#{number}":
            freed = locks.release(seen, "assay", 0, f"#{number} was closed")
            perform.perform(gateway, [freed] if freed else [])
    return Reason.REFRESHED
