"""Weighs a request: decides it anew, and makes the card say what holds now.

Nothing is remembered between two times. The card is a view; what it notes of earlier forms of the request is only ever used to
say in words what changed.
"""

from functools import partial

from bot import perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.effects import Assign, CloseIssue, Effect
from bot.gateway.records import Identity
from bot.gateway.requesting import RequestGateway
from bot.promotion import noted, starting
from bot.promotion.deciding import KIND, NoRequest, Weighed, decided
from bot.sticky import Marker
from policy.approvals import State
from policy.problems import UserProblem
from policy.reasons import Reason
from reports import approval, rollbacks
from reports.markdown import EMPTY, Markdown, join

_EARLIER = 5
"""Earlier forms of a request that the card remembers."""


def weigh(around: Around, number: int) -> Weighed | None:
    """Decide the request that an issue holds, start what moves the alias where it is approved, and write its card.

    None where the issue is closed.

    Raises:
        NoRequest: the issue holds none of ours.
        UserProblem: the policy or the version cannot be used.
        OutsideProblem: GitHub or the registry does not answer.
    """
    found = decided(around, number)
    if found is not None:
        gateway = RequestGateway.of(around.gateway)
        then, me = starting.start(around, found), gateway.identity()
        perform.perform(gateway, [*_effects(around, me, found, then), *_reminding(around, me, found)])
    return found


def refresh(around: Around, number: int) -> Reason:
    """Weigh an issue where it is a request that can be weighed. What cannot be is told whoever says something on it."""
    try:
        weigh(around, number)
    except NoRequest:
        return Reason.NOT_OURS
    except UserProblem:
        return Reason.REQUEST_UNWEIGHED
    return Reason.REFRESHED


def _effects(around: Around, me: Identity, found: Weighed, then: Markdown) -> list[Effect]:
    """The card, those who can still approve as assignees, and an end to what is over."""
    number, decision = found.issue.number, found.decision
    if found.asked.rollback:
        drawn = rollbacks.card(decision, then).source
    else:
        drawn = approval.card(decision, found.issue.url, join([each for each in (_back(found), then) if each], "\n\n")).source
    hidden = noted.written([found.request.subject, *found.request.earlier][: _EARLIER + 1])
    marker = Marker(around.repository.id, number, KIND, digest([drawn, hidden]), "")
    effects = sticky.decide(found.comments, me, marker, lambda: f"{marker}\n{drawn}\n\n{hidden}")
    wanted = tuple(each for each in decision.could if not each.startswith("@"))[:10]
    if {each.lower() for each in wanted} != {each.lower() for each in found.issue.assignees}:
        effects.append(Assign(number, wanted))
    if decision.state is State.EXPIRED:
        effects.append(CloseIssue(number, "not_planned"))
    return effects


def _back(found: Weighed) -> Markdown:
    """That the environment went back since this was asked for, where it did."""
    last = found.last
    if last is None or not last.rollback or last.at < found.request.opened:
        return EMPTY
    return rollbacks.back(last.version, last.environment, f"{last.at:%Y-%m-%d %H:%M %Z}")


def _reminding(around: Around, me: Identity, found: Weighed) -> list[Effect]:
    """A comment for each reminder that is due, written once: it is what tells people, so it stays as it is."""
    effects: list[Effect] = []
    for each in found.reminders:
        marker = Marker(around.repository.id, found.issue.number, f"remind-{each.kind}", digest(each.kind), "")
        lines = (str(marker), approval.reminder(each).source)
        effects += sticky.decide(found.comments, me, marker, partial("\n".join, lines))
    return effects
