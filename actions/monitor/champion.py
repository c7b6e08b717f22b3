"""The version that an alias of the registry points to, whose data production is compared with: as it was at its own commit."""

from dataclasses import dataclass

from actions.registry.client import Registry
from actions.registry.history import lineage_of
from policy.problems import UserProblem


@dataclass(frozen=True)
class Champion:
    """A version, and the commit that it was registered from."""

    version: int
    sha: str


def champion(registry: Registry, model: str, alias: str) -> Champion:
    """The version that has an alias now.

    Raises:
        UserProblem: no version has it, or nobody can tell from that version what it was made of.
        OutsideProblem: the registry cannot be reached.
    """
    step = lineage_of(registry, f"{model}@{alias}").step
    if step.origin is None:
        what = f"version {step.version} has no origin ({step.faults[0] if step.faults else 'its tags are gone'})"
        raise UserProblem(what, f"{model}@{alias}", "Promote a version that `assay register` made, or name a --reference")
    return Champion(step.version, step.origin.code_sha)
