"""Reads what the bot answered on an issue or pull request, and writes a line about a run under one of the answers."""

from bot import perform, said
from bot.around import Around
from bot.gateway.records import IssueComment
from bot.sticky import Marker, ours
from reports.markdown import Markdown


def note(around: Around, number: int, key: str, line: Markdown) -> None:
    """Put a line under the answer to who asked; nothing where that answer is gone."""
    comments, known = answers(around, number)
    asking = int(key.partition("-")[0])
    for section in known:
        if section.key == asking:
            fresh = said.Section(section.key, section.actor, section.at, said.noted(section.text, key, line))
            perform.perform(around.gateway, said.effects(comments, around.gateway.identity(), _where(around, number), fresh))


def answers(around: Around, number: int) -> tuple[list[IssueComment], list[said.Section]]:
    """The comments of an issue or pull request, and what we answered there."""
    comments = around.gateway.comments(number)
    present = ours(comments, around.gateway.identity(), _where(around, number))
    return comments, said.sections(present[0][0].body) if present else []


def _where(around: Around, number: int) -> Marker:
    return Marker(around.repository.id, number, said.KIND, "0" * 16, "")
