"""Heals what was missed: commands that nobody answered, and reports that are not what they should be.

A day of downtime, an event that GitHub lost, a run that a queue of runs dropped: the present is read, and made what it should be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot import conversation, experiments, judging, locking
from bot.around import Around
from bot.commands import DECLARED
from bot.conversation import Asking
from bot.cost import afterwards
from bot.gateway.records import IssueComment, WorkflowRun
from bot.gateway.requesting import RequestGateway
from bot.grammar import spoken
from bot.grammar.names import Prefix
from bot.monitoring import keeping
from bot.promotion import gatekeeping, outside, weighing
from bot.promotion.asked import LABEL
from bot.proposing import merged
from bot.pulse import rolling
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.roles import is_bot

FRESH = timedelta(hours=72)
"""How old a command may be that is still done. Who asked longer ago than that has asked again, or does not want it any more."""

SETTLED = timedelta(minutes=20)
"""How old a command is before a job that runs beside others takes it up: until then a job of its own may be at it."""
UNANSWERED = "unanswered"
"""The action of a delivery that takes up a comment which a sweep found."""
SWEPT = "swept"
"""The action of a delivery that has a pull request judged which a sweep came by."""
TELL = "untold"
"""The action of a delivery that has the runs of a pull request told which a sweep came by."""


class Hands(Protocol):
    """Sees to what a sweep found."""

    def answer(self, comment: IssueComment, on_pull: bool) -> object:
        """A comment that nobody answered; `on_pull` says whether it is on a pull request."""

    def judge(self, number: int) -> object:
        """An open pull request. Raises UserProblem for one that cannot be judged."""

    def tell(self, number: int) -> object:
        """An open pull request with runs that were started lately."""

    def conclude(self, run: WorkflowRun) -> object:
        """A run of `/retrain` or `/tune` that ended, whose answer says nothing of it."""

    def weigh(self, number: int) -> object:
        """An open request for a promotion."""

    def watch(self) -> object:
        """The registry, of which nobody may have told. Raises UserProblem where it cannot be looked at."""


@dataclass(frozen=True)
class _Own:
    """The sweep's own hands."""

    around: Around

    def answer(self, comment: IssueComment, on_pull: bool) -> object:
        return conversation.converse(self.around, _asking(comment, on_pull))

    def judge(self, number: int) -> object:
        return judging.judge(self.around, number)

    def tell(self, number: int) -> object:
        return tell(self.around, number)

    def conclude(self, run: WorkflowRun) -> object:
        return afterwards.ended(self.around, run)

    def weigh(self, number: int) -> object:
        return weighing.refresh(self.around, number)

    def watch(self) -> object:
        return outside.look(self.around)


def sweep(around: Around, hands: Hands | None = None) -> str:
    """Take up what was not answered, then have what is open judged; the answer says how much there was.

    `hands` are for a home that has a queue, where two are never at one pull request. Without them the sweep does it itself, and
    leaves what is young to whoever has it in hand.
    """
    comments = around.gateway.recent_comments(_since(around))
    asked = _unanswered(around, comments, timedelta() if hands else SETTLED)
    hands = hands or _Own(around)
    for comment, on_pull in asked:
        hands.answer(comment, on_pull)
    locking.release_forgotten(around)
    failed = []
    try:
        merged.forgotten(around, comments)
    except UserProblem as problem:
        failed.append(f"the ledger: {problem.what}")
    found = around.gateway.open_pulls()
    running = experiments.lately(around, _since(around)) if found else {}
    for pull in found:
        try:
            hands.judge(pull.number)
            if pull.number in running:
                hands.tell(pull.number)
        except UserProblem as problem:  # one that cannot be judged keeps no other from it
            failed.append(f"#{pull.number}: {problem.what}")
    requests = RequestGateway.of(around.gateway).issues(LABEL)
    for request in requests:
        hands.weigh(request.number)
    if around.registry is not None:
        try:
            hands.watch()
        except UserProblem as problem:
            failed.append(f"the registry: {problem.what}")
    gatekeeping.reconcile(around)
    failed += _told(around, hands)
    return "; ".join([f"{len(asked)} commands taken up, {len(found)} pull requests seen to", *failed])


def _told(around: Around, hands: Hands) -> list[str]:
    """Have the issues about production and about the project say what they should, and answers what their runs took.

    What went wrong, or is to be known at once, is the answer.
    """
    failed = []
    try:
        seen = keeping.sweep(around)
        if seen is not None and seen.late:
            failed.append(seen.said)
    except UserProblem as problem:
        failed.append(f"production: {problem.what}")
    try:
        policy = rolling.policy_of(around)
    except UserProblem as problem:
        return [*failed, f"the pulse: {problem.what}"]
    try:
        for run in afterwards.missed(around, policy, _since(around)):
            hands.conclude(run)
    except UserProblem as problem:
        failed.append(f"what runs took: {problem.what}")
    try:
        rolling.kept(around, policy)
    except UserProblem as problem:
        failed.append(f"the pulse: {problem.what}")
    return failed


def answer(around: Around, number: int) -> int:
    """Answer the commands on one issue or pull request that got no answer; how many that were."""
    found = [each for each in unanswered(around) if each[0].number == number]
    for comment, on_pull in found:
        conversation.converse(around, _asking(comment, on_pull))
    return len(found)


def tell(around: Around, number: int) -> int:
    """Tell what was missed of the runs that were started on a pull request lately; how many that were."""
    return experiments.tell(around, number, _since(around))


def finish(around: Around, number: int, id: int, on_pull: bool) -> Reason:
    """Answer one comment that a sweep found, unless it was answered, changed or deleted since."""
    comment = next((each for each in around.gateway.comments(number) if each.id == id), None)
    if comment is None:
        return Reason.COMMENT_GONE
    if not _waits(comment, _since(around), around.prefix):
        return Reason.ANSWERED
    return conversation.converse(around, _asking(comment, on_pull))


def unanswered(around: Around) -> list[tuple[IssueComment, bool]]:
    """The fresh comments with commands that got no answer, the oldest first, and whether each is on a pull request."""
    return _unanswered(around, around.gateway.recent_comments(_since(around)), timedelta())


def _unanswered(around: Around, comments: list[IssueComment], settled: timedelta) -> list[tuple[IssueComment, bool]]:
    """Those of some comments; what is younger than `settled` is left out."""
    since, until = _since(around), _stamp(around.clock() - settled)
    found = [each for each in comments if each.created_at <= until and _waits(each, since, around.prefix)]
    if not found:
        return []
    pulls = {pull.number for pull in around.gateway.open_pulls()}
    return [(each, each.number in pulls) for each in found]


def _since(around: Around) -> str:
    return _stamp(around.clock() - FRESH)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _waits(comment: IssueComment, since: str, prefix: bool) -> bool:
    if comment.answered or comment.edited or comment.created_at < since or comment.author_login is None:
        return False
    if comment.app_id is not None or is_bot(comment.author_login, comment.author_type):
        return False
    return bool(spoken.read(comment.body, DECLARED, Prefix(mandatory=prefix)).commands)


def _asking(comment: IssueComment, on_pull: bool) -> Asking:
    return Asking(
        number=comment.number,
        on_pull=on_pull,
        body=comment.body,
        actor_id=comment.author_id or 0,
        actor_login=comment.author_login or "",
        actor_type=comment.author_type,
        at=comment.created_at,
        key=comment.id,
        comment=comment.id,
    )
