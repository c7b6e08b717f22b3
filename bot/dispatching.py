"""From an event to its handler; the same in a service and in a job."""

from typing import Any

from bot.around import Around
from bot.gateway.gateway import Gateway
from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository
from bot.handlers import HANDLERS, NEEDED
from bot.handlers.handler import Payload
from policy.problems import UserProblem
from policy.reasons import Reason


def handle(around: Around, event: str, payload: Payload) -> Reason:
    """Do what an event asks for. Raises UserProblem for a payload that is not the event's, and what handlers raise."""
    handler = HANDLERS.get(event)
    if handler is None:
        return Reason.NOT_OURS
    missing = [key for key in NEEDED[event] if not isinstance(payload.get(key), dict)]
    if missing:
        raise UserProblem(f"the payload of {event} lacks {', '.join(missing)}", "the event", "Pass what GitHub sent")
    return handler.handle(around, payload)


def around(gateway: Gateway, payload: Payload, **more: Any) -> Around:
    """What a handler is given, out of the payload's own repository; asked for only where there is none in it."""
    given = payload.get("repository") or {}
    if given.get("id") and given.get("default_branch") and "private" in given:
        found = Repository(int(given["id"]), gateway.full_name, str(given["default_branch"]), bool(given["private"]))
    else:
        found = gateway.repository()
    return Around(LockGateway.of(gateway), found, **more)
