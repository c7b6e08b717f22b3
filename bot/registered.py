"""What the bot asks of a registry, where its home has one. The home brings it: nothing here knows MLflow."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from policy.lineage import Lineage, Step


class Registered(Protocol):
    """A registry of models."""

    def lineage(self, name: str) -> Lineage:
        """The lineage of `MODEL@VERSION` or `MODEL@alias`.

        Raises:
            UserProblem: the registry does not know it.
            OutsideProblem: the registry cannot be reached.
        """

    def versions(self, model: str) -> Sequence[Step]:
        """Every version of a model with its aliases, in the order of their numbers; none where it is not known.

        Raises OutsideProblem where the registry cannot be reached.
        """

    def move(self, model: str, alias: str, number: int, expected: int | None, at: datetime) -> None:
        """Let an alias point to a version. `expected` is where it must point until then; whoever may race holds a lock.

        Raises:
            UserProblem: there is no such version, or the registry does not allow it.
            OutsideProblem: the alias points elsewhere, or the registry cannot be reached.
        """

    def facts(self, step: Step) -> bytes | None:
        """What is kept as the facts of a version, at most 5 MiB; None where nothing is. It is to be held against their digest.

        Raises:
            UserProblem: it is too much, or may not be read.
            OutsideProblem: the registry cannot be reached.
        """


Registries = Callable[[str], Registered | None]
"""Which registry is that of a repository, by owner/name; None where it has none, or none that people there may look into."""


def nowhere(full_name: str) -> Registered | None:
    """No repository has one."""
    return None
