"""Which holds and waivers stand on a pull request, read anew from its comments each time.

Nothing is remembered: a decision is a comment that a person wrote, that nobody edited since, and whose author may decide it now.
One who lost the right since then, whose comment was deleted, or whose right cannot be found out, waives nothing; a hold of
somebody whose right cannot be found out stands, because standing is the safe side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import people
from bot.commands import DECLARED, hold, unhold, waive
from bot.gateway.records import IssueComment, PullRequest
from bot.grammar import spoken
from bot.grammar.names import Prefix
from policy.document import Policy
from policy.governance import NOTHING, Decided, Hold, Waiver
from policy.roles import Standing, is_bot

_DECIDING = ("hold", "unhold", "waive")


@dataclass(frozen=True)
class Spoken:
    """One deciding command, and the comment it stands in."""

    name: str
    arguments: Any
    comment: IssueComment


def deciding(comments: Sequence[IssueComment], prefix: bool = False) -> list[Spoken]:
    """The commands that decide something, in their order: unedited ones, of people. With `prefix` only `/assay hold` is one."""
    return list(_deciding(comments, Prefix(mandatory=prefix)))


def _deciding(comments: Sequence[IssueComment], prefix: Prefix) -> Iterator[Spoken]:
    for comment in comments:
        login = comment.author_login
        if login is None or comment.author_id is None or is_bot(login, comment.author_type) or comment.edited:
            continue
        found = spoken.read(comment.body, DECLARED, prefix)
        # All of a comment is done or nothing, so one line that is no command takes the others with it.
        if found.mistakes:
            continue
        for command in found.commands:
            if command.name in _DECIDING:
                yield Spoken(command.name, command.arguments, comment)


def decided(
    reads: people.Reads,
    comments: Sequence[IssueComment],
    pull: PullRequest,
    policy: Policy,
    today: date,
    prefix: bool = False,
) -> Decided:
    """What stands. Asks GitHub only about the authors of decisions; nothing where there are none."""
    found = deciding(comments, prefix)
    if not found:
        return NOTHING
    standings = {each.comment.author_id: _standing(reads, each.comment, policy) for each in found}
    holds: list[Hold] = []
    waivers: list[Waiver] = []
    for each in found:
        who = standings[each.comment.author_id]
        login = each.comment.author_login or ""
        if each.name == "hold" and (who is None or who.may(may(policy, "hold", hold.WHO))):
            holds.append(Hold(login, each.arguments.because or ""))
        elif each.name == "unhold" and who is not None and who.may(may(policy, "unhold", unhold.WHO)):
            holds.clear()
        elif each.name == "waive" and who is not None and _waives(each, who, pull, policy):
            waivers.append(Waiver(each.arguments.gate, login, each.arguments.because, each.arguments.until))
    return Decided(tuple(holds[-1:]), tuple(waivers), today)


def may(policy: Policy, command: str, default: str) -> str:
    """The level or role that a command takes."""
    return policy.commands.who.get(command, default) if policy.commands else default


def _standing(reads: people.Reads, comment: IssueComment, policy: Policy) -> Standing | None:
    wanted = {may(policy, name, command.WHO) for name, command in (("hold", hold), ("unhold", unhold), ("waive", waive))}
    try:
        return people.standing(reads, comment.author_id or 0, comment.author_login or "", wanted, policy.roles)
    except people.Unknown:
        return None


def _waives(each: Spoken, who: Standing, pull: PullRequest, policy: Policy) -> bool:
    written = datetime.fromisoformat(each.comment.created_at).date()
    lasts = (each.arguments.until - written).days
    return who.may(may(policy, "waive", waive.WHO)) and lasts <= waive.most(policy) and who.id != pull.author_id
