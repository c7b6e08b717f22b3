"""Signing in with a GitHub App: the page that asks, the exchange of its code for a user's token, and what that token reaches."""

import base64
import hashlib
import secrets
import time
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.loopback.bodies.accounts import client_id, installation
from tests.loopback.bodies.repositories import repository
from tests.loopback.call import Calling, Refusal, not_found
from tests.loopback.state import Account, App, Grant, Installation, State, Token

router = APIRouter()
LIFE = 8 * 3600
"""Seconds that a user's token lives; its refresh token lives half a year."""
_CODE_LIVES = 600


@router.get("/login/oauth/authorize")
async def authorize(call: Calling) -> Response:
    """Who is signed in to GitHub in this browser says yes at once, as somebody who said so before."""
    app = _app(call.state, call.query.get("client_id", ""))
    if app is None:
        return HTMLResponse("<title>Page not found</title>", 404)
    back = call.query.get("redirect_uri") or (app.callbacks[0] if app.callbacks else "")
    state = {"state": call.query["state"]} if "state" in call.query else {}
    if back not in app.callbacks:
        told = {
            "error": "redirect_uri_mismatch",
            "error_description": "The redirect_uri is not associated with this application.",
        }
        return RedirectResponse(f"{app.callbacks[0]}?{urlencode({**told, **state})}", 302)
    if not call.state.browser:
        told = {"error": "access_denied", "error_description": "The user has denied your application access."}
        return RedirectResponse(f"{back}?{urlencode({**told, **state})}", 302)
    challenge = call.query.get("code_challenge", "") if call.query.get("code_challenge_method") == "S256" else ""
    code = secrets.token_hex(10)
    who = call.state.account(call.state.browser)
    call.state.grants[code] = Grant(app, who, back, challenge, time.time())
    return RedirectResponse(f"{back}?{urlencode({'code': code, **state})}", 302)


@router.post("/login/oauth/access_token")
async def access_token(call: Calling) -> Response:
    """A user's token for a code, once; what is wrong is said with 200, as GitHub does."""
    sent = {name: values[-1] for name, values in parse_qs(call.raw.decode()).items()}
    app = _app(call.state, sent.get("client_id", ""))
    if app is None or not secrets.compare_digest(app.client_secret, sent.get("client_secret", "")):
        return _wrong("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
    grant = call.state.grants.pop(sent.get("code", ""), None)
    if grant is None or grant.app is not app or grant.at + _CODE_LIVES < time.time():
        return _wrong("bad_verification_code", "The code passed is incorrect or expired.")
    if sent.get("redirect_uri", grant.redirect) != grant.redirect:
        return _wrong("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL for this application.")
    if grant.challenge and _challenge(sent.get("code_verifier", "")) != grant.challenge:
        return _wrong("bad_verification_code", "The code passed is incorrect or expired.")
    token = user_token(call.state, app, grant.who)
    body = {
        "access_token": token.value,
        "expires_in": LIFE,
        "refresh_token": f"ghr_{secrets.token_hex(38)}",
        "refresh_token_expires_in": 15_811_200,
        "scope": "",
        "token_type": "bearer",
    }
    return JSONResponse(body)


@router.get("/user/installations")
async def installations(call: Calling) -> Response:
    """The installations of the App that the person has something to do with."""
    app, token = _signed_in(call)
    found = [one for one in _installed(call.state, app) if _shared(call.state, one, token.actor)]
    return call.page([installation(call, one) for one in found], key="installations")


@router.get("/user/installations/{number}/repositories")
async def repositories(call: Calling, number: int) -> Response:
    """The repositories that both the installation and the person reach."""
    app, token = _signed_in(call)
    one = call.state.installations.get(number)
    if one is None or one.app_id != app.id:
        raise not_found()
    names = _shared(call.state, one, token.actor)
    if not names:
        raise not_found()
    return call.page([repository(call, call.state.repositories[name]) for name in names], key="repositories")


def user_token(state: State, app: App, who: Account) -> Token:
    """A token by which an App acts for a person: what both may, where both may."""
    where = {name for one in _installed(state, app) for name in _shared(state, one, who)}
    token = Token(f"ghu_{secrets.token_hex(18)}", "user", who, app.permissions, where, app.id, None, time.time() + LIFE)
    state.tokens[token.value] = token
    return token


def _installed(state: State, app: App) -> list[Installation]:
    return [one for one in state.installations.values() if one.app_id == app.id and one.suspended_at is None]


def _shared(state: State, one: Installation, who: Account) -> list[str]:
    """What an installation covers and a person may read."""
    found = [state.repositories[name] for name in one.repositories]
    return [each.full_name for each in found if not each.private or who.login in each.roles or each.owner.id == who.id]


def _signed_in(call: Calling) -> tuple[App, Token]:
    token = call.signed_in()
    app = call.state.apps.get(token.app_id or 0) if token.kind == "user" else None
    if app is None:
        raise Refusal(403, "You must authenticate with an access token authorized to a GitHub App in order to list installations")
    return app, token


def _app(state: State, given: str) -> App | None:
    return next((each for each in state.apps.values() if client_id(each.id) == given), None)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _wrong(error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description, "error_uri": "https://docs.github.com/apps"})
