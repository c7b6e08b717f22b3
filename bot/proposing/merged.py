"""The ledger's entry of a retraining that was merged by itself: once, whoever of several workers makes it.

It is made where the policy has environments, as with commands: a team that promotes nothing gets no branch by this. What was done
was said on the pull request before, so a merge whose entry a crash kept out is found by that comment.
"""

import hashlib
from collections.abc import Sequence

from bot import checks, perform
from bot.around import Around
from bot.effects import Enter
from bot.gateway.merging import Mergeable, MergeGateway
from bot.gateway.records import Identity, IssueComment
from bot.sticky import Marker, marker_of
from policy import document, merging
from policy.document import FILE_NAME, Policy
from policy.ledger import Comment, Decision, Digests, Draft, Subject
from policy.merging import Standing
from policy.problems import UserProblem
from policy.reasons import Reason
from reports import approval
from reports.markdown import EMPTY, Markdown

KIND = "merge"


def marker(repository: int, number: int, why: Reason, sha: str, about: str = "") -> Marker:
    """Of the comment about the merging of the commit `sha`; `about` is a digest of what else `why` is about."""
    return Marker(repository, number, KIND, checks.digest([why.value, about or sha]), sha)


def by_us(found: Mergeable, me: Identity) -> bool:
    """Whether our own account merged it."""
    return found.merged and found.by is not None and me.wrote(found.by)


def enter(around: Around, said: IssueComment, policy: Policy, digest: str, standing: Standing | None) -> Markdown:
    """Enter a merge of ours, of which `said` told; in words why it is not, for it is merged all the same.

    Args:
        digest: that of the policy by which it was decided; empty where that is not known any more.
        standing: how it stood then; None where whoever decided it was cut off, so that only the comment tells of it.

    Raises:
        OutsideProblem: GitHub is away: to be tried again.
    """
    try:
        perform.perform(around.gateway, [_entry(around, said, policy, digest, standing)])
    except UserProblem as problem:
        return approval.without_entry(problem.what)
    return EMPTY


def forgotten(around: Around, comments: Sequence[IssueComment]) -> list[int]:
    """Enter the merges that these comments of ours tell of, where they are not yet; the pull requests of those that are ours.

    No request where there is none.
    """
    me = around.gateway.identity()
    told = [each for each in comments if me.wrote(each) and _goes(around, each)]
    if not told:
        return []
    raw = around.gateway.file(FILE_NAME, around.repository.default_branch)
    policy = document.read(raw.decode("utf-8", "replace")) if raw is not None else Policy(version=1)
    gateway = MergeGateway.of(around.gateway)
    if not policy.environments:
        return []
    ours = [each for each in told if by_us(gateway.mergeable(each.number), me)]
    for each in ours:
        enter(around, each, policy, "", None)
    return [each.number for each in ours]


def _goes(around: Around, comment: IssueComment) -> bool:
    found = marker_of(comment.body)
    return found is not None and found == marker(around.repository.id, comment.number, Reason.MERGE_GOES, found.head)


def _entry(around: Around, said: IssueComment, policy: Policy, digest: str, standing: Standing | None) -> Enter:
    stands, me = marker_of(said.body), around.gateway.identity()
    sha = stands.head if stands else ""
    draft = Draft(
        key=f"merged-{said.number}-{sha}",
        decision=Decision.MERGED,
        reason=Reason.MERGE_GOES.value,
        repository=around.repository.id,
        subject=Subject(model=policy.model.name if policy.model else "", number=said.number),
        digests=Digests(code=sha, policy=digest),
        comments=(Comment(id=said.id, digest=hashlib.sha256(said.body.encode()).hexdigest()),),
        inputs={"standing": merging.kept(standing)} if standing is not None else {},
    )
    return Enter(draft, me.login, me.id or 0, since=said.created_at)
