"""The share of the trials that one of several workers makes."""

import re
from dataclasses import dataclass
from typing import Self

from policy.problems import UserProblem

_WRITTEN = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


@dataclass(frozen=True)
class Share:
    """One of so many equal shares, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """A share as it is written: `2/3` is the second of three.

        Raises:
            UserProblem: it is not written so, or there is no such share.
        """
        found = _WRITTEN.fullmatch(text)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            raise UserProblem("this is no share of the trials", "--worker", "Write 2/3 for the second worker of three")
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> bool:
        """Whether what only one worker may do is up to this one."""
        return self.number == 1

    def part(self, trials: int) -> int:
        """How many of the trials it makes; the parts of all workers are all of them, and differ by one at most."""
        return trials // self.of + (self.number <= trials % self.of)
