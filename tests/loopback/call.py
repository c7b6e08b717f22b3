"""One request to the loopback GitHub: who asks, what they may, and how an answer is given."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import jwt
from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response

from tests.loopback.state import App, Issue, Json, Pull, Repository, State, Token

DOCUMENTATION = "https://docs.github.com/rest"
LEVELS = {"none": 0, "read": 1, "write": 2, "admin": 3}


class Refusal(Exception):
    """An answer that is an error: a status, GitHub's message, and the fields it objects to."""

    def __init__(
        self, status: int, message: str, errors: list[Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, dict(headers or {})

    def response(self) -> Response:
        """The error as GitHub writes it."""
        body: Json = {"message": self.message}
        if self.errors is not None:
            body["errors"] = self.errors
        body |= {"documentation_url": DOCUMENTATION, "status": str(self.status)}
        return JSONResponse(body, self.status, headers=self.headers)


class Moved(Refusal):
    """An answer that leads elsewhere within the API."""

    def __init__(self, status: int, message: str, url: str) -> None:
        super().__init__(status, message, headers={"location": url})

    def response(self) -> Response:
        """The address in the headers and, as GitHub writes it, in the body."""
        body = {"message": self.message, "url": self.headers["location"], "documentation_url": DOCUMENTATION}
        return JSONResponse(body, self.status, headers=self.headers)


def not_found() -> Refusal:
    """The answer for what is not there, or not yours to see."""
    return Refusal(404, "Not Found")


def invalid(resource: str, field: str, code: str = "invalid", message: str | None = None) -> Refusal:
    """A 422 that names one field."""
    error: Json = {"resource": resource, "field": field, "code": code}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])


@dataclass
class Call:
    """A request with its credential already looked up; handlers take it as `Calling`."""

    state: State
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    raw: bytes
    api: str
    web: str
    token: Token | None
    app: App | None
    events: list[tuple[str, Json, Repository]]

    @property
    def body(self) -> Json:
        """The JSON object that was sent."""
        try:
            parsed = json.loads(self.raw or b"{}")
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None
        if not isinstance(parsed, dict):
            raise Refusal(400, "Body should be a JSON object")
        return parsed

    def text(self, resource: str, field: str) -> str:
        """A string of the body that has to be there."""
        value = self.body.get(field)
        if value is None or value == "":
            raise invalid(resource, field, "missing_field")
        if not isinstance(value, str):
            raise Refusal(422, "Invalid request.\n\nFor 'properties/" + field + f"', {json.dumps(value)} is not a string.")
        return value

    def signed_in(self) -> Token:
        """The token of somebody; nobody gets 401."""
        if self.token is None:
            raise Refusal(401, "Requires authentication")
        return self.token

    def repository(self, full_name: str, *needs: str) -> Repository:
        """The repository, where the caller sees it and has one of the permissions (`issues=write`)."""
        repository = self.state.find(full_name)
        if repository is None and full_name.isdigit():
            repository = self.state.by_id(int(full_name))
        if repository is None or not self._sees(repository):
            raise not_found()
        self._allow(repository, needs)
        return repository

    def _sees(self, repository: Repository) -> bool:
        if not repository.private:
            return True
        token = self.token
        if token is None:
            return False
        return token.repositories is None or repository.full_name in token.repositories

    def _allow(self, repository: Repository, needs: Sequence[str]) -> None:
        reading = all(need.endswith("=read") for need in needs)
        if not needs or (reading and not repository.private):
            return
        token = self.signed_in()
        inside = token.repositories is None or repository.full_name in token.repositories
        if not (inside and any(holds(token, need) for need in needs)):
            kind = "personal access token" if token.kind == "user" else "integration"
            accepted = {"x-accepted-github-permissions": "; ".join(needs)}
            raise Refusal(403, f"Resource not accessible by {kind}", headers=accepted)

    def issue(self, repository: Repository, number: int) -> Issue:
        """An issue or pull request by its number."""
        if number not in repository.issues:
            raise not_found()
        return repository.issues[number]

    def pull(self, repository: Repository, number: int) -> Pull:
        """A pull request by its number."""
        if number not in repository.pulls:
            raise not_found()
        return repository.pulls[number]

    def commit(self, repository: Repository, name: str) -> str:
        """The hash of a commit by branch, tag or hash; 422 like GitHub where there is none."""
        sha = repository.git.sha(name.removeprefix("refs/"))
        if sha is None:
            raise Refusal(422, f"No commit found for SHA: {name}")
        return sha

    def answer(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """A JSON answer."""
        return JSONResponse(body, status, headers=dict(headers or {}))

    def nothing(self) -> Response:
        """204."""
        return Response(status_code=204)

    def page(self, items: Sequence[Any], key: str | None = None, default: int = 30) -> Response:
        """One page of a list, with Link headers; `key` where GitHub wraps the list with its total count."""
        size = min(max(_number(self.query.get("per_page"), default), 1), 100)
        page = max(_number(self.query.get("page"), 1), 1)
        last = max(-(-len(items) // size), 1)
        window = list(items[(page - 1) * size : page * size])
        body: Any = window if key is None else {"total_count": len(items), key: window}
        return self.answer(body, headers=self._links(page, last))

    def _links(self, page: int, last: int) -> dict[str, str]:
        relations = []
        if page > 1:
            relations += [("prev", page - 1)]
        if page < last:
            relations += [("next", page + 1), ("last", last)]
        if page > 1:
            relations += [("first", 1)]
        links = []
        for name, number in relations:
            query = urlencode({**self.query, "page": number})
            links.append(f'<{self.api}{self.path}?{query}>; rel="{name}"')
        return {"link": ", ".join(links)} if links else {}

    def emit(self, event: str, repository: Repository, payload: Json) -> None:
        """A webhook to send once the answer is out."""
        self.events.append((event, payload, repository))


def holds(token: Token, need: str) -> bool:
    """Whether a token has a permission such as `issues=write`, or all of `contents=write,workflows=write`."""
    for part in need.split(","):
        name, level = part.strip().split("=")
        if LEVELS[token.permissions.get(name, "none")] < LEVELS[level]:
            return False
    return True


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else default


def credential(state: State, header: str | None) -> tuple[Token | None, App | None]:
    """Whoever an Authorization header names: a token, or an app by its JWT. An unknown credential is 401."""
    if not header:
        return None, None
    scheme, _, value = header.partition(" ")
    if scheme.lower() not in ("token", "bearer") or not value:
        raise Refusal(401, "Bad credentials")
    if value.count(".") == 2:
        return None, app_of(state, value)
    token = state.tokens.get(value)
    if token is None or (token.expires_at is not None and token.expires_at < time.time()):
        raise Refusal(401, "Bad credentials")
    installation = state.installations.get(token.installation or 0)
    if installation is not None and installation.suspended_at is not None:
        raise Refusal(403, "This installation has been suspended")
    return token, None


def app_of(state: State, value: str) -> App:
    """The app that signed a JWT: RS256, at most ten minutes long, not issued in the future."""
    try:
        claimed = jwt.decode(value, options={"verify_signature": False})
        app = state.apps.get(int(claimed.get("iss", 0)))
        if app is None:
            raise Refusal(404, "Integration not found")
        claims = jwt.decode(value, app.public_key, algorithms=["RS256"], options={"require": ["exp", "iat"]})
    except jwt.InvalidTokenError:
        raise Refusal(401, "A JSON web token could not be decoded") from None
    if claims["exp"] - time.time() > 600:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    return app


def parse_query(text: bytes) -> dict[str, str]:
    """The query of a request, the last value of each name."""
    return dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True))


async def _calling(request: Request) -> Call:
    call: Call = request.scope["call"]
    return call


Calling = Annotated[Call, Depends(_calling)]
"""The parameter every handler takes first."""
