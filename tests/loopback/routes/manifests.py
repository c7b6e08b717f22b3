"""Making an App of a manifest: the page that takes it, and the exchange of its code for the App's credentials."""

import json
import re
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tests.loopback.apps import new_app
from tests.loopback.bodies.accounts import credentials
from tests.loopback.call import LEVELS, Call, Calling, not_found
from tests.loopback.schemas import known_permissions
from tests.loopback.state import Account, Hook, Json

router = APIRouter()
NEEDED = {
    "check_run": ("checks",),
    "check_suite": ("checks",),
    "issue_comment": ("issues", "pull_requests"),
    "issues": ("issues",),
    "deployment_protection_rule": ("deployments",),
    "merge_group": ("merge_queues",),
    "membership": ("members",),
    "pull_request": ("pull_requests",),
    "push": ("contents",),
    "workflow_run": ("actions",),
    "workflow_job": ("actions",),
}
"""One of these permissions an event needs; an event that no row speaks of may not be subscribed to."""


@router.post("/settings/apps/new")
async def of_user(call: Calling) -> Response:
    """Takes a manifest for an App of the person who is signed in."""
    return _make(call, call.state.account("octocat"))


@router.post("/organizations/{organisation}/settings/apps/new")
async def of_organisation(call: Calling, organisation: str) -> Response:
    """Takes a manifest for an App of an organisation."""
    return _make(call, call.state.account(organisation, "Organization"))


def _make(call: Call, owner: Account) -> Response:
    """Makes the App and leads back with a code, where a person would have pressed the button first."""
    sent = parse_qs(call.raw.decode())
    try:
        manifest = json.loads(sent.get("manifest", [""])[0])
    except ValueError:
        return _wrong("is not JSON")
    if fault := _fault(manifest):
        return _wrong(fault)
    name, attributes = manifest["name"], manifest.get("hook_attributes")
    events = manifest.get("default_events") or []
    hook = None
    if attributes and attributes.get("active", True):
        hook = Hook(call.state.next_id(), attributes["url"], secrets.token_hex(20), events)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    app = new_app(call.state, slug, owner, events, manifest.get("default_permissions") or {}, hook)
    app.name, app.url, app.callbacks = name, manifest["url"], list(manifest.get("callback_urls") or [])
    code = secrets.token_hex(20)
    call.state.codes[code] = app
    back = {"code": code, **({"state": call.query["state"]} if "state" in call.query else {})}
    return RedirectResponse(f"{manifest['redirect_url']}?{urlencode(back)}", 302)


def _fault(manifest: Json) -> str:
    """What GitHub would say against a manifest."""
    for field in ("name", "url", "redirect_url"):
        if not manifest.get(field):
            return f"{field} wasn't supplied"
    if len(manifest["name"]) > 34:
        return "name is too long (maximum is 34 characters)"
    hook = manifest.get("hook_attributes")
    if hook is not None and urlsplit(hook.get("url", "")).scheme not in ("http", "https"):
        return "hook url must be a valid URL"
    if len(manifest.get("callback_urls") or []) > 10:
        return "callback_urls has too many entries (maximum is 10)"
    permissions = manifest.get("default_permissions") or {}
    for name, level in permissions.items():
        if name not in known_permissions() or level not in LEVELS:
            return f"default permission records resource is not included in the list: {name}"
    for event in manifest.get("default_events") or []:
        if not any(permissions.get(name, "none") != "none" for name in NEEDED.get(event, ())):
            return f"default events unsupported: {event}"
    return ""


def _wrong(what: str) -> Response:
    return HTMLResponse(f"<title>Invalid GitHub App configuration</title><p>Error: {what}</p>", 422)


@router.post("/app-manifests/{code}/conversions")
async def convert(call: Calling, code: str) -> Response:
    """The App's credentials, once; nobody has to be signed in, the code is the proof."""
    app = call.state.codes.pop(code, None)
    if app is None:
        raise not_found()
    call.state.apps[app.id] = app
    return call.answer(credentials(call, app), 201)
