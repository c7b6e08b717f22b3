"""The pages on loopback, beside a GitHub there, and people who look at them with a browser of their own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from bot import settings as configuration
from bot.app.gateways import Gateways
from bot.gateway.records import Repository
from bot.pages.access import Access
from bot.pages.budget import Budget
from bot.pages.sessions import Session
from bot.pages.site import Site
from bot.receiving.database import Database, connect, deliveries, sessions
from bot.receiving.journal import Journal
from bot.receiving.queue import Queue, client
from bot.registered import Registered
from tests.bot.promotion.court import POLICY
from tests.bot.receiving.scene import free_port, serving
from tests.loopback.bodies.accounts import client_id
from tests.loopback.server import Loopback, running
from tests.loopback.state import App, Installation

REPOSITORY = "acme/flights"
SECRET = "correct-horse-battery-staple"
KEY = "5d41402abc4b2a76b9719d911017c592-sessions"
PERMISSIONS = {
    "actions": "write", "checks": "write", "contents": "write", "deployments": "write", "issues": "write", "members": "read",
    "pull_requests": "write", "statuses": "write",
}  # fmt: skip


class Browser(httpx.Client):
    """Somebody's browser: it keeps cookies and follows redirects, within one page view no more than ten."""

    def __init__(self, base: str) -> None:
        super().__init__(base_url=base, follow_redirects=True, timeout=20, max_redirects=10, verify=False)

    def cookie(self) -> str:
        """The session's."""
        return self.cookies.get("assay") or ""

    def csrf(self) -> str:
        """What a form of the first page carries."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/").text)
        assert found
        return found[1]

    def sign_out(self, csrf: str | None = None) -> httpx.Response:
        """Press the button."""
        return self.post("/logout", data={"csrf": self.csrf() if csrf is None else csrf})


@dataclass
class Visiting:
    """The scene: `octocat` may read `acme/flights`; `acme/hidden` is not for them, and `other/apart` has no App."""

    github: Loopback
    app: App
    installation: Installation
    settings: configuration.Settings
    site: Site
    ways: Gateways
    journal: Journal
    database: Database
    base: str
    registry: dict[str, Registered] = field(default_factory=dict)

    def fresh(self) -> None:
        """As it was before anybody came: nobody signed in, nothing remembered, nothing wrong with GitHub."""
        state = self.github.state
        for value in [value for value, each in state.tokens.items() if each.kind == "user"]:
            del state.tokens[value]
        state.browser, self.installation.suspended_at = "octocat", None
        self.github.faults.clear()
        self.github.forget_requests()
        self.registry.clear()
        self.fresh_people()
        with self.database.quick.begin() as connection:
            connection.execute(sa.delete(sessions))
            connection.execute(sa.delete(deliveries))

    def fresh_people(self) -> None:
        """Nobody has asked anything yet."""
        self.site._access = Access(self.settings.github_api_url)
        self.site._people, self.site._accounts = Budget(60, 60), Budget(1000, 3600)

    def browser(self, login: str = "") -> Browser:
        """A fresh browser; signed in to GitHub, and then to the pages, as somebody."""
        made = Browser(self.base)
        if login:
            self.github.state.browser = login
            answer = made.get("/login/github")
            assert answer.status_code == 200 and urlsplit(str(answer.url)).path == "/", answer.text
        return made

    def access(self, full_name: str) -> Repository:
        """A repository as the bot sees it."""
        return self.ways.gateway(None, full_name).repository()

    def session(self, browser: Browser) -> Session:
        """The session of a browser."""
        found = self.site._sessions.find(browser.cookie())
        assert found is not None
        return found

    def asked(self) -> list[str]:
        """The requests to GitHub's API since they were forgotten, as method and path."""
        return [f"{each.method} {each.path}" for each in self.github.requests]

    def changed(self) -> list[str]:
        """Those of them that may change something; asking for an installation's token changes nothing."""
        return [each for each in self.asked() if not each.startswith("GET ") and not each.endswith("/access_tokens")]


@contextmanager
def visiting(database_url: str, **given: Any) -> Iterator[Visiting]:
    """The scene."""
    with running() as github:
        for name in (REPOSITORY, "acme/hidden", "other/apart"):
            github.repository(name, private=True)
            github.commit(name, {"assay.yml": POLICY, "README.md": name})
            github.role(name, "mona", "write")
        for name in (REPOSITORY, "other/apart"):
            github.role(name, "octocat", "read")
        app = github.app("assay", **PERMISSIONS)
        installation = github.install(app, [REPOSITORY, "acme/hidden"])
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        app.callbacks = [f"{base}/login/callback"]
        known = {
            "webhook_secret": SECRET, "app_id": app.id, "app_slug": "assay", "private_key": app.private_key, "operators": "olga",
            "github_api_url": github.url, "client_id": client_id(app.id), "client_secret": app.client_secret, "public_url": base,
            "session_key": KEY, "database_url": database_url, "write_spacing": 0,
        }  # fmt: skip
        settings = configuration.load(**{**known, **given})
        database = connect(database_url)
        queue = Queue(database, client(database))
        journal = Journal(database, queue)
        registry: dict[str, Registered] = {}
        ways = Gateways.configured(settings)
        site = Site(settings, ways, registry.get, database, journal)
        with serving(Starlette(routes=site.routes()), port, lifespan="off"):
            github.forget_requests()
            yield Visiting(github, app, installation, settings, site, ways, journal, database, base, registry)
        site.close()
        queue.close()
        database.close()
