"""git over HTTP: clone, fetch and push against the real repositories, through git's own CGI."""

import asyncio
import base64
import binascii
import os
import subprocess

from fastapi import APIRouter
from fastapi.responses import Response

from tests.loopback.call import Call, Calling, Refusal, holds
from tests.loopback.state import Repository

router = APIRouter()
REALM = {"www-authenticate": 'Basic realm="GitHub"'}


@router.get("/{owner}/{name}/info/refs")
async def advertise(call: Calling, owner: str, name: str) -> Response:
    """What there is to fetch, or to push to."""
    return await _serve(call, owner, name, "info/refs", call.query.get("service", ""))


@router.post("/{owner}/{name}/git-upload-pack")
async def upload(call: Calling, owner: str, name: str) -> Response:
    """Clone and fetch."""
    return await _serve(call, owner, name, "git-upload-pack", "git-upload-pack")


@router.post("/{owner}/{name}/git-receive-pack")
async def receive(call: Calling, owner: str, name: str) -> Response:
    """Push."""
    return await _serve(call, owner, name, "git-receive-pack", "git-receive-pack")


async def _serve(call: Call, owner: str, name: str, tail: str, service: str) -> Response:
    repository = _allowed(call, f"{owner}/{name.removesuffix('.git')}", service == "git-receive-pack")
    return await asyncio.to_thread(_cgi, call, repository, tail)


def _allowed(call: Call, full_name: str, writing: bool) -> Repository:
    call.token = next((call.state.tokens[word] for word in _words(call) if word in call.state.tokens), None)
    repository = call.state.find(full_name)
    if repository is None or (call.token is None and (writing or repository.private)):
        raise Refusal(401, "Repository not found.", headers=REALM)
    token = call.token
    inside = token is not None and (token.repositories is None or repository.full_name in token.repositories)
    if repository.private and not inside:
        raise Refusal(404, "Repository not found.")
    if writing and not (inside and token is not None and holds(token, "contents=write")):
        raise Refusal(403, f"Permission to {full_name}.git denied.")
    return repository


def _words(call: Call) -> list[str]:
    """User name and password of Basic, or a bearer's token: the token may stand in either."""
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return [value]
    try:
        return base64.b64decode(value).decode().split(":")
    except (binascii.Error, UnicodeDecodeError):
        return []


def _cgi(call: Call, repository: Repository, tail: str) -> Response:
    env = {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(repository.path),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{tail}",
        "QUERY_STRING": "&".join(f"{key}={value}" for key, value in call.query.items()),
        "REQUEST_METHOD": call.method,
        "CONTENT_TYPE": call.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(call.raw)),
        "REMOTE_USER": call.token.actor.login if call.token else "",
        "HTTP_CONTENT_ENCODING": call.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": call.headers.get("git-protocol", ""),
    }
    done = subprocess.run(["git", "http-backend"], input=call.raw, capture_output=True, env=env, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n"))
    status = int(headers.pop("Status", "200 OK").split()[0])
    return Response(body, status, headers)
