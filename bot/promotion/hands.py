"""Who pushed last what is asked for, and who started the runs it came of. Read only where the policy keeps them from approving.

The pull request is that which the version's commit came by; where it came by none, the default branch itself was pushed. Runs are
those of `assay-main.yml` for that commit; a training that somebody asked for in a comment counts by the commit which it left.
"""

import re
from collections.abc import Collection, Sequence

from bot.around import MAIN
from bot.gateway.problems import NotThere
from bot.gateway.requesting import Commit, Head, RequestGateway
from policy.votes import Involved

_REQUEST = re.compile(r"^Assay-Request: (?P<comment>[1-9][0-9]{0,18})(?:-[0-9]{1,4})?$", re.ASCII | re.MULTILINE)
MOST_REQUESTS = 20
"""Trainings in comments that are looked up; each is a request."""


def hands(
    gateway: RequestGateway, sha: str, branch: str, commits: Sequence[Commit], forbid: Collection[str]
) -> list[Involved] | None:
    """Those of `pusher` and `starter` that `forbid` names, of the version's commit; None where that cannot be told.

    `branch` is the default one; `commits` are all that is asked for. Raises OutsideProblem where GitHub does not answer.
    """
    pushed = _pushers(gateway, sha, branch) if "pusher" in forbid else []
    if pushed is None:
        return None
    started = _starters(gateway, sha, commits) if "starter" in forbid else []
    return None if started is None else [*pushed, *started]


def _pushers(gateway: RequestGateway, sha: str, branch: str) -> list[Involved] | None:
    found: list[Involved] = []
    for head in gateway.heads_merged_with(sha) or [Head(gateway.full_name, branch, sha)]:
        who = gateway.pusher(head) if head.repository is not None else None
        if who is None:
            return None
        found.append(Involved("pusher", who.id, who.login))
    return found


def _starters(gateway: RequestGateway, sha: str, commits: Sequence[Commit]) -> list[Involved] | None:
    people = gateway.starters(MAIN, sha)
    if people is None:
        return None
    found = [Involved("starter", each.id, each.login) for each in people]
    me = gateway.identity().login.lower()
    ours = [each for each in commits if each.author.login.lower() == me]
    comments = dict.fromkeys(int(told["comment"]) for each in ours for told in _REQUEST.finditer(each.message))
    if len(comments) > MOST_REQUESTS:
        return None
    for id in comments:
        try:
            said = gateway.comment(id)
        except NotThere:
            return None
        if said.author_id is None:
            return None
        found.append(Involved("starter", said.author_id, said.author_login or ""))
    return found
