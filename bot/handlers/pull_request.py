"""A pull request was opened, moved, retargeted or closed."""

from collections.abc import Callable
from dataclasses import replace

from bot import judging, locking, sweeping
from bot.around import Around
from bot.gateway.problems import Postponed
from bot.gateway.sparing import sparing
from bot.handlers.handler import Payload
from bot.sweeping import SWEPT, TELL
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """A new head or base is judged by what is known of it; a closed one gives back its locks."""
    action, number = payload["action"], int(payload["number"])
    if action == "closed":
        locking.release(around, number)
        return Reason.REFRESHED
    if action in (SWEPT, TELL):
        return _swept(around, number, sweeping.tell if action == TELL else judging.judge)
    retargeted = action == "edited" and "base" in (payload.get("changes") or {})
    if retargeted or action in ("opened", "synchronize", "reopened", "ready_for_review"):
        judging.judge(around, number)
        return Reason.REFRESHED
    return Reason.NOT_OURS


def _swept(around: Around, number: int, see_to: Callable[[Around, int], object]) -> Reason:
    """What a sweep came by is seen to while there are requests to spare; where there are few, there is another sweep."""
    try:
        see_to(replace(around, gateway=sparing(around.gateway)), number)
    except Postponed:
        return Reason.PUT_OFF
    return Reason.REFRESHED
