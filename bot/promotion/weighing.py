"""Weighs a request: decides it anew, and makes the card say what holds now.

Nothing is remembered between two times. The card is a view; what it notes of earlier forms of the request is only ever used to
say in words what changed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot import perform, sticky
from bot.around import Around
from bot.checks import digest
from bot.effects import Assign, CloseIssue, Effect, Enter
from bot.gateway.entering import LedgerGateway
from bot.gateway.records import Identity
from bot.gateway.requesting import RequestGateway
from bot.promotion import entries, noted, starting, unweighed
from bot.promotion.deciding import KIND, Begun, NoRequest, Weighed, decided
from bot.sticky import Marker
from policy.approvals import State
from policy.problems import Problem, UserProblem
from policy.reasons import Reason
from reports import approval, evidence, rollbacks
from reports.markdown import EMPTY, Markdown, join

_EARLIER = 5
"""Earlier forms of a request that the card remembers."""
_LATE = timedelta(days=7)
"""How long after a review a request enters it that nobody told of."""


def weigh(around: Around, number: int, begun: Begun | None = None) -> Weighed | None:
    """Decide the request that an issue holds, start what moves the alias where it is approved, and write its card.

    None where the issue is closed. Where it cannot be decided, the card says that. `begun` is what was read where the issue was
    opened a moment ago.

    Raises:
        NoRequest: the issue holds none of ours.
        UserProblem: the policy or the version cannot be used.
        OutsideProblem: GitHub or the registry does not answer.
    """
    try:
        found = decided(around, number, begun=begun)
    except NoRequest:
        raise
    except Problem as problem:
        unweighed.tell(around, number, problem)
        raise
    if found is not None:
        _Card(around, found).write(fresh=begun is not None)
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


class _Card:
    """The card of one request in hand, and what it notes."""

    def __init__(self, around: Around, found: Weighed) -> None:
        self.around, self.found = around, found
        self.gateway = RequestGateway.of(around.gateway)
        self.me = self.gateway.identity()
        where = Marker(around.repository.id, found.issue.number, KIND, "0" * 16, "")
        cards = sticky.ours(found.comments, self.me, where)
        self.entered = noted.entered(cards[0][0].body) if cards else []

    def write(self, fresh: bool) -> None:
        """Start what is to be started, enter what is missing, and make the card say all of it."""
        then = starting.start(self.around, self.found, fresh)
        said = join([each for each in (then, self._enter()) if each.source], "\n\n")
        effects = _effects(self.around, self.me, self.found, said, self.entered)
        perform.perform(self.gateway, effects + _reminding(self.around, self.me, self.found))

    def _enter(self) -> Markdown:
        """Enter what is not in the ledger yet, as far as the card notes it; in words what kept it.

        A request goes on where the ledger cannot be written: what is missing is entered by a later look, and nothing is promoted
        before its approvals are entered.
        """
        missing = [each for each in [*entries.standing(self.found), *self._reviews()] if each.draft.key not in self.entered]
        if missing:
            try:
                LedgerGateway.of(self.around.gateway).enter(missing)
            except UserProblem as problem:
                return approval.not_entered(problem.what)
            self.entered = [*self.entered, *(each.draft.key for each in missing)]
        return EMPTY

    def _reviews(self) -> list[Enter]:
        """Reviews whose closing nobody told of; what is older was there to be entered by others."""
        late = [each for each in self.found.reviews if self.around.clock() - datetime.fromisoformat(each.at) < _LATE]
        return [entries.review(each, self.around.repository.id, self.found.request.subject.policy) for each in late]


def _effects(around: Around, me: Identity, found: Weighed, then: Markdown, entered: Sequence[str]) -> list[Effect]:
    """The card, those who can still approve as assignees, and an end to what is over."""
    number, decision = found.issue.number, found.decision
    if found.asked.rollback:
        drawn = rollbacks.card(decision, then).source
    else:
        card = approval.card(decision, found.issue.url, join([each for each in (_back(found), then) if each], "\n\n"))
        drawn = join([card, evidence.against(found.evidence)] if found.evidence else [card], "\n\n").source
    hidden = noted.written([found.request.subject, *found.request.earlier][: _EARLIER + 1], entered)
    marker = Marker(around.repository.id, number, KIND, digest([drawn, hidden]), "")
    effects = sticky.decide(found.comments, me, marker, lambda: f"{marker}\n{drawn}\n\n{hidden}")
    wanted = tuple(each for each in decision.could if not each.startswith("@"))[:10]
    # Who could still approve what is approved is of no use to anybody.
    if not decision.approved and {each.lower() for each in wanted} != {each.lower() for each in found.issue.assignees}:
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
