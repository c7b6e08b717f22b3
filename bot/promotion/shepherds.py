"""Who merged and who approved, as a pull request, what is asked for. Read only where the policy keeps them from approving it.

GitHub is asked for the pull request of each commit, so this is bounded: of more commits than that nobody is told to have had no
part.
"""

from collections.abc import Collection, Sequence

from bot.gateway.requesting import Commit, RequestGateway
from policy.votes import Involved

MOST_COMMITS = 60
"""Commits that are looked at; each is a request, and so are two for each of their pull requests."""
_ASKED = frozenset({"merger", "reviewer"})


def shepherds(gateway: RequestGateway, commits: Sequence[Commit], forbid: Collection[str]) -> list[Involved] | None:
    """Those of `merger` and `reviewer` that `forbid` names; None where there are too many commits to tell.

    Raises OutsideProblem where GitHub does not answer.
    """
    wanted = _ASKED & set(forbid)
    shas = dict.fromkeys(each.sha for each in commits)
    if not wanted:
        return []
    if len(shas) > MOST_COMMITS:
        return None
    pulls = dict.fromkeys(number for sha in shas for number in gateway.pulls_merged_with(sha))
    found: list[Involved] = []
    for number in pulls:
        merger = gateway.merged_by(number) if "merger" in wanted else None
        if merger is not None:
            found.append(Involved("merger", merger.id, merger.login))
        if "reviewer" in wanted:
            found += [Involved("reviewer", each.id, each.login) for each in gateway.approvers(number)]
    return list(dict.fromkeys(found))
