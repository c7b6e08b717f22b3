"""Heals what was missed: commands that nobody answered, and reports that are not what they should be.

A day of downtime, an event that GitHub lost, a run that a queue of runs dropped: the present is read, and made what it should be.
"""

from datetime import timedelta

from bot import conversation, judging, locking
from bot.around import Around
from bot.commands import DECLARED
from bot.conversation import Asking
from bot.gateway.records import IssueComment
from bot.grammar import spoken
from bot.grammar.names import Prefix
from policy.problems import UserProblem
from policy.roles import is_bot

FRESH = timedelta(hours=72)
"""How old a command may be that is still done. Who asked longer ago than that has asked again, or does not want it any more."""


def sweep(around: Around) -> str:
    """Answer what was not answered, then judge what is open; the answer says how much there was."""
    asked = answer(around)
    locking.release_forgotten(around)
    failed = []
    found = around.gateway.open_pulls()
    for pull in found:
        try:
            judging.judge(around, pull.number)
        except UserProblem as problem:  # one that cannot be judged keeps no other from it
            failed.append(f"#{pull.number}: {problem.what}")
    return "; ".join([f"{asked} commands answered, {len(found)} pull requests judged", *failed])


def answer(around: Around) -> int:
    """Answer the commands that got no answer; how many that were."""
    found = unanswered(around)
    for comment, on_pull in found:
        conversation.converse(around, _asking(comment, on_pull))
    return len(found)


def unanswered(around: Around) -> list[tuple[IssueComment, bool]]:
    """The fresh comments with commands that got no answer, the oldest first, and whether each is on a pull request."""
    since = (around.clock() - FRESH).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = [each for each in around.gateway.recent_comments(since) if _waits(each, since, around.prefix)]
    if not found:
        return []
    pulls = {pull.number for pull in around.gateway.open_pulls()}
    return [(each, each.number in pulls) for each in found]


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
