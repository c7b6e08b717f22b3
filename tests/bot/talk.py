"""A conversation at a GitHub on loopback: people with roles who comment, and the bot that answers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import conversation, dispatching
from bot.around import Around
from bot.conversation import Asking
from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository
from policy import document
from policy.facts import Facts
from policy.facts.reading import write
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import POLICY, facts
from tests.loopback.state import CheckRun, Comment, Run


@dataclass
class Talk:
    """A pull request of `mona`, who may write; `alice` maintains, `tim` triages, and `eve` may only read."""

    here: Scene
    around: Around
    fork: bool = False
    comments: list[Comment] = field(default_factory=list)

    @property
    def gateway(self) -> LockGateway:
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

    def happen(self, about: Any, action: str, **more: Any) -> Reason:
        """Something happens, and the bot handles the event."""
        event, payload = self.here.github.event(REPOSITORY, about, action)
        return dispatching.handle(self.around, event, {**payload, **more})

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
    workflows = {f".github/workflows/{name}": workflow(name) for name in ("assay-check.yml", "assay-run.yml")}
    here.github.commit(REPOSITORY, {"assay.yml": policy, **workflows})
    repository = here.github.repository(REPOSITORY)
    known = Repository(repository.id, repository.full_name, repository.default_branch, repository.private)
    here.github.forget_requests()
    return Talk(here, Around(LockGateway.of(here.gateway), known, clock=lambda: datetime.now(UTC)))


def workflow(name: str) -> str:
    """A workflow as users have it."""
    return (Path(__file__).parents[2] / "workflows" / name).read_text("utf-8")


def judged(here: Scene, policy: str = POLICY) -> Talk:
    """The same, with a policy that has gates, and a change of data that it watches."""
    made = talk(here, policy)
    here.head = here.github.commit(REPOSITORY, {"data/rows.csv.dvc": "2"}, branch="feature")
    here.base = here.github.repository(REPOSITORY).git.ref("refs/heads/main") or ""
    here.github.forget_requests()
    return made


def told(chat: Talk, accuracy: float = 0.9, **more: Any) -> Facts:
    """What an honest runner says of the head."""
    here = chat.here
    start = here.github.repository(REPOSITORY).git.merge_base(here.base, here.head)
    claim = {"repository": REPOSITORY, "pull_request": here.number, "base": here.base, "head": here.head, "merge_base": start}
    read = here.github.repository(REPOSITORY).git
    entry = read.entry("main", "assay.yml")
    policy = read.read(entry.sha).decode() if entry else ""
    found = facts(accuracy=accuracy, **{**claim, **more})
    return found.model_copy(update={"policy": found.policy.model_copy(update={"digest": document.digest(policy)})})


def checked(chat: Talk, accuracy: float = 0.9, conclusion: str = "success") -> Run:
    """The check of the head ended."""
    run = chat.here.github.run(REPOSITORY, chat.here.head, "feature", conclusion=conclusion)
    chat.here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(told(chat, accuracy))})
    return run


def checks(chat: Talk) -> dict[str, CheckRun]:
    """The check runs on the head, by name."""
    every = chat.here.github.repository(REPOSITORY).checks.values()
    return {each.name: each for each in every if each.head_sha == chat.here.head}


def report(chat: Talk, kind: str = "check") -> str:
    """The one comment that reports; empty where there is none."""
    every = chat.here.github.comments(REPOSITORY, chat.here.number)
    found = [each.body for each in every if f" {kind} v1 " in each.body.split("\n")[0]]
    assert len(found) <= 1
    return found[0] if found else ""
