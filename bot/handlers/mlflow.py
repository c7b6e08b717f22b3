"""The registry told of something, or a sweep asks to look there. What was told is a hint: the registry is read anew."""

from dataclasses import replace

from bot.around import Around
from bot.gateway.problems import Postponed
from bot.gateway.sparing import sparing
from bot.handlers.handler import Payload
from bot.promotion import outside
from bot.sweeping import SWEPT
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Look for what happened around the process, where it is about the model of the policy."""
    if around.registry is None:
        return Reason.NOT_OURS
    if payload.get("action") == SWEPT:
        return _swept(around)
    return outside.look(around, str(payload["data"].get("name"))).reason


def _swept(around: Around) -> Reason:
    """A sweep looks while there are requests to spare; where there are few, there is another sweep."""
    try:
        return outside.look(replace(around, gateway=sparing(around.gateway))).reason
    except Postponed:
        return Reason.PUT_OFF
