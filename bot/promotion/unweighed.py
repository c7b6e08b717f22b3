"""The card of a request that cannot be weighed: it says what could not be read and since when, and no word of an approval.

A card that stayed as it was would look approved while nobody can tell whether it is. The next weighing that works mends it.
"""

import re
from contextlib import suppress
from datetime import datetime

from bot import perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.gateway.records import IssueComment
from bot.gateway.requesting import RequestGateway
from bot.promotion import noted
from bot.promotion.deciding import KIND, requested
from bot.sticky import Marker
from policy.problems import OutsideProblem, Problem, UserProblem
from reports import approval

_SINCE = re.compile(r"^<!-- assay:unweighed (?P<since>\d{4}-\d\d-\d\dT[0-9:.+-]{8,30}) -->$", re.MULTILINE)


def tell(around: Around, number: int, problem: Problem) -> None:
    """Make the card of an open request say that it cannot be weighed. Where that cannot be told either, nothing is written."""
    with suppress(UserProblem, OutsideProblem):
        _tell(around, number, problem)


def _tell(around: Around, number: int, problem: Problem) -> None:
    gateway = RequestGateway.of(around.gateway)
    issue, _ = requested(gateway, number)
    if issue.state != "open":
        return
    comments, me = gateway.comments(number), gateway.identity()
    cards = sticky.ours(comments, me, Marker(around.repository.id, number, KIND, "0" * 16, ""))
    before = cards[0][0] if cards else None
    since = _since(before) or around.clock()
    drawn = approval.unweighed(problem, since).source
    was = before.body if before else ""
    hidden = noted.written(noted.read(was), noted.entered(was))
    marker = Marker(around.repository.id, number, KIND, digest([drawn, hidden]), "")
    lines = [str(marker), drawn, "", f"<!-- assay:unweighed {since.isoformat(timespec='seconds')} -->", hidden]
    perform.perform(gateway, sticky.decide(comments, me, marker, lambda: "\n".join(lines).rstrip("\n")))


def _since(card: IssueComment | None) -> datetime | None:
    """Since when a card says so already."""
    found = _SINCE.search(card.body) if card else None
    with suppress(ValueError):
        return datetime.fromisoformat(found["since"]) if found else None
    return None
