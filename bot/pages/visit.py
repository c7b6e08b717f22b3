"""One request to the pages: what it asks for and carries, and what every answer says about itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from reports import pages as drawn

_MOST_FORM = 4_096
_MOST_QUERY, _MOST_FIELDS = 2_000, 20
_SECONDS = 25.0
HEADERS = {
    "content-security-policy": drawn.POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Of every answer: nothing runs, nothing is fetched from elsewhere, nothing is framed, nothing is kept."""


@dataclass(frozen=True)
class Visit:
    """One request: its method, its path, what it carries, and which site it says to come from."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    origin: str = ""

    @classmethod
    async def of(cls, request: Request) -> Self | None:
        """Read a request; None where its form is too long or cannot be read. A query that is too long counts as none."""
        form = await _form(request) if request.method == "POST" else {}
        if form is None:
            return None
        query, url = request.url.query, request.url
        few = query.count("&") < _MOST_FIELDS and len(query) <= _MOST_QUERY
        asked = dict(parse_qsl(query, keep_blank_values=True)) if few else {}
        return cls(request.method, url.path, asked, form, request.cookies, request.headers.get("origin", ""))

    @property
    def wanted(self) -> str:
        """The path and the query, to come back to."""
        query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query.items())
        return f"{quote(self.path)}?{query}" if query else quote(self.path)


def away(address: str) -> Response:
    """An answer that leads elsewhere, by GET."""
    return RedirectResponse(address, 303, headers={**HEADERS, "content-security-policy": "default-src 'none'"})


async def _form(request: Request) -> dict[str, str] | None:
    """The form that was sent, where it is one and short."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    found = b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for piece in request.stream():
                found += piece
                if len(found) > _MOST_FORM:
                    return None
        return dict(parse_qsl(found.decode("utf-8", "replace"), max_num_fields=20))
    except (ClientDisconnect, TimeoutError, ValueError):
        return None
