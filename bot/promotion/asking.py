"""Asks for a promotion by an issue, and tells whoever votes on one what became of the vote."""

from collections.abc import Sequence
from contextlib import suppress

from bot import perform
from bot.around import Around
from bot.effects import AskFor, CloseIssue, CreateComment, Reply, StartAgain, refused, told
from bot.gateway.requesting import Issue, RequestGateway
from bot.promotion import asked, entries, starting, weighing
from bot.promotion.asked import LABEL
from bot.promotion.deciding import Begun, NoRequest, Weighed
from policy.problems import UserProblem
from policy.reasons import Reason
from policy.votes import Void
from reports.markdown import Markdown, put


def ask(around: Around, effect: AskFor) -> Reply:
    """Open the issue, as `opened` does, and say which."""
    made = opened(around, effect)
    return told(Reason.REQUEST_OPENED, put("See #{}.", Markdown(str(made.number))), title=effect.title)


def opened(around: Around, effect: AskFor) -> Issue:
    """Open the issue, close those that it stands in for, and write its card. The same asking opens one issue, however often.

    It stands in for what was asked for before it: an asking that comes once more ends nothing that came after.
    """
    gateway = RequestGateway.of(around.gateway)
    ours = [each for each in gateway.issues(LABEL, "all") if gateway.identity().wrote(each)]
    # What is asked for tells them apart: what the registry says of it may have changed since the first time.
    made, begun = next((each for each in ours if asked.read(each.body) == asked.read(effect.body)), None), None
    if made is None:
        made = gateway.open_issue(effect.title, effect.body, [LABEL])
        begun = Begun(made)
    for number in [each for each in effect.instead if each < made.number]:
        _superseded(around, ours, number, made.number)
        perform.perform(gateway, [CreateComment(number, f"#{made.number} asks for a newer version instead."), _over(number)])
    weighing.weigh(around, made.number, begun)
    return made


def start_again(around: Around, effect: StartAgain) -> None:
    """Weigh a request that stands already, and where its last run failed start another. What cannot be weighed stays as it is."""
    try:
        found = weighing.weigh(around, effect.number)
        if found is not None:
            starting.again(around, found, effect.key)
    except UserProblem:
        return


def vote(around: Around, number: int, comment: int | None) -> Reply:
    """Weigh a request with the comment that is handled, and say whether that counts. The rest stands on the card."""
    try:
        found = weighing.weigh(around, number)
    except NoRequest as problem:
        return refused(Reason.REQUEST_NONE, what=problem.what)
    except UserProblem as problem:
        return refused(Reason.REQUEST_UNWEIGHED, what=str(problem))
    if found is None:
        return refused(Reason.REQUEST_CLOSED)
    if found.asked.rollback:
        return refused(Reason.ROLLBACK_VOTES)
    void = _void(found, comment)
    if void is not None:
        return refused(void.reason, **void.values)
    return told(Reason.VOTE_HEARD, quiet=True)


def _void(found: Weighed, comment: int | None) -> Void | None:
    return next((each for each in found.decision.void if each.vote.comment == comment), None)


def _superseded(around: Around, ours: Sequence[Issue], number: int, by: int) -> None:
    """Enter that a request gives way to a newer one. Where the ledger cannot be written it does so all the same."""
    issue = next((each for each in ours if each.number == number), None)
    found = asked.read(issue.body) if issue is not None else None
    if issue is not None and found is not None:
        with suppress(UserProblem):
            perform.perform(around.gateway, [entries.superseded(issue, found, around.repository.id, by)])


def _over(number: int) -> CloseIssue:
    return CloseIssue(number, "not_planned")
