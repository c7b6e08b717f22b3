"""What a handler is given besides the event: the repository's gateway, the clock, and what its home is like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository
from bot.registered import Registered
from policy.facts.request import WORKFLOW


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Around:
    """Where a handler works.

    `server` is the address of GitHub's pages; `buttons` says whether clicks on check runs reach us, which they do in a service
    of an App; `prefix` says whether only `/assay name` is a command and not `/name`. `registry` is that of the repository, where
    its home has one: a service of many repositories has it for one of them, because who may comment here may not look there.
    """

    gateway: LockGateway
    repository: Repository
    server: str = "https://github.com"
    buttons: bool = False
    prefix: bool = False
    registry: Registered | None = None
    clock: Callable[[], datetime] = field(default=now, repr=False)

    @property
    def today(self) -> date:
        """The day, in UTC."""
        return self.clock().date()


CHECK = "assay-check.yml"
"""The workflow that checks every pull request."""
RUN = WORKFLOW
"""The workflow that commands start."""
MAIN = "assay-main.yml"
PROMOTE = "assay-promote.yml"
"""The workflow that moves an alias once a request is approved."""
RETRAIN = "assay-retrain.yml"
"""The workflow that trains the model of the default branch anew."""
TUNE = "assay-tune.yml"
"""The workflow that searches for better parameters of the default branch."""
