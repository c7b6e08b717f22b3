"""A request as the conversation makes it, for deciding without a GitHub."""

from datetime import UTC, date, datetime
from typing import Any

from bot.commands.command import Request
from bot.effects import Effect, Reply
from bot.gateway.commanding import CheckText
from bot.gateway.records import CheckRunRecord, PullRequest, Repository
from policy.document import Policy
from policy.roles import Standing

HEAD = "9ab41d0fe33a" + "0" * 28
HERE = Repository(1, "acme/flights", "main", False)


def pull(**changed: Any) -> PullRequest:
    """A pull request of ada's, from a branch of the repository."""
    known: dict[str, Any] = {
        "number": 7, "state": "open", "draft": False, "head_sha": HEAD, "head_ref": "topic", "head_repository": "acme/flights",
        "base_sha": "b" * 40, "base_ref": "main", "author_id": 5, "author_login": "ada",
    }  # fmt: skip
    return PullRequest(**{**known, **changed})


def request(line: str = "/x", *, policy: Policy | None = None, level: str = "write", actor: int = 9, **changed: Any) -> Request:
    """Mona, who may write, says something about it."""
    return Request(
        line=line,
        key="4711-0",
        actor=Standing(actor, "mona", level),
        number=7,
        repository=HERE,
        pull=pull(**changed),
        policy=policy or Policy(version=1),
        today=date(2026, 3, 1),
        now=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )


def reply(effects: list[Effect]) -> Reply:
    """The one reply among the effects."""
    (found,) = [each for each in effects if isinstance(each, Reply)]
    return found


def shown(name: str, text: str = "", conclusion: str = "failure", title: str = "") -> CheckText:
    """A check run of ours, as it is looked at."""
    record = CheckRunRecord(1, name, HEAD, "", "completed", conclusion, None)
    return CheckText(record, title, text, "")
