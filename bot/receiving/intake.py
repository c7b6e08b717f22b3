"""From a request to a delivery or a refusal. Pure, and in this order: method, size, signature, headers, and last the body."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.receiving import delivery, signature
from bot.receiving.delivery import Delivery, Misshapen, NotJson
from bot.receiving.reasons import Reason
from bot.receiving.signature import values

_ID = re.compile(rb"[0-9A-Za-z][0-9A-Za-z-]{0,99}\Z")
_EVENT = re.compile(rb"[a-z][a-z0-9_]{0,63}\Z")
JSON = re.compile(rb"application/json(?:\s*;\s*charset\s*=\s*\"?utf-?8\"?)?\s*\Z", re.IGNORECASE)
"""What says that a body is JSON in UTF-8."""
_LENGTH = re.compile(rb"\d{1,19}\Z")


@dataclass(frozen=True)
class Refusal:
    """Why a request is not a delivery, and the status that says so. `signed` tells whether GitHub sent it."""

    status: int
    reason: Reason
    signed: bool = False


@dataclass(frozen=True)
class Received:
    """A delivery, and the name of the secret that it was signed with."""

    delivery: Delivery
    slot: str


def declared_too_large(headers: Sequence[tuple[bytes, bytes]], limit: int) -> Refusal | None:
    """A refusal where the request itself says that its body has more than `limit` bytes; it need not be read then."""
    said = values(headers, b"content-length")
    if said and _LENGTH.match(said[0]) and int(said[0]) > limit:
        return Refusal(413, Reason.TOO_LARGE)
    return None


def receive(
    method: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, secrets: Mapping[str, bytes], limit: int
) -> Received | Refusal:
    """What a request is. `headers` are pairs as they came, with names in lower case; `secrets` by the names of their slots."""
    if method != "POST":
        return Refusal(405, Reason.UNSIGNED)
    if len(body) > limit:
        return Refusal(413, Reason.TOO_LARGE)
    given = signature.claimed(headers)
    if given is None:
        return Refusal(401, Reason.UNSIGNED)
    slot = signature.slot(given, body, secrets)
    if slot is None:
        return Refusal(401, Reason.BAD_SIGNATURE)
    if not sole(headers, b"content-type", JSON):
        return Refusal(415, Reason.CONTENT_TYPE, signed=True)
    delivery_id = sole(headers, b"x-github-delivery", _ID)
    if not delivery_id:
        return Refusal(400, Reason.DELIVERY_ID, signed=True)
    event = sole(headers, b"x-github-event", _EVENT)
    if not event:
        return Refusal(400, Reason.EVENT_NAME, signed=True)
    try:
        return Received(delivery.read(delivery_id, event, body), slot)
    except NotJson:
        return Refusal(400, Reason.NOT_JSON, signed=True)
    except Misshapen:
        return Refusal(400, Reason.SHAPE, signed=True)


def sole(headers: Sequence[tuple[bytes, bytes]], name: bytes, form: re.Pattern[bytes]) -> str:
    """The value of a header that is there once and in this form; empty otherwise."""
    found = values(headers, name)
    return found[0].decode("ascii") if len(found) == 1 and form.match(found[0]) else ""
