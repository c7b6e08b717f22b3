"""A pull request was opened, moved, retargeted or closed."""

from bot import judging, locking
from bot.around import Around
from bot.handlers.handler import Payload
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """A new head or base is judged by what is known of it; a closed one gives back its locks."""
    action, number = payload["action"], int(payload["number"])
    if action == "closed":
        locking.release(around, number)
        return Reason.REFRESHED
    retargeted = action == "edited" and "base" in (payload.get("changes") or {})
    if retargeted or action in ("opened", "synchronize", "reopened", "ready_for_review"):
        judging.judge(around, number)
        return Reason.REFRESHED
    return Reason.NOT_OURS
