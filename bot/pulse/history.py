"""The versions of a model with what is known of their metrics, asked of the registry."""

from collections.abc import Sequence

from bot.registered import Registered
from policy.lineage import Step
from policy.problems import UserProblem
from policy.pulse.series import MOST, Version, version


def read(registry: Registered, model: str) -> list[Version]:
    """All versions, the newest with their facts. Raises OutsideProblem where the registry cannot be reached."""
    return with_facts(registry, registry.versions(model))


def with_facts(registry: Registered, steps: Sequence[Step]) -> list[Version]:
    """Versions in their order, the newest with their facts, where those are to be had."""
    return [version(each, _facts(registry, each) if index >= len(steps) - MOST else None) for index, each in enumerate(steps)]


def _facts(registry: Registered, step: Step) -> bytes | None:
    if step.origin is None:  # nothing says which facts would be its own
        return None
    try:
        return registry.facts(step)
    except UserProblem:  # too much, or not for us: it has none to read
        return None
