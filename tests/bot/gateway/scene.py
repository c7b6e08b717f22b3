"""A gateway at a GitHub on loopback that never really waits."""

from dataclasses import dataclass, field

from bot.gateway import Gateway
from bot.gateway.records import Identity
from bot.gateway.transport import Transport
from tests.loopback.server import Loopback

ME = Identity("github-actions[bot]", 41898282, 15368)
REPOSITORY = "acme/flights"


@dataclass
class Scene:
    """A repository with a pull request; `waits` are the seconds that the gateway would have slept."""

    github: Loopback
    gateway: Gateway
    transport: Transport
    token: str
    base: str
    head: str
    number: int
    waits: list[float] = field(default_factory=list)

    def as_token(self, token: str) -> Gateway:
        """The same repository by another token."""
        transport = Transport.to(self.github.url, token)
        transport.spacing, transport.pause = 0, self.waits.append
        return Gateway(transport, REPOSITORY, ME)


def scene(github: Loopback, token: str | None = None, timeout: int = 20) -> Scene:
    """A repository `acme/flights` with a branch `feature` and its pull request, and a token that may report."""
    github.repository(REPOSITORY)
    base = github.commit(REPOSITORY, {"assay.yml": "version: 1\n", "README.md": "flights"})
    head = github.commit(REPOSITORY, {"README.md": "more flights"}, branch="feature")
    pull = github.pull(REPOSITORY, "feature")
    token = token or github.token(REPOSITORY, "write")
    transport = Transport.to(github.url, token, timeout)
    made = Scene(github, Gateway(transport, REPOSITORY, ME), transport, token, base, head, pull.number)
    transport.spacing, transport.pause = 0, made.waits.append
    github.forget_requests()
    return made
