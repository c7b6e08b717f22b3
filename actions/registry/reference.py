"""The reference's profile beside a version: an artifact of its run, named by its digest, which is also a tag of the version.

It is written before the tag. So a registration that ended between the two leaves nothing that anybody reads, and the next one
finds the same bytes in the same place.
"""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from actions.registry.client import Registry, Version
from actions.repository import Repository
from policy.document import Policy
from policy.facts import Facts
from policy.monitored import Monitor
from policy.origin import REFERENCE
from policy.problems import OutsideProblem, UserProblem

FILE = "reference.json.gz"
LARGEST = 32 << 20
"""Bytes of such a file, at most."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NEXT = "Look who changed it, or name a --reference"


@dataclass(frozen=True)
class Wanted:
    """The reference of a commit, and the columns that are said to be personal, by the policy or by a finding."""

    section: Monitor
    sha: str
    marked: frozenset[str] = frozenset()


def wanted(repository: Repository, policy: Policy, facts: Facts, sha: str) -> Wanted | None:
    """What production is to be compared with, by the policy at a full commit SHA; None where there is none, or it is not there.

    Raises OutsideProblem where telling takes a folder's listing and DVC's remote cannot be reached.
    """
    if policy.monitor is None:
        return None
    try:
        held = repository.tracked(policy.monitor.reference_path, sha)
    except UserProblem:
        held = None
    if held is None:
        return None
    allowed = (name for each in policy.data if each.personal for name in each.personal.allow)
    found = (finding.column for each in facts.data if each.personal for finding in each.personal.findings)
    return Wanted(policy.monitor, sha, frozenset((*allowed, *found)))


def digest_of(raw: bytes) -> str:
    """What the tag says of it."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def folder(digest: str) -> str:
    """Where it lies in a run's artifacts."""
    return f"reference-{digest.removeprefix('sha256:')[:12]}"


def keep(registry: Registry, run: str, raw: bytes) -> dict[str, str]:
    """Let a run hold it, and see that it does. The tag that the version is to have.

    Raises:
        UserProblem: the registry does not allow it.
        OutsideProblem: the registry cannot be reached, or keeps something else.
    """
    digest = digest_of(raw)
    if not _holds(registry, run, digest, raw):
        with tempfile.TemporaryDirectory(prefix="assay-reference-") as scratch:
            Path(scratch, FILE).write_bytes(raw)
            registry.upload(run, Path(scratch), folder(digest))
        if not _holds(registry, run, digest, raw):
            raise OutsideProblem("the profile of the reference did not arrive as it is", f"run {run}", "Try again")
    return {REFERENCE: digest}


def read(registry: Registry, version: Version) -> bytes | None:
    """What lies there for a version, which is what its tag says; None where it has no such tag.

    Raises:
        UserProblem: it is gone, too large, or not what the tag says.
        OutsideProblem: the registry cannot be reached.
    """
    digest = version.tags.get(REFERENCE)
    if digest is None:
        return None
    where = f"{version.model}@{version.number}"
    if not _DIGEST.fullmatch(digest):
        raise UserProblem(f"the tag `{REFERENCE}` is malformed", where, _NEXT)
    if version.run is None or registry.run(version.run) is None:
        raise UserProblem("the run that holds the profile of its reference is gone", where, _NEXT)
    size = registry.files(version.run, folder(digest)).get(FILE)
    if size is None or size > LARGEST:
        told = "is gone" if size is None else f"has {size:,} bytes, which none has"
        raise UserProblem(f"the profile of its reference {told}", where, _NEXT)
    raw = registry.read(version.run, f"{folder(digest)}/{FILE}", LARGEST)
    if raw is None or digest_of(raw) != digest:
        raise UserProblem(f"the profile of its reference is not the one that the tag `{REFERENCE}` names", where, _NEXT)
    return raw


def _holds(registry: Registry, run: str, digest: str, raw: bytes) -> bool:
    if registry.files(run, folder(digest)).get(FILE) != len(raw):
        return False
    return registry.read(run, f"{folder(digest)}/{FILE}", len(raw)) == raw
