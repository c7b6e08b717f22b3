"""What asking for a promotion comes to, whoever asks: one request for each model and environment. Pure."""

import re
from collections.abc import Sequence

from bot.effects import AskFor
from bot.gateway.records import Identity
from bot.gateway.requesting import Issue
from bot.promotion import asked
from bot.promotion.asked import Asked
from policy.lineage import Lineage
from reports.evidence import Judged

_COMMENT = re.compile(r"(?P<id>[1-9][0-9]{0,18})-[0-9]{1,3}")
"""The key of an asking by a comment; GitHub numbers comments in the order in which they were written."""
Known = Sequence[tuple[int, Asked]]
"""Requests by the numbers of their issues."""


def known(issues: Sequence[Issue], me: Identity) -> Known:
    """The requests among issues: those that our own account opened, and no rollbacks."""
    every = ((each.number, asked.read(each.body)) for each in issues if me.wrote(each))
    return [(number, wanted) for number, wanted in every if wanted is not None and not wanted.rollback]


def open_at(issues: Sequence[Issue], at: str) -> list[Issue]:
    """The issues that are open, or were at a moment in ISO 8601: what was told of them then is told again, however late."""
    return [each for each in issues if each.state == "open" or (each.created_at <= at < each.closed_at)]


def standing(wanted: Asked, requests: Known) -> int | None:
    """The request that asks for the very same already, for another asking; None where there is none."""
    same = (each for each in _same(wanted, requests) if each[1].version == wanted.version and each[1].key != wanted.key)
    return next((number for number, _ in same), None)


def later(wanted: Asked, requests: Known) -> int | None:
    """The request for another version that somebody asked for after this, which was heard late; None where there is none."""
    mine = _COMMENT.fullmatch(wanted.key)
    others = (
        (number, _COMMENT.fullmatch(each.key)) for number, each in _same(wanted, requests) if each.version != wanted.version
    )
    return next((number for number, other in others if mine and other and int(other["id"]) > int(mine["id"])), None)


def wish(wanted: Asked, found: Lineage, judged: Judged | None, requests: Known) -> AskFor:
    """The issue to open. A newer version takes the place of an older one."""
    instead = tuple(number for number, each in _same(wanted, requests) if each.version != wanted.version)
    return AskFor(asked.title(wanted), asked.body(wanted, found, judged), instead)


def _same(wanted: Asked, requests: Known) -> Known:
    return [each for each in requests if (each[1].model, each[1].environment) == (wanted.model, wanted.environment)]
