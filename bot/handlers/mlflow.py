"""The registry told of something, or a sweep asks to look there. What was told is a hint: the registry is read anew."""

from bot.around import Around
from bot.handlers.handler import Payload
from bot.promotion import outside
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Look for what happened around the process, where it is about the model of the policy."""
    if around.registry is None:
        return Reason.NOT_OURS
    return outside.look(around, str(payload["data"].get("name") or "") or None).reason
