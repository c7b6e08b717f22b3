"""The edge of the loopback GitHub: credentials, limits, ETags, faults and the log, around every request."""

import asyncio
import hashlib
import json
import re
import time
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.loopback import clock
from tests.loopback.call import Call, Moved, Refusal, credential, parse_query
from tests.loopback.faults import Fault, Faults, Seen
from tests.loopback.state import State
from tests.loopback.webhooks import Sender

GHES = "/api/v3"
GRAPHQL = "/graphql"
VERSION = "2022-11-28"


class Edge:
    """ASGI middleware that every request passes; what is not the REST API (git, storage, web pages) passes lightly."""

    def __init__(self, app: ASGIApp, state: State, faults: Faults, log: list[Seen], sender: Sender) -> None:
        self.app, self.state, self.faults, self.log, self.sender = app, state, faults, log, sender

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        path = scope["path"]
        prefix = GHES if path.startswith(GHES + "/") else "/api" if path == "/api/graphql" else ""
        path = path[len(prefix) :]
        scope["path"] = by_name(self.state, path)
        scope["raw_path"] = scope.get("raw_path", b"")[len(prefix) :]
        web = f"{scope['scheme']}://{request.headers.get('host', 'localhost')}"
        kind = kind_of(path)
        fault = self.faults.due(request.method, path)
        state = fault.snapshot if fault and fault.snapshot else self.state
        call = Call(
            state, request.method, path, parse_query(scope["query_string"]), request.headers, body,
            web + prefix, web, None, None, [],
        )  # fmt: skip
        scope["call"], scope["sender"] = call, self.sender
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        struck = failure(fault, call) if fault else None
        if struck is not None and fault and not fault.after:
            response = struck
        else:
            response = await self._answer(scope, call, kind)
            response = struck or response
        response.headers["date"] = format_datetime(clock.now(), usegmt=True)
        if kind == "api":
            self._decorate(call, response)
        self.log.append(_seen(kind, call, response))
        self.sender.send(call.events)
        await self._send(fault, response, scope, send)

    async def _answer(self, scope: Scope, call: Call, kind: str) -> Response:
        try:
            if kind == "api":
                call.token, call.app = credential(self.state, call.headers.get("authorization"))
                _spend(call)
                _redirect(call)
            response = await _collect(self.app, scope, call.raw)
        except Refusal as refusal:
            response = refusal.response()
        return _conditional(call, response) if kind == "api" else response

    def _decorate(self, call: Call, response: Response) -> None:
        token = call.token
        limit, remaining = (token.limit, token.remaining) if token else (60, 59)
        if call.path == GRAPHQL:  # counted on its own
            limit, remaining = 5000, 4999
        response.headers["x-github-api-version-selected"] = call.headers.get("x-github-api-version", VERSION)
        response.headers["x-github-media-type"] = "github.v3; format=json"
        response.headers["x-github-request-id"] = f"{len(self.log):04X}:LOOPBACK"
        response.headers["x-ratelimit-limit"] = str(limit)
        response.headers.setdefault("x-ratelimit-remaining", str(max(remaining, 0)))
        response.headers["x-ratelimit-used"] = str(limit - max(remaining, 0))
        response.headers.setdefault("x-ratelimit-reset", str(int(time.time()) + 60))
        response.headers["x-ratelimit-resource"] = "graphql" if call.path == GRAPHQL else "core"

    async def _send(self, fault: Fault | None, response: Response, scope: Scope, send: Send) -> None:
        if fault and fault.kind == "drop":
            _hang_up(send)
            return
        if fault and fault.kind == "half":
            content = bytes(response.body)
            await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            await asyncio.sleep(0.05)
            _hang_up(send)
            return
        await response(scope, _no_more, send)


def _hang_up(send: Send) -> None:
    """Closes the connection under a client. ASGI has no word for it, so this reaches for the server's own socket."""
    server: Any = send
    server.__self__.transport.abort()


async def _no_more() -> Message:
    return {"type": "http.disconnect"}


def by_name(state: State, path: str) -> str:
    """The path of what lies under `/repositories/{id}/`, by the repository's present name."""
    found = re.match(r"/repositories/(\d+)(?=/)", path)
    one = state.by_id(int(found[1])) if found else None
    return f"/repos/{one.full_name}{path[found.end() :]}" if found and one else path


def _redirect(call: Call) -> None:
    """Leads from a repository's earlier name to its number: 301 for what only reads, else 307, which keeps the method."""
    found = re.match(r"/repos/([^/]+/[^/]+)", call.path)
    number = call.state.moved.get(found[1].lower()) if found else None
    if found is None or number is None:
        return
    call.repository(str(number))  # who may not see it is not told where it went
    query = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in call.query.items())
    url = f"{call.api}/repositories/{number}{call.path[found.end() :]}" + (f"?{query}" if query else "")
    reading = call.method in ("GET", "HEAD")
    raise Moved(301 if reading else 307, "Moved Permanently" if reading else "Temporary Redirect", url)


def kind_of(path: str) -> str:
    """Which part of GitHub a path belongs to: only `api` counts against limits and in `requests`."""
    if path.startswith("/_storage/"):
        return "storage"
    api = (
        "/repos/",
        "/repositories/",
        "/user",
        "/users/",
        "/app",
        "/orgs/",
        "/rate_limit",
        "/meta",
        "/installation",
        "/graphql",
        "/zen",
    )
    if path.startswith(api) or path == "/":
        return "api"
    last = path.rsplit("/", 1)[-1]
    return "git" if last in ("refs", "git-upload-pack", "git-receive-pack") else "web"


async def _collect(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    sent: list[Message] = []
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent[1:])
    response = Response(content, sent[0]["status"])
    response.raw_headers = [(key, value) for key, value in sent[0]["headers"] if key != b"content-length"]
    if sent[0]["status"] not in (204, 304):
        response.raw_headers.append((b"content-length", str(len(content)).encode()))
    return response


def _spend(call: Call) -> None:
    token = call.token
    if token is None or call.path in ("/rate_limit", GRAPHQL):
        return
    if token.remaining <= 0:
        raise Refusal(403, f"API rate limit exceeded for {token.kind} ID {token.actor.id}.")
    token.remaining -= 1


def _conditional(call: Call, response: Response) -> Response:
    """The answer with its ETag, or 304 where the caller has it already; that costs nothing of the limit."""
    if call.method != "GET" or response.status_code != 200:
        return response
    identity = call.token.value if call.token else ""
    link = response.headers.get("link", "")
    etag = hashlib.sha256(bytes(response.body) + link.encode() + identity.encode()).hexdigest()
    mark = f'W/"{etag}"'
    known = [item.strip().removeprefix("W/") for item in call.headers.get("if-none-match", "").split(",")]
    if f'"{etag}"' in known:
        if call.token:
            call.token.remaining += 1
        return Response(status_code=304, headers={"etag": mark})
    response.headers["etag"] = mark
    response.headers["cache-control"] = "private, max-age=60, s-maxage=60" if call.token else "public, max-age=60, s-maxage=60"
    response.headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
    return response


def failure(fault: Fault, call: Call) -> Response | None:
    """The answer of a fault that answers."""
    if fault.kind == "status":
        pages = {502: "<html><title>502 Bad Gateway</title></html>", 503: "<html>Unicorn!</html>"}
        if fault.status in pages and fault.message is None:
            return Response(pages[fault.status], fault.status, media_type="text/html")
        return JSONResponse({"message": fault.message or "Server Error", "documentation_url": ""}, fault.status)
    if fault.kind == "permission":
        accepted = {"x-accepted-github-permissions": fault.accepted or "issues=write; pull_requests=write"}
        return Refusal(403, fault.message or "Resource not accessible by integration", headers=accepted).response()
    if fault.kind == "secondary":
        wait = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        return Refusal(429 if fault.status == 429 else 403, fault.message or message, headers=wait).response()
    if fault.kind == "primary":
        spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + (fault.retry_after or 60))}
        return Refusal(403, fault.message or "API rate limit exceeded for installation ID 1.", headers=spent).response()
    return None


def _seen(kind: str, call: Call, response: Response) -> Seen:
    answer: Any = None
    if response.headers.get("content-type", "").startswith("application/json"):
        answer = json.loads(bytes(response.body) or b"null")
    headers = {key.lower(): value for key, value in call.headers.items()}
    return Seen(kind, call.method, call.path, call.query, headers, call.raw, response.status_code, answer)
