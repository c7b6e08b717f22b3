"""Makes a GitHub App by the manifest flow: a page on this machine leads to GitHub, which leads back with a code.

The page holds no secret. What comes back counts only with the state that this very page sent, and the code is exchanged once.
"""

import html
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from bot.app import credentials
from bot.app.credentials import Credentials
from bot.app.manifest import Wish, manifest
from bot.gateway.problems import NotThere
from bot.gateway.transport import Transport
from policy.problems import OutsideProblem, Problem, UserProblem

PATIENCE = 3600.0
"""Seconds that GitHub keeps a code, and so the longest that waiting makes sense."""
_BACK = "/created"


@dataclass(frozen=True)
class Place:
    """Which GitHub: the API's address, that of its pages, and the organisation that will own the App (empty: oneself)."""

    base: str
    server: str
    organisation: str = ""

    @property
    def form(self) -> str:
        """Where the manifest is posted to."""
        if not self.organisation:
            return f"{self.server}/settings/apps/new"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", self.organisation):
            raise UserProblem("not the name of an organisation", "--organization", "Write it as in its page's address")
        return f"{self.server}/organizations/{quote(self.organisation)}/settings/apps/new"


@dataclass(frozen=True)
class Made:
    """The App that was made, and the file with its credentials; no secret."""

    app_id: int
    slug: str
    page: str
    file: Path
    signed: bool
    """Whether GitHub made a webhook secret."""


def create(wish: Wish, place: Place, file: Path, show: Callable[[str], None], port: int = 0, patience: float = PATIENCE) -> Made:
    """Make an App and keep its credentials in `file`, which must not exist.

    `show` is given the address of the page to open, once it is there; `port` 0 is any free one. Raises UserProblem where nobody
    came back within `patience` seconds, and what else can go wrong.
    """
    credentials.place(file)
    flow = _Flow(wish, place, file)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), flow.handler())
    except OSError as error:
        raise UserProblem(f"cannot listen ({error.strerror})", f"port {port}", "Name another with --port") from None
    flow.origin = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        show(f"{flow.origin}/")
        if not flow.over.wait(patience):
            raise UserProblem("nobody came back from GitHub", place.form, "Start again and press the button there")
    finally:
        server.shutdown()
        server.server_close()
    if isinstance(flow.outcome, Made):
        return flow.outcome
    raise flow.outcome or AssertionError("the flow is over and has no outcome")


class _Flow:
    """The conversation with one browser."""

    def __init__(self, wish: Wish, place: Place, file: Path) -> None:
        self.origin = ""
        self.over = Event()
        self.outcome: Made | Problem | None = None
        self._wish, self._place, self._file = wish, place, file
        self._state = secrets.token_urlsafe(32)
        self._lock = Lock()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The class that the server makes for each request."""
        flow = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                status, page, last = flow.answer(self.path, self.headers.get("host", ""))
                raw = page.encode()
                self.send_response(status)
                for name, value in flow.headers().items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
                if last:
                    self.wfile.flush()
                    flow.over.set()

            def log_message(self, format: str, *values: Any) -> None:
                """Say nothing: an address here holds the code."""

        return Handler

    def headers(self) -> dict[str, str]:
        """What keeps the page to itself: no script, no frame, no cache, and forms only to GitHub."""
        host = "{0.scheme}://{0.netloc}".format(urlsplit(self._place.server))
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": f"default-src 'none'; form-action 'self' {host}; frame-ancestors 'none'; base-uri 'none'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }

    def answer(self, target: str, host: str) -> tuple[int, str, bool]:
        """Status and page for a request, and whether it was the last."""
        if f"http://{host}" not in (self.origin, self.origin.replace("127.0.0.1", "localhost")):
            return 421, _page("Not here", "This page is only for this machine."), False
        parts = urlsplit(target)
        if parts.path == "/":
            return 200, self._start(), False
        if parts.path != _BACK:
            return 404, _page("Not found", "There is nothing here."), False
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not secrets.compare_digest(query.get("state", "").encode(), self._state.encode()):
            return 400, _page("Not from here", "This did not begin on this machine, so it was not looked at."), False
        return self._back(query.get("code", ""))

    def _start(self) -> str:
        sent = html.escape(json.dumps(manifest(self._wish, f"{self.origin}{_BACK}")))
        action = html.escape(f"{self._place.form}?state={quote(self._state, safe='')}")
        button = f"<button>Make the App {html.escape(self._wish.name)} on {html.escape(self._place.server)}</button>"
        return _page(
            "Make the GitHub App",
            "",
            f'<form action="{action}" method="post"><input type="hidden" name="manifest" value="{sent}">{button}</form>',
        )

    def _back(self, code: str) -> tuple[int, str, bool]:
        with self._lock:
            if self.outcome is not None:
                return 410, _page("Done before", "The App was made already."), False
            try:
                self.outcome = self._exchange(code)
            except Problem as problem:
                self.outcome = problem
                return 502, _page("It did not work", f"{problem.what}. The terminal says what to do."), True
        return 200, _page("The App is made", "Go back to the terminal, which says what comes next."), True

    def _exchange(self, code: str) -> Made:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", code):
            raise OutsideProblem("GitHub came back without a code", self._place.form, "Start again")
        try:
            answer = Transport.to(self._place.base, "").send("POST", f"/app-manifests/{code}/conversions")
        except NotThere:
            raise OutsideProblem(
                "GitHub does not know the code any more", "app-manifests", "Start again, within an hour"
            ) from None
        found = Credentials.of(answer.data)
        credentials.write(self._file, found, self._place.base)
        return Made(found.app_id, found.slug, found.page, self._file, bool(found.webhook_secret))


def _page(title: str, text: str, more: str = "") -> str:
    body = f"<p>{html.escape(text)}</p>" if text else ""
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}{more}</html>'
