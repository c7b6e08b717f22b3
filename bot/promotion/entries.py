"""What the ledger is told of a request: who asked, objected, took that back and approved, and its end. Pure.

Each has a key that it keeps however often it is told, so that it is entered once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.effects import Enter
from bot.gateway.records import Identity, IssueComment
from bot.gateway.requesting import Issue
from bot.promotion.asked import Asked
from bot.promotion.deciding import Weighed
from bot.promotion.reviewing import Review
from bot.promotion.told import Noted
from policy import grounds, ledger
from policy.approvals import State
from policy.authorization import Authorization
from policy.digests import CODE_LENGTH, Subject
from policy.intrusion import Move
from policy.ledger import Comment, Decision, Digests, Draft
from policy.reasons import Reason
from policy.votes import Vote, taken_back


def standing(found: Weighed) -> list[Enter]:
    """What is to be entered of a request as it stands: that it was asked for, each objection that holds it up, and its end."""
    asked, subject, decision = found.asked, found.request.subject, found.decision
    key = f"requested-{found.issue.number}"
    begun = _enter(found.issue, subject, asked, key, Decision.REQUESTED, Reason.REQUEST_OPENED)
    # Who goes back has said why; who asks for a promotion is answered by what it is judged on.
    told = [replace(begun, because=decision.glass.because) if asked.rollback and decision.glass else begun]
    if decision.state is State.REJECTED:
        told += [_voted(found, each, Decision.REJECTED, Reason.REQUEST_REJECTED) for each in decision.objections]
    if decision.state is State.EXPIRED:
        key = f"expired-{found.issue.number}"
        told.append(_enter(found.issue, subject, asked, key, Decision.EXPIRED, Reason.REQUEST_EXPIRED))
    return told + revocations(found)


def revocations(found: Weighed) -> list[Enter]:
    """An entry for each `/revoke` that took back an approval, an objection, or the breaking of glass that counted.

    Whether or not that was entered: an approval is entered only when leave is given, so one that was taken back before that would
    leave no trace, and who reads an audit wants to know that somebody was for it first. It names the comment that it took back.
    """
    told: list[Enter] = []
    for vote, back in taken_back(found.request.votes, found.decision.void):
        inputs = {"taken_back": sorted({each.comment for each in back})}
        made = _voted(found, vote, Decision.REVOKED, Reason.VOTE_REVOKED, inputs=inputs)
        # What is asked for may change; what was taken back does not.
        key = f"revoked-{found.issue.number}-{vote.comment}"
        told.append(replace(made, draft=made.draft.model_copy(update={"key": key})))
    return told


def review(review: Review, repository: int, policy: str) -> Enter:
    """That an emergency was reviewed, by whoever closed the issue that asked for it. Closed once more is reviewed once more."""
    done, at = review.deployment.payload, datetime.fromisoformat(review.at)
    about = ledger.Subject(
        model=str(done.get("model")),
        version=str(done.get("version")),
        environment=review.deployment.environment,
        number=review.number,
    )
    draft = Draft(
        key=f"reviewed-{review.number}-{int(at.timestamp())}",
        decision=Decision.REVIEWED,
        reason=Reason.REVIEW_GIVEN.value,
        repository=repository,
        subject=about,
        digests=Digests(code=review.deployment.sha, model=str(done.get("artifact") or ""), policy=policy),
        inputs={"approved": str(done.get("digest")), "rollback": done.get("rollback") is True},
    )
    return Enter(draft, review.by.login, review.by.id or 0, since=review.at)


def approvals(found: Weighed) -> list[Enter]:
    """An entry for each vote that an approval rests on, with all that it rests on; none for a rollback, which rests on none."""
    decision = found.decision
    if found.grounds is None:
        return []
    glass = grounds.glass_vote(found.request.votes, decision)
    inputs = grounds.kept(found.grounds, decision)
    votes = [(each, Reason.REQUEST_APPROVED) for each in decision.counted]
    votes += [(glass, Reason.GLASS_PASSES)] if glass else []
    together = hashlib.sha256(repr(sorted(each.comment for each, _ in votes)).encode()).hexdigest()[:8]
    return [_voted(found, each, Decision.APPROVED, reason, together, inputs=inputs) for each, reason in votes]


def promotion(issue: Issue, asked: Asked, leave: Authorization) -> Enter:
    """That an alias was moved on a leave, which names what was approved."""
    inputs = {"approved": leave.digest, "before": leave.expected, "run": leave.run, "lock": leave.lock, "glass": leave.glass}
    code = leave.digest[:CODE_LENGTH]
    decision, reason = Decision.PROMOTED, Reason.REQUEST_PROMOTED
    if asked.rollback:
        decision, reason = Decision.ROLLED_BACK, Reason.ROLLBACK_BY
    return _enter(issue, leave.subject, asked, f"{decision}-{issue.number}-{code}", decision, reason, code=code, inputs=inputs)


def incident(issue: Issue, move: Move, about: Noted, repository: int, policy: str, me: Identity, again: bool) -> Enter:
    """That an alias points to what was not promoted, as a look of ours found it: who moved it, the registry does not tell.

    `again`: it was so before and right in between, and its issue, which is closed still, is opened again after this.
    """
    closed = f"-{int(datetime.fromisoformat(issue.updated_at).timestamp())}" if again else ""
    draft = Draft(
        key=f"incident-{issue.number}{closed}",
        decision=Decision.INCIDENT,
        reason=Reason.REGISTRY_OUTSIDE.value,
        repository=repository,
        subject=ledger.Subject(
            model=about.model, version=str(about.version or ""), environment=about.environment, number=issue.number
        ),
        digests=Digests(policy=policy),
        inputs={"promoted": move.promoted, "points": move.version, "reverts": move.reverts},
    )
    return Enter(draft, me.login, me.id or 0, since=issue.updated_at if again else issue.created_at)


def superseded(issue: Issue, asked: Asked, repository: int, by: int) -> Enter:
    """That a request is over because another, `by`, asks for a newer version."""
    about = ledger.Subject(model=asked.model, version=str(asked.version), environment=asked.environment, number=issue.number)
    draft = Draft(
        key=f"superseded-{issue.number}",
        decision=Decision.SUPERSEDED,
        reason=Reason.REQUEST_SUPERSEDED.value,
        repository=repository,
        subject=about,
        inputs={"by": by},
    )
    return Enter(draft, asked.by, asked.by_id, since=issue.created_at)


def _voted(found: Weighed, vote: Vote, decision: Decision, reason: Reason, more: str = "", **told: Any) -> Enter:
    """An entry about what somebody said in a comment."""
    code = found.decision.code
    key = "-".join(part for part in (decision, str(found.issue.number), code, str(vote.comment), more) if part)
    draft = _draft(found.issue, found.request.subject, key, decision, reason, code=code, **told)
    draft = draft.model_copy(update={"comments": _comments(found.comments, vote.comment)})
    return Enter(draft, vote.login, vote.author or 0, vote.because, vote.at.isoformat() if vote.at else found.issue.created_at)


def _enter(issue: Issue, subject: Subject, asked: Asked, key: str, decision: Decision, reason: Reason, **told: Any) -> Enter:
    """An entry on the word of who asked."""
    return Enter(_draft(issue, subject, key, decision, reason, **told), asked.by, asked.by_id, since=issue.created_at)


def _draft(
    issue: Issue, subject: Subject, key: str, decision: Decision, reason: Reason, code: str = "", inputs: Any = None
) -> Draft:
    return Draft(
        key=key,
        decision=decision,
        reason=reason.value,
        repository=subject.repository,
        subject=ledger.Subject(
            model=subject.model, version=subject.version, environment=subject.environment, number=issue.number
        ),
        digests=Digests(
            code=subject.commit,
            tree=subject.tree,
            lock=subject.lock,
            data=ledger.digest(subject.data),
            model=subject.artifact,
            params=subject.params,
            facts=subject.facts,
            report=subject.report,
            policy=subject.policy,
            decision_code=code,
        ),
        inputs=inputs or {},
    )


def _comments(comments: Sequence[IssueComment], id: int) -> tuple[Comment, ...]:
    found = [each for each in comments if each.id == id]
    return tuple(Comment(id=each.id, digest=hashlib.sha256(each.body.encode()).hexdigest()) for each in found)
