"""What every command is made of, and what it is given."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.effects import Effect
from bot.gateway.records import PullRequest, Repository
from bot.registered import Registered
from policy import asking
from policy.document import Policy
from policy.ledger import Comment
from policy.roles import Standing


@dataclass(frozen=True)
class Request:
    """A command as it was given, and the state it is decided in.

    `line` is the command as written. `key` names the asking (comment and place in it), so that what it starts can be found
    again; `again` says that this comment was begun before; `before` names the commands that stand above it there. `pull` is None
    on an issue, and where no command of the comment is about one; `policy` is the base's. `registry` is asked about models, where
    the home has one. For the ledger there are the `comment` (None: a click), when it was written (`at`, in ISO 8601), and the
    policy's digest (empty where there is no policy).
    """

    line: str
    key: str
    actor: Standing
    number: int
    repository: Repository
    pull: PullRequest | None
    policy: Policy
    today: date
    now: datetime
    again: bool = False
    before: tuple[str, ...] = ()
    registry: Registered | None = None
    comment: Comment | None = None
    at: str = ""
    policy_digest: str = ""

    @property
    def head(self) -> PullRequest:
        """The pull request, for commands that only work on one."""
        if self.pull is None:
            raise AssertionError("a command for pull requests was given on an issue")
        return self.pull

    @property
    def named(self) -> str:
        """The asking, and where the policy has `cost` also where it was, so that its end can be told there."""
        return asking.named(self.key, self.number) if self.policy.cost is not None else self.key

    @property
    def of_fork(self) -> bool:
        """Whether the code is a fork's."""
        return self.pull is not None and self.pull.is_of_fork(self.repository.full_name)


class Command(Protocol):
    """A module of this folder: its purpose in the first line, who may say it, where, and what comes of it."""

    __doc__: str | None

    @property
    def WHO(self) -> str:  # noqa: N802 - the name that the modules have
        """The level or role that it takes by default; `read` is open to whoever may comment."""

    @property
    def WHERE(self) -> str:  # noqa: N802
        """`pull request` or `anywhere`."""

    @property
    def DRAFTS(self) -> bool:  # noqa: N802
        """Whether it works on drafts; what decides over a merge waits."""

    @property
    def EXAMPLES(self) -> tuple[str, ...]:  # noqa: N802
        """How it may be said."""

    @property
    def Arguments(self) -> type:  # noqa: N802
        """What it takes, as the grammar reads it."""

    def look(self, reads: Any, request: Request, arguments: Any) -> Any:
        """Read what deciding takes. Never writes."""

    def decide(self, request: Request, arguments: Any, present: Any) -> list[Effect]:
        """What comes of it. Pure; one of the effects is a reply."""


@dataclass(frozen=True)
class Nothing:
    """What a command looks at that needs no more than the request."""


def nothing(reads: object, request: Request, arguments: object) -> Nothing:
    """The `look` of such a command."""
    return Nothing()


def purpose(command: Command) -> str:
    """The first line of a command's file."""
    return (command.__doc__ or "").split("\n", 1)[0]
