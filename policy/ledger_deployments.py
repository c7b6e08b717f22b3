"""The ledger against GitHub's deployments: each promotion left one of each, and the last of both are the same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policy.ledger import Decision, Entry, Fault

_MOVES = (Decision.PROMOTED, Decision.ROLLED_BACK)


@dataclass(frozen=True)
class Deployed:
    """A deployment that a promotion left. Their ids count up; `by` made it, `request` and `approved` say what it came of."""

    id: int
    by: str
    at: datetime
    model: str
    version: str
    environment: str
    commit: str
    request: int | None
    approved: str

    def is_of(self, entry: Entry) -> bool:
        """Whether it is the deployment of an entry: of the same request for the same, down to the digest of what was approved."""
        about = entry.subject
        mine = (self.model, self.version, self.environment, self.request, self.commit, self.approved)
        return mine == (
            about.model,
            about.version,
            about.environment,
            about.number,
            entry.digests.code,
            entry.inputs.get("approved"),
        )


def compare(entries: Iterable[Entry], deployments: Iterable[Deployed]) -> Fault | None:
    """The first entry that has no deployment, or after which something was deployed of which no entry tells.

    What was deployed before the ledger began is none of its business.
    """
    every = list(entries)
    moves = [each for each in every if each.decision in _MOVES]
    since = datetime.fromisoformat(every[0].time) if every else None
    found = sorted(deployments, key=lambda each: each.id)
    there = {(each.model, each.environment, each.approved): each for each in found}
    faults = [Fault(each.sequence, _missing(each)) for each in moves if not _has(each, there)]
    last = {(each.subject.model, each.subject.environment): each for each in moves}
    for where, newest in {(each.model, each.environment): each for each in found}.items():
        entry = last.get(where)
        before = entry is None and (since is None or newest.at < since)
        if not before and (entry is None or not newest.is_of(entry)):
            faults.append(Fault(entry.sequence if entry else len(every) + 1, _untold(newest, entry)))
    return min(faults, key=lambda each: each.sequence, default=None)


def _has(entry: Entry, there: dict[tuple[str, str, str], Deployed]) -> bool:
    found = there.get((entry.subject.model, entry.subject.environment, str(entry.inputs.get("approved"))))
    return found is not None and found.is_of(entry)


def _missing(entry: Entry) -> str:
    about = entry.subject
    said = f"it put version {about.version} of {about.model} into {about.environment} for #{about.number}"
    return f"{said}, and GitHub has no deployment of that"


def _untold(newest: Deployed, entry: Entry | None) -> str:
    said = f"deployment {newest.id} by {newest.by} put version {newest.version} of {newest.model} into {newest.environment}"
    return f"{said}{' after it' if entry else ''}, and no entry tells of that"
