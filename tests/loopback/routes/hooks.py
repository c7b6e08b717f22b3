"""Webhooks of a repository, for who administers it."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.payloads import frame
from tests.loopback.bodies.repositories import api_url
from tests.loopback.call import Call, Calling, Refusal, not_found
from tests.loopback.state import Hook, Json, Repository, moment

router = APIRouter()
BASE = "/repos/{owner}/{name}/hooks"
NEED = "repository_hooks=write"


def _hook(call: Call, one: Repository, item: Hook) -> Json:
    url = f"{api_url(call, one)}/hooks/{item.id}"
    return {
        "type": "Repository",
        "id": item.id,
        "name": "web",
        "active": item.active,
        "events": item.events,
        "config": {"url": item.url, "content_type": "json", "insecure_ssl": "0", "secret": "********"},
        "updated_at": moment(),
        "created_at": moment(),
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }


@router.get(BASE)
async def index(call: Calling, owner: str, name: str) -> Response:
    """The hooks; their secrets never leave."""
    one = call.repository(f"{owner}/{name}", NEED)
    return call.page([_hook(call, one, item) for item in one.hooks.values()])


@router.post(BASE)
async def create(call: Calling, owner: str, name: str) -> Response:
    """Registers a hook and pings it."""
    one = call.repository(f"{owner}/{name}", NEED)
    config = call.body.get("config") or {}
    if urlsplit(config.get("url", "")).scheme not in ("http", "https"):
        raise Refusal(422, "Validation Failed", [{"resource": "Hook", "code": "custom", "message": "url is not a valid URL"}])
    made = Hook(call.state.next_id(), config["url"], config.get("secret", ""), call.body.get("events") or ["push"])
    one.hooks[made.id] = made
    body = _hook(call, one, made)
    call.emit(
        "ping", one, {"zen": "Missing is red.", "hook_id": made.id, "hook": body, **frame(call, one, call.signed_in().actor)}
    )
    return call.answer(body, 201)


@router.delete(BASE + "/{number}")
async def delete(call: Calling, owner: str, name: str, number: int) -> Response:
    """Forgets a hook."""
    one = call.repository(f"{owner}/{name}", NEED)
    if one.hooks.pop(number, None) is None:
        raise not_found()
    return call.nothing()
