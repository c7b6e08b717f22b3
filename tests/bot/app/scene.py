"""An App at a GitHub on loopback, and what speaks in its name without really waiting."""

from dataclasses import dataclass, field
from typing import Any

from bot.app.gateways import Gateways
from bot.app.jwt import AppToken
from bot.app.key import PrivateKey
from bot.app.permissions import EVENTS, WRITING, asked
from bot.gateway.allowance import Allowance
from bot.gateway.transport import Transport
from tests.loopback.server import Loopback
from tests.loopback.state import App, Installation

NAME = "acme/flights"
NOWHERE = "http://127.0.0.1:9/webhooks/github"


@dataclass
class Scene:
    """What is there; `waits` are the seconds that the gateways would have slept."""

    github: Loopback
    app: App
    installation: Installation
    number: int
    id: int
    """The repository's number, whatever it is called."""
    waits: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, github: Loopback) -> "Scene":
        """A repository with a pull request, and the App that a manifest of ours makes."""
        github.commit(NAME, {"assay.yml": "version: 1\n"})
        github.commit(NAME, {"README.md": "more"}, branch="feature")
        pull = github.pull(NAME, "feature")
        app = github.app("assay", events=[each.name for each in EVENTS], url=NOWHERE, **{**asked(), **WRITING})
        installation = github.install(app, [NAME])
        github.sender.drain()
        github.forget_requests()
        return cls(github, app, installation, pull.number, github.repository(NAME).id)

    def gateways(self, **more: Any) -> Gateways:
        """Gateways of the App."""
        given = {"base": self.github.url, "app_id": self.app.id, "private_key": self.app.private_key}
        return Gateways.of(**{**given, "pause": self.waits.append, "spacing": 0.0, **more})

    def as_app(self) -> Transport:
        """The App itself."""
        transport = Transport.of(self.github.url, AppToken(self.app.id, PrivateKey.parse(self.app.private_key)), Allowance())
        transport.pause, transport.spacing = self.waits.append, 0.0
        return transport

    def asked(self) -> list[str]:
        """The requests so far, without what was answered."""
        return [f"{seen.method} {seen.path}" for seen in self.github.requests]

    def minted(self) -> list[dict[str, Any]]:
        """What was asked for with each token that was made."""
        import json

        return [json.loads(seen.body) for seen in self.github.requests if seen.path.endswith("/access_tokens")]
