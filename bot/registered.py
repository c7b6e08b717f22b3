"""What the bot asks of a registry, where its home has one. The home brings it: nothing here knows MLflow."""

from collections.abc import Callable
from typing import Protocol

from policy.lineage import Lineage


class Registered(Protocol):
    """A registry of models."""

    def lineage(self, name: str) -> Lineage:
        """The lineage of `MODEL@VERSION` or `MODEL@alias`.

        Raises:
            UserProblem: the registry does not know it.
            OutsideProblem: the registry cannot be reached.
        """


Registries = Callable[[str], Registered | None]
"""Which registry is that of a repository, by owner/name; None where it has none, or none that people there may look into."""


def nowhere(full_name: str) -> Registered | None:
    """No repository has one."""
    return None
