"""A conversation at a GitHub on loopback: people with roles who comment, and the bot that answers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot import conversation
from bot.around import Around
from bot.conversation import Asking
from bot.gateway.commanding import CommandGateway
from bot.gateway.records import Repository
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import Comment

WORKFLOW = "name: assay-run\non: {workflow_dispatch: {inputs: {}}}\n"


@dataclass
class Talk:
    """A pull request of `mona`, who may write; `alice` maintains, `tim` triages, and `eve` may only read."""

    here: Scene
    around: Around
    fork: bool = False
    comments: list[Comment] = field(default_factory=list)

    @property
    def gateway(self) -> CommandGateway:
        """The bot's."""
        return self.around.gateway

    def say(self, body: str, by: str = "mona", number: int | None = None) -> Reason:
        """Somebody comments, and the bot handles it."""
        return self.handle(self.comment(body, by, number))

    def comment(self, body: str, by: str = "mona", number: int | None = None) -> Comment:
        """Somebody comments."""
        made = self.here.github.comment(REPOSITORY, number or self.here.number, body, by)
        self.comments.append(made)
        return made

    def handle(self, comment: Comment) -> Reason:
        """The bot handles a comment, perhaps once more."""
        on_pull = comment.number in self.here.github.repository(REPOSITORY).pulls
        return conversation.converse(
            self.around,
            Asking(
                comment.number, on_pull, comment.body, comment.author.id, comment.author.login, comment.author.type,
                comment.created_at, comment.id, comment.id,
            ),
        )  # fmt: skip

    def reactions(self, comment: Comment | None = None) -> list[str]:
        """What the bot thinks of a comment, the last one by default."""
        wanted = comment or self.comments[-1]
        every = self.here.github.repository(REPOSITORY).reactions.values()
        return [each.content for each in every if each.on[1] == wanted.id]

    def answer(self, number: int | None = None) -> str:
        """The one comment in which the bot answers; empty where there is none."""
        found = [
            each.body
            for each in self.here.github.comments(REPOSITORY, number or self.here.number)
            if each.author.login == "github-actions[bot]" and " commands v1 " in each.body.split("\n")[0]
        ]
        assert len(found) <= 1
        return found[0] if found else ""

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The inputs of every workflow that was started."""
        return [each.payload for each in self.here.github.repository(REPOSITORY).dispatches]

    @property
    def asked(self) -> list[str]:
        """The requests that reached GitHub, as method and path."""
        return [f"{each.method} {each.path}" for each in self.here.github.requests]


def talk(here: Scene, policy: str = "version: 1\n") -> Talk:
    """The scene with people, a policy, and a workflow to start."""
    for login, role in (("mona", "write"), ("alice", "maintain"), ("tim", "triage"), ("eve", "read")):
        here.github.role(REPOSITORY, login, role)
    here.github.commit(REPOSITORY, {"assay.yml": policy, ".github/workflows/assay-run.yml": workflow()})
    repository = here.github.repository(REPOSITORY)
    known = Repository(repository.id, repository.full_name, repository.default_branch, repository.private)
    here.github.forget_requests()
    return Talk(here, Around(CommandGateway.of(here.gateway), known, clock=lambda: datetime.now(UTC)))


def workflow() -> str:
    """The workflow that commands start, as users have it."""
    from pathlib import Path

    return (Path(__file__).parents[2] / "workflows/assay-run.yml").read_text("utf-8")
