"""The version that an alias of the registry points to, whose data production is compared with: as it was at its own commit."""

from dataclasses import dataclass

from actions.monitor import stored
from actions.monitor.stored import Stored
from actions.registry import reference
from actions.registry.client import Registry
from actions.registry.history import lineage_of
from policy.problems import UserProblem


@dataclass(frozen=True)
class Champion:
    """A version, the commit that it was registered from, and what was kept of its reference; None: nothing was."""

    version: int
    sha: str
    stored: Stored | None = None


def champion(registry: Registry, model: str, alias: str) -> Champion:
    """The version that has an alias now.

    Raises:
        UserProblem: no version has it, nobody can tell from that version what it was made of, or what was kept of its reference
            is not what its tag says, or cannot be read.
        OutsideProblem: the registry cannot be reached.
    """
    step = lineage_of(registry, f"{model}@{alias}").step
    if step.origin is None:
        what = f"version {step.version} has no origin ({step.faults[0] if step.faults else 'its tags are gone'})"
        raise UserProblem(what, f"{model}@{alias}", "Promote a version that `assay register` made, or name a --reference")
    version = registry.version(model, step.version)
    raw = reference.read(registry, version) if version is not None else None
    return Champion(step.version, step.origin.code_sha, None if raw is None else _read(raw, f"{model}@{step.version}"))


def _read(raw: bytes, where: str) -> Stored:
    try:
        return stored.decode(raw)
    except ValueError as error:
        said = " ".join(str(error).split())[:300]
        what = f"the profile of its reference cannot be used: {said}"
        raise UserProblem(what, where, "Use the Assay that registered it, or name a --reference") from None
