"""What the bot asks of a registry, where its home has one. The home brings it: nothing here knows MLflow."""

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
