"""Whether MLflow sent a request: its signature, over the id, the time and the raw body, in the manner of Standard Webhooks.

Pure. The time is signed too, so what was captured is good for minutes; within them its id is known already. What MLflow says has
no effect of its own: it makes the bot look.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.receiving import delivery
from bot.receiving.delivery import Misshapen, NotJson
from bot.receiving.intake import JSON, Received, Refusal, sole
from bot.receiving.reasons import Reason
from bot.receiving.shapes import REGISTRY

LIMIT = 256 * 1024
"""Bytes of a body at most. The longest are those of new versions, which hold all tags; what is longer a sweep finds."""
WINDOW = timedelta(minutes=5)
"""How far the time of a delivery may be from now, either way."""
_ID = re.compile(rb"[0-9A-Za-z][0-9A-Za-z-]{0,79}\Z")
_TIME = re.compile(rb"[0-9]{1,11}\Z")
_SIGNATURE = re.compile(rb"v1,([0-9A-Za-z+/]{43}=)\Z")


def _now() -> datetime:
    return datetime.now(UTC)


def receive(
    method: str,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes,
    secrets: Mapping[str, bytes],
    limit: int,
    clock: Callable[[], datetime] = _now,
) -> Received | Refusal:
    """What a request is. `headers` are pairs as they came, with names in lower case; `secrets` by the names of their slots."""
    if method != "POST":
        return Refusal(405, Reason.UNSIGNED)
    if len(body) > limit:
        return Refusal(413, Reason.TOO_LARGE)
    id, at = sole(headers, b"x-mlflow-delivery-id", _ID), sole(headers, b"x-mlflow-timestamp", _TIME)
    claimed = _claimed(sole(headers, b"x-mlflow-signature", _SIGNATURE))
    if claimed is None:
        return Refusal(401, Reason.UNSIGNED)
    # What is missing is as good as wrong: no content that lacks it was signed.
    slot = _slot(claimed, f"{id}.{at}.".encode() + body, secrets) if id and at else None
    if slot is None:
        return Refusal(401, Reason.BAD_SIGNATURE)
    if abs(clock() - datetime.fromtimestamp(int(at), UTC)) > WINDOW:
        return Refusal(401, Reason.TIMESTAMP, signed=True)
    if not sole(headers, b"content-type", JSON):
        return Refusal(415, Reason.CONTENT_TYPE, signed=True)
    try:
        return Received(delivery.read(f"{REGISTRY}-{id}", REGISTRY, body), slot)
    except NotJson:
        return Refusal(400, Reason.NOT_JSON, signed=True)
    except Misshapen:
        return Refusal(400, Reason.SHAPE, signed=True)


def _claimed(header: str) -> bytes | None:
    """The bytes of a signature; None for what is none. Base64 can say the same in several ways, of which one counts."""
    text = header.removeprefix("v1,")
    found = base64.b64decode(text)
    return found if found and base64.b64encode(found).decode() == text else None


def _slot(claimed: bytes, signed: bytes, secrets: Mapping[str, bytes]) -> str | None:
    """The name of the secret that was signed with. All are tried, in constant time, so that the time tells nothing."""
    matching = [
        name
        for name, secret in secrets.items()
        if secret and hmac.compare_digest(hmac.new(secret, signed, hashlib.sha256).digest(), claimed)
    ]
    return matching[0] if matching else None
