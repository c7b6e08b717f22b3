"""What becomes of data that arrives: whether the new versions of imports are taken in, and the record that says so.

Only what the policy promises of data can refuse it. Data that drifted is taken in: it is what there is now, and the check of the
change that commits it judges its drift.
"""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field

from policy import verdict
from policy.document import Policy
from policy.facts import Facts
from policy.models import Name, Record, Text
from policy.reasons import Reason
from policy.result import Result, Status, Value, worst

PARTS: frozenset[Literal["data", "drift"]] = frozenset({"data", "drift"})
"""The parts of a check that arriving data is judged by."""
MOST = 1_000
"""Imports in one record."""


class ImportVersion(Record):
    """One version of an import, as its `.dvc` file records it; what the file does not say is None.

    `digest` and `size` (bytes) are of the data here, `revision` is the commit of the repository it came from, `etag` what its
    place calls the version (an ETag, a checksum, a version id).
    """

    digest: Name | None = None
    size: int | None = None
    revision: Name | None = None
    etag: Name | None = None


class ImportFacts(Record):
    """An import before and after it was brought up to date. `source` is where it comes from, without credentials."""

    path: Name
    file: Name
    source: Text = ""
    before: ImportVersion
    after: ImportVersion

    @property
    def changed(self) -> bool:
        """Whether its bytes are others. A new revision of the source that holds the same bytes is no news."""
        return self.before.digest != self.after.digest


class Outcome(StrEnum):
    """What became of it. `rejected` means that the work tree is as it was."""

    UNCHANGED = "unchanged"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Refresh(Record):
    """The record of one refresh on top of the commit `sha`; under `result` stand the parts `data` and `drift`.

    `owners` answer for the data sets that are new, by `data.owner` of the policy.
    """

    schema_version: Literal[1] = 1
    sha: Name
    outcome: Outcome
    imports: Annotated[list[ImportFacts], Field(max_length=MOST)]
    owners: Annotated[list[Name], Field(max_length=MOST)] = []
    result: Result


def unchanged(sha: str, imports: list[ImportFacts]) -> Refresh:
    """The record where no import has anything new."""
    values: dict[str, Value] = {"count": len(imports)}
    said = Result(name="refresh", status=Status.PASSED, reason=Reason.REFRESH_UNCHANGED, values=values)
    return Refresh(sha=sha, outcome=Outcome.UNCHANGED, imports=imports, result=said)


def decide(policy: Policy, facts: Facts, imports: list[ImportFacts]) -> Refresh:
    """Whether the changed ones of the imports are taken in, by the facts of a check that has them in its work tree."""
    data, drift = (
        next(part for part in verdict.decide(policy, facts, only=PARTS).result.children if part.name == name)
        for name in ("data", "drift")
    )
    new = [each.path for each in imports if each.changed]
    children = [data, drift, *(_unwatched(path) for path in new if not _watched(policy, path))]
    owners = list(
        dict.fromkeys(each.owner for each in policy.data if each.owner and any(_touch(each.path, path) for path in new))
    )
    values: dict[str, Value] = {"imports": _listed(new), "owners": ", ".join(owners)[:500] or "whoever makes the data"}
    if data.status is Status.FAILED:
        first, *others = data.causes()
        more = f"; and {len(others)} more" if others else ""
        values |= {"why": f"{first.why}{more}"[:1_900], "next": first.advice[:1_900]}
        status, reason, outcome = Status.FAILED, Reason.REFRESH_REJECTED, Outcome.REJECTED
    else:
        quiet = worst(children) in (Status.PASSED, Status.SKIPPED)
        status = Status.PASSED if quiet else Status.WARNED
        reason = Reason.REFRESH_ACCEPTED if quiet else Reason.REFRESH_ACCEPTED_LOOK
        outcome = Outcome.ACCEPTED
    result = Result(name="refresh", status=status, reason=reason, values=values, children=children)
    return Refresh(sha=facts.revision.head, outcome=outcome, imports=imports, owners=owners, result=result)


def _listed(paths: list[str]) -> str:
    shown = ", ".join(path[:200] for path in paths[:8])
    return f"{shown}, and {len(paths) - 8} more" if len(paths) > 8 else shown


def _watched(policy: Policy, path: str) -> bool:
    return any(_touch(section.path, path) for section in policy.data)


def _touch(one: str, other: str) -> bool:
    """Whether one path is, holds or lies in the other."""
    first, second = PurePosixPath(one), PurePosixPath(other)
    return first.is_relative_to(second) or second.is_relative_to(first)


def _unwatched(path: str) -> Result:
    return Result(name=path, status=Status.WARNED, reason=Reason.REFRESH_UNWATCHED, values={"path": path})
