"""What happened in a registry around the process: aliases that no promotion moved, and versions that nobody registered. Pure.

An alias that is called like an environment belongs to the process: it points to what was promoted there last, and to nothing
before the first promotion. A version belongs to it where its tags hold an origin.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.approvals import Promotion
from policy.environments import Environment, OnOutsideMove
from policy.lineage import Step

NEW = timedelta(days=7)
"""How young a version from outside is that is still told of. What is older was there before anybody looked."""


@dataclass(frozen=True)
class Move:
    """The alias of an environment points to `version`, and `promoted` is what was promoted there last; None for nothing."""

    environment: str
    version: int | None
    promoted: int | None
    act: OnOutsideMove

    @property
    def reverts(self) -> bool:
        """Whether it is to be set back, and there is something to set it back to."""
        return self.act == "revert" and self.promoted is not None


def moves(steps: Iterable[Step], environments: Mapping[str, Environment], promotions: Sequence[Promotion]) -> list[Move]:
    """The aliases that do not point to what was promoted last. `steps` are all versions, `promotions` the oldest first.

    Somebody who lets an alias point to an earlier promotion moved it around the process too.
    """
    present = {alias: step.version for step in steps for alias in step.aliases}
    last = {each.environment: _number(each.version) for each in promotions}
    found = (Move(name, present.get(name), last.get(name), each.on_outside_move) for name, each in environments.items())
    return [each for each in found if each.version != each.promoted]


def strangers(steps: Iterable[Step], now: datetime) -> list[Step]:
    """The versions without an origin that were made within `NEW`, the newest first."""
    found = [each for each in steps if each.origin is None and now - each.created <= NEW]
    return sorted(found, key=lambda each: each.version, reverse=True)


def _number(version: str) -> int | None:
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 19 else None
