"""What every command is made of, and what it is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, Protocol

from bot.effects import Effect
from bot.gateway.records import IssueComment, PullRequest, Repository
from policy.document import Policy
from policy.roles import Standing

Where = Literal["pull request", "anywhere"]


@dataclass(frozen=True)
class Request:
    """A command as it was given, and the state it is decided in.

    `line` is the command as written. `key` names the asking (comment and place in it), so that what it starts can be found
    again; `again` says that this comment was begun before. `pull` is None on an issue, `policy` is the base's. `comments` are
    those of the conversation, the oldest first, or None where no command of the comment needs them.
    """

    line: str
    key: str
    actor: Standing
    number: int
    repository: Repository
    pull: PullRequest | None
    policy: Policy
    today: date
    again: bool = False
    comments: tuple[IssueComment, ...] | None = None

    @property
    def head(self) -> PullRequest:
        """The pull request, for commands that only work on one."""
        if self.pull is None:
            raise AssertionError("a command for pull requests was given on an issue")
        return self.pull

    @property
    def of_fork(self) -> bool:
        """Whether the code is a fork's."""
        return self.pull is not None and self.pull.is_of_fork(self.repository.full_name)


class Command(Protocol):
    """A module of this folder: what it is called, who may say it, and what comes of it."""

    WHO: str
    """The level or role that it takes by default; `read` is open to whoever may comment."""
    WHERE: Where
    EXAMPLES: tuple[str, ...]
    Arguments: ClassVar[Any]

    def look(self, reads: Any, request: Request, arguments: Any) -> Any:
        """Read what deciding takes. Never writes."""

    def decide(self, request: Request, arguments: Any, present: Any) -> list[Effect]:
        """What comes of it. Pure; the last effects are replies."""
