"""What names a run of `/retrain` or `/tune` beside its asking: the issue whose answer is to tell what it took. Pure.

It stands in the title of the run, and only where the policy has `cost`: without one nobody looks for that answer.
"""

import re
from dataclasses import dataclass
from typing import Literal

_TITLE = re.compile(
    r"assay (?P<command>retrain|tune) (?P<key>[1-9][0-9]{0,18}-[0-9]{1,4}) #(?P<number>[1-9][0-9]{0,11})(?: full)?", re.ASCII
)


@dataclass(frozen=True)
class Asked:
    """The command of a run, its asking (comment and place in it), and the issue or pull request of that comment."""

    command: Literal["retrain", "tune"]
    key: str
    number: int

    @property
    def comment(self) -> int:
        """The id of the comment that asked for it."""
        return int(self.key.partition("-")[0])


def named(key: str, number: int) -> str:
    """What a run is given as its request, so that whoever sees its title finds the answer to write under."""
    return f"{key} #{number}"


def titled(title: str) -> Asked | None:
    """What a run's title says; None where it is of another run, or of one that nobody waits for."""
    found = _TITLE.fullmatch(title)
    if found is None:
        return None
    return Asked("retrain" if found["command"] == "retrain" else "tune", found["key"], int(found["number"]))
