"""A pull request was opened, moved, retargeted or closed."""

from dataclasses import replace

from bot import judging, locking
from bot.around import Around
from bot.gateway.problems import Postponed
from bot.gateway.sparing import sparing
from bot.handlers.handler import Payload
from bot.sweeping import SWEPT
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """A new head or base is judged by what is known of it; a closed one gives back its locks."""
    action, number = payload["action"], int(payload["number"])
    if action == "closed":
        locking.release(around, number)
        return Reason.REFRESHED
    if action == SWEPT:
        return _swept(around, number)
    retargeted = action == "edited" and "base" in (payload.get("changes") or {})
    if retargeted or action in ("opened", "synchronize", "reopened", "ready_for_review"):
        judging.judge(around, number)
        return Reason.REFRESHED
    return Reason.NOT_OURS


def _swept(around: Around, number: int) -> Reason:
    """What a sweep came by is judged while there are requests to spare; where there are few, there is another sweep."""
    try:
        judging.judge(replace(around, gateway=sparing(around.gateway)), number)
    except Postponed:
        return Reason.PUT_OFF
    return Reason.REFRESHED
