"""The two kinds of problem: what the reader can mend, and what the world did to us.

Each is one line with what, where and what to do next; the exit codes are those of the README.
"""

from dataclasses import dataclass


@dataclass
class Problem(Exception):
    """Something that stops the work, told in three parts.

    `what` went wrong, `where` (file, line, key, address; may be empty), and what to do `next`.
    """

    what: str
    where: str = ""
    next: str = ""

    exit_code = 2

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f". {self.next}" if self.next else ""
        return f"{place}{self.what}{advice}"


class UserProblem(Problem):
    """The reader's: usage, configuration, or a repository that is not ready. Exit code 2."""

    exit_code = 2


class OutsideProblem(Problem):
    """The world's: GitHub, a remote, a registry. A retry may help. Exit code 3."""

    exit_code = 3
