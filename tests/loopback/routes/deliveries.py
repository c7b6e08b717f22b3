"""What was sent to an App's webhook, and sending it once more; for the App itself, by its JWT."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.routes.apps import as_app
from tests.loopback.state import App, Json
from tests.loopback.webhooks import Delivery, Sender

BASE = "/app/hook"
UNREACHED = {"timed out": 504}
"""The status code that GitHub notes where nobody answered; 502 for all else."""


def _sending(request: Request) -> Sender:
    sender: Sender = request.scope["sender"]
    return sender


Sending = Annotated[Sender, Depends(_sending)]
"""What sends the webhooks of the GitHub that was asked."""
router = APIRouter()


@router.get(BASE + "/config")
async def config(call: Calling) -> Response:
    """Where the App listens; its secret never leaves."""
    hook = as_app(call).hook
    if hook is None:
        raise not_found()
    return call.answer({"url": hook.url, "content_type": "json", "insecure_ssl": "0", "secret": "********"})


@router.get(BASE + "/deliveries")
async def index(call: Calling, sender: Sending) -> Response:
    """Deliveries, the newest first; pages are found by a cursor, not by a number."""
    wanted = call.query.get("status")
    sent = [one for one in sender.of_app(as_app(call).id) if wanted in (None, "success" if succeeded(one) else "failure")]
    return _page(call, sent)


@router.get(BASE + "/deliveries/{number}")
async def show(call: Calling, sender: Sending, number: int) -> Response:
    """One delivery with all that was sent and answered."""
    return call.answer(_whole(_find(as_app(call), sender, number)))


@router.post(BASE + "/deliveries/{number}/attempts")
async def attempt(call: Calling, sender: Sending, number: int) -> Response:
    """Sends a delivery once more, under the same id."""
    sender.attempt(_find(as_app(call), sender, number))
    return call.answer({}, 202)


def succeeded(delivery: Delivery) -> bool:
    """Whether the receiver said that it has it."""
    return delivery.status is not None and 200 <= delivery.status < 300


def _find(app: App, sender: Sender, number: int) -> Delivery:
    found = next((one for one in sender.of_app(app.id) if one.number == number), None)
    if found is None:
        raise not_found()
    return found


def _page(call: Call, sent: list[Delivery]) -> Response:
    size = min(max(int(call.query.get("per_page", 30)), 1), 100)
    cursor = call.query.get("cursor", "")
    if cursor and not re.fullmatch(r"v1_\d+", cursor):
        raise Refusal(422, "Invalid cursor")
    older = [one for one in sent if not cursor or one.number < int(cursor.removeprefix("v1_"))]
    window, headers = older[:size], {}
    if len(older) > size:
        query = urlencode({**call.query, "cursor": f"v1_{window[-1].number}"})
        headers = {"link": f'<{call.api}{call.path}?{query}>; rel="next"'}
    return call.answer([_item(one) for one in window], headers=headers)


def _item(one: Delivery) -> Json:
    payload = one.payload
    return {
        "id": one.number,
        "guid": one.id,
        "delivered_at": one.delivered_at,
        "redelivery": one.redelivery,
        "duration": one.duration,
        "status": one.outcome,
        "status_code": one.status if one.status is not None else UNREACHED.get(one.outcome, 502),
        "event": one.event,
        "action": payload.get("action"),
        "installation_id": (payload.get("installation") or {}).get("id"),
        "repository_id": (payload.get("repository") or {}).get("id"),
        "throttled_at": None,
    }


def _whole(one: Delivery) -> Json:
    request = {"headers": one.headers, "payload": one.payload}
    return {**_item(one), "url": one.url, "request": request, "response": {"headers": one.answer_headers, "payload": one.answer}}
