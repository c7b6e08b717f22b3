"""The word at which a rollback is made, out of the comment that gives it, as GitHub has it now."""

from datetime import datetime

from bot.around import Around
from bot.commands import DECLARED
from bot.gateway.problems import NotThere
from bot.gateway.records import IssueComment
from bot.gateway.requesting import RequestGateway
from bot.grammar import spoken
from bot.grammar.names import Prefix
from policy.rollbacks import Word

NAME = "rollback"
"""The command."""


def word(around: Around, where: int, key: str) -> tuple[Word, str] | None:
    """What is said on an issue by the command that `key` names, and the model it is about; None where nobody says it any more.

    `key` is the comment's number and the place of the command in it.
    """
    id, _, index = key.partition("-")
    if not (id.isascii() and id.isdigit() and index.isascii() and index.isdigit()):
        return None
    try:
        comment = RequestGateway.of(around.gateway).comment(int(id))
    except NotThere:
        return None
    return said(comment, int(index), around.prefix) if comment.number == where else None


def said(comment: IssueComment, index: int, prefix: bool = False) -> tuple[Word, str] | None:
    """The same of a comment in hand. Pure."""
    found = spoken.read(comment.body, DECLARED, Prefix(mandatory=prefix))
    if found.mistakes or comment.author_id is None or index >= len(found.commands):
        return None
    command = found.commands[index]
    if command.name != NAME:
        return None
    given = command.arguments
    told = Word(
        comment=comment.id,
        author=comment.author_id,
        login=comment.author_login or "",
        because=given.because,
        at=datetime.fromisoformat(comment.created_at),
        environment=given.environment,
        version=given.to,
        # What an App wrote in somebody's name is not that person's word.
        type="Bot" if comment.app_id is not None else comment.author_type,
        edited=comment.edited,
    )
    return told, given.model
