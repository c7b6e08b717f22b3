"""What people said on a request, out of its comments. Pure.

A comment is heard as a whole or not at all: one line of it that is no command takes the others with it, as when it is handled.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.gateway.records import IssueComment
from bot.grammar import spoken
from bot.grammar.names import Prefix
from bot.grammar.spoken import Declared
from policy.votes import Kind, Vote

KINDS: dict[str, Kind] = {"approve": "approve", "reject": "reject", "revoke": "revoke", "break-glass": "break-glass"}
"""The commands that are votes."""


def votes(comments: Sequence[IssueComment], declared: dict[str, Declared], prefix: bool = False) -> list[Vote]:
    """Every vote, in the order of the comments; what of them counts is for `policy.votes` to say."""
    return list(_votes(comments, declared, Prefix(mandatory=prefix)))


def _votes(comments: Sequence[IssueComment], declared: dict[str, Declared], prefix: Prefix) -> Iterator[Vote]:
    for comment in comments:
        found = spoken.read(comment.body, declared, prefix)
        if found.mistakes:
            continue
        for command in found.commands:
            if command.name in KINDS:
                yield Vote(
                    kind=KINDS[command.name],
                    comment=comment.id,
                    author=comment.author_id,
                    login=comment.author_login or "",
                    # What an App wrote in somebody's name is not that person's word.
                    type="Bot" if comment.app_id is not None else comment.author_type,
                    code=getattr(command.arguments, "code", None) or "",
                    because=getattr(command.arguments, "because", None) or "",
                    edited=comment.edited,
                    at=datetime.fromisoformat(comment.created_at),
                )
