"""A GitHub on loopback with one pull request, and a gateway that does not wait between writes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from bot.gateway.gateway import Gateway
from bot.gateway.transport import Transport
from bot.gateway.wider import WiderGateway
from tests.loopback.server import Loopback, running

NAME = "acme/flights"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub asks for a second between writes; a GitHub of our own does not."""
    to = Transport.to
    monkeypatch.setattr(Transport, "to", lambda *given: replace(to(*given), spacing=0.0, pause=lambda _: None))


@dataclass(frozen=True)
class Scene:
    """A repository with a pull request from `change` into `main`."""

    github: Loopback
    number: int
    head: str
    base: str

    def environ(self, token: str | None = None) -> dict[str, str]:
        """The environment of a job for the pull request, with a token that may write."""
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": self.github.host,
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_SHA": self.head,
            "GITHUB_TOKEN": token or self.github.token(NAME, "write"),
        }

    def gateway(self, token: str | None = None) -> WiderGateway:
        """A gateway for that environment."""
        return WiderGateway.of(Gateway.from_environment(self.environ(token)))


@pytest.fixture
def scene(hasty: None) -> Iterator[Scene]:
    """The pull request, on a GitHub of its own."""
    with running() as github:
        github.repository(NAME)
        base = github.commit(NAME, {"README.md": "flights\n"})
        head = github.commit(NAME, {"dvc.lock": "1\n"}, "change")
        pull = github.pull(NAME, "change")
        yield Scene(github, pull.number, head, base)
