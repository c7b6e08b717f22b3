"""What is open beside the ledger: findings in production, gaps between groups, contracts to look over. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy import fairness, vigil
from policy.document import Policy
from policy.pulse.forecast import due
from policy.pulse.risks import NOBODY, Kind, Risk
from policy.pulse.series import Version
from policy.result import Status
from policy.vigil_history import Look

AHEAD = timedelta(days=30)
"""So long before its day a contract is named."""


@dataclass(frozen=True)
class Production:
    """What was seen in production, the oldest look first, and the number of the open issue about it, where there is one."""

    looks: Sequence[Look] = ()
    issue: int | None = None


NOTHING_SEEN = Production()


def findings(policy: Policy, production: Production, versions: Sequence[Version], now: datetime) -> list[Risk]:
    """What is open at a moment, in no order.

    Args:
        versions: the registered ones; the newest whose facts are known says what gaps there are between groups.
    """
    return [*_production(policy, production, now), *_fairness(policy, versions), *_contracts(policy, now)]


def _production(policy: Policy, production: Production, now: datetime) -> Iterator[Risk]:
    """What made the issue about production open, until so many clean looks as the policy asks; and that nobody looks any more."""
    watch = policy.watch
    if watch is None or policy.model is None or not production.looks:
        return
    owner = f"the role {watch.tell}" if watch.tell else NOBODY
    name, newest = policy.model.name, production.looks[-1]
    found = vigil.stage(watch, production.looks)
    if found.kind == "risen" and found.cause is not None:
        worst = vigil.weight(newest.severity) >= vigil.weight(watch.limit) and newest.result
        what = f": {newest.result.why}" if worst and newest.result else ""
        about = f"{name}, severity {found.top.value}{what}"
        yield Risk(Kind.DRIFT, about, owner, found.cause.moment, None, production.issue, f"drift-{found.cause.digest}")
    late = vigil.late(watch, production.looks, now)
    if late is not None:
        end = late.moment + watch.every + watch.late_after
        about = f"nobody has looked at {name} since {late.moment:%Y-%m-%d}"
        yield Risk(Kind.SILENCE, about, owner, late.moment, end, production.issue, f"silence-{late.digest}")


def _fairness(policy: Policy, versions: Sequence[Version]) -> Iterator[Risk]:
    """The gaps between groups that the newest version has, where its facts are known: waived, warned of, or let pass."""
    section = policy.evaluate.fairness if policy.evaluate else None
    newest = max((each for each in versions if each.evaluation is not None), key=lambda each: each.number, default=None)
    if section is None or newest is None:
        return
    result = fairness.decide(section, newest.evaluation)
    for each in result.children or [result]:
        if each.status in (Status.FAILED, Status.WARNED):
            about, key = f"version {newest.number}: {each.why}", f"fairness-{section.by}-{each.reason.value}-{each.name}"
            yield Risk(Kind.FAIRNESS, about, section.owner or NOBODY, newest.at, None, newest.pull, key)


def _contracts(policy: Policy, now: datetime) -> Iterator[Risk]:
    """Contracts whose day to be looked over has come near, or is past."""
    for each in policy.data:
        if each.contract is not None and each.review_by is not None:
            end = due(each.review_by)
            if end - now <= AHEAD:
                about, key = f"{each.contract} of {each.path}", f"contract-{each.path}-{each.review_by}"
                yield Risk(Kind.CONTRACT, about, each.owner or NOBODY, end - AHEAD, end, None, key)
