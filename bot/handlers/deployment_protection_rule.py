"""GitHub asks whether a job that waits for an environment may go on."""

import re

from bot.around import Around
from bot.handlers.handler import Payload
from bot.promotion import gatekeeping
from policy.reasons import Reason

_RUN = re.compile(r"/actions/runs/([1-9]\d{0,17})/deployment_protection_rule/?\Z")


def handle(around: Around, payload: Payload) -> Reason:
    """Answer for the run that it names. Of the address in the event only that number is taken; it is never called."""
    found = _RUN.search(str(payload.get("deployment_callback_url") or ""))
    environment = payload.get("environment")
    if payload.get("action") != "requested" or found is None or not isinstance(environment, str) or not environment:
        return Reason.NOT_OURS
    return gatekeeping.asked(around, int(found[1]), environment)
