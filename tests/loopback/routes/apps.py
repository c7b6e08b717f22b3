"""Users, apps, installations and the rate limit."""

import secrets
import time
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.bodies.accounts import installation, installations_of, own_app, own_profile, profile
from tests.loopback.bodies.repositories import repository
from tests.loopback.call import LEVELS, Call, Calling, Refusal, not_found
from tests.loopback.state import App, Token

router = APIRouter()
LIFE = 3600
"""Seconds an installation token lives."""


@router.get("/user")
async def me(call: Calling) -> Response:
    """Oneself; a token of an app or of Actions has no self."""
    token = call.signed_in()
    if token.kind != "user":
        raise Refusal(403, "Resource not accessible by integration")
    return call.answer(own_profile(call, token.actor))


@router.get("/users/{login}")
async def user(call: Calling, login: str) -> Response:
    """Anybody."""
    if login not in call.state.accounts:
        raise not_found()
    return call.answer(profile(call, call.state.accounts[login]))


@router.get("/rate_limit")
async def rate_limit(call: Calling) -> Response:
    """What is left; asking costs nothing."""
    token = call.token
    limit, remaining = (token.limit, token.remaining) if token else (60, 59)
    core = {"limit": limit, "remaining": remaining, "used": limit - remaining, "reset": int(time.time()) + 60, "resource": "core"}
    search = {"limit": 30, "remaining": 30, "used": 0, "reset": int(time.time()) + 60, "resource": "search"}
    return call.answer({"resources": {"core": core, "search": search}, "rate": core})


@router.get("/meta")
async def meta(call: Calling) -> Response:
    """Where webhooks come from, among others."""
    return call.answer({"verifiable_password_authentication": True, "hooks": call.state.networks})


def as_app(call: Call) -> App:
    """The app that signed the request with its key; nobody else may."""
    if call.app is None:
        raise Refusal(401, "A JSON web token could not be decoded")
    return call.app


@router.get("/app")
async def this_app(call: Calling) -> Response:
    """The app that signed the request."""
    return call.answer(own_app(call, as_app(call)))


@router.get("/app/installations")
async def installations(call: Calling) -> Response:
    """Where the app is installed."""
    return call.page([installation(call, one) for one in installations_of(call.state, as_app(call).id)])


@router.get("/app/installations/{number}")
async def show_installation(call: Calling, number: int) -> Response:
    """One installation of the app."""
    for one in installations_of(call.state, as_app(call).id):
        if one.id == number:
            return call.answer(installation(call, one))
    raise not_found()


@router.get("/repos/{owner}/{name}/installation")
async def repository_installation(call: Calling, owner: str, name: str) -> Response:
    """The installation that covers a repository."""
    for one in installations_of(call.state, as_app(call).id):
        if f"{owner}/{name}" in one.repositories:
            return call.answer(installation(call, one))
    raise not_found()


@router.post("/app/installations/{number}/access_tokens")
async def create_token(call: Calling, number: int) -> Response:
    """An installation token, narrowed to the repositories and permissions asked for."""
    app = as_app(call)
    one = call.state.installations.get(number)
    if one is None or one.app_id != app.id:
        raise not_found()
    if one.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")
    known = {call.state.repositories[full].name: full for full in one.repositories}
    ids = {call.state.repositories[full].id: full for full in one.repositories}
    names = call.body.get("repositories") or [ids.get(key, "?") for key in call.body.get("repository_ids") or []]
    chosen = {known.get(item.rpartition("/")[2], "") for item in names} if names else set(one.repositories)
    asked: dict[str, str] = call.body.get("permissions") or one.permissions
    if "" in chosen:
        raise Refusal(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    if any(LEVELS[level] > LEVELS[one.permissions.get(key, "none")] for key, level in asked.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    granted = {"metadata": "read", **asked}
    token = Token(f"ghs_{secrets.token_hex(18)}", "installation", app.bot, granted, chosen, app.id, one.id, time.time() + LIFE)
    call.state.tokens[token.value] = token
    body = {
        "token": token.value,
        "expires_at": datetime.fromtimestamp(time.time() + LIFE, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "permissions": asked,
        "repository_selection": "selected",
        "repositories": [repository(call, call.state.repositories[full]) for full in sorted(chosen)],
    }
    return call.answer(body, 201)


@router.get("/installation/repositories")
async def repositories(call: Calling) -> Response:
    """The repositories of an installation token."""
    token = call.signed_in()
    if token.kind == "user":
        raise Refusal(
            403, "You must authenticate with an installation access token in order to list repositories for an installation."
        )
    found = [repository(call, one) for name, one in call.state.repositories.items() if name in (token.repositories or ())]
    return call.page(found, key="repositories")
