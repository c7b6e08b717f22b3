"""What a comment is written on: CML's `--target`, and what `auto` means for the event that is running."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.events import Subject
from bot.gateway.records import PullRequest
from policy.problems import UserProblem

_NUMBERED = re.compile(r"(pr|issue)/([1-9]\d{0,9})\Z", re.IGNORECASE)
_COMMIT = re.compile(r"commit/([0-9a-f]{7,64})\Z", re.IGNORECASE)
_ADVICE = "Give pr, commit, pr/42, issue/1337 or commit/f00bar1"


@dataclass(frozen=True, slots=True)
class Target:
    """An issue or pull request by number, or a commit by SHA."""

    kind: Literal["issue", "commit"]
    id: str

    def page(self, comment: int) -> str:
        """The path of a comment's page within its repository."""
        if self.kind == "commit":
            return f"commit/{self.id}#commitcomment-{comment}"
        return f"issues/{self.id}#issuecomment-{comment}"


class Reads(Protocol):
    """The methods of the gateway that finding a pull request takes."""

    def pull_requests_of_commit(self, sha: str) -> Sequence[PullRequest]:
        """The open pull requests whose head this commit is. (GitHub lists every one that contains it; CML took the first.)"""

    def pull_requests_with_head(self, sha: str, head_repository_owner: str, head_ref: str) -> Sequence[PullRequest]:
        """The open pull requests whose head is this commit of this branch, from a fork too."""


def find(reads: Reads, wish: str, about: Subject) -> Target:
    """The target that is wished for, where the event is about `about`.

    `pr` and `auto` are the event's pull request, or the open one whose head its commit is; `auto` falls back to the commit.

    Raises:
        UserProblem: the wish is none of CML's, or `pr` finds no pull request, or several.
    """
    word = wish.strip().lower()
    if found := _NUMBERED.match(word):
        return Target("issue", found[2])
    if found := _COMMIT.match(word):
        return Target("commit", found[1])
    if word not in ("auto", "pr", "commit"):
        raise UserProblem(f"{wish!r} is nothing to comment on", "--target", _ADVICE)
    if word != "commit":
        number = about.number or _number(reads, about)
        if number:
            return Target("issue", str(number))
        if word == "pr":
            raise UserProblem(
                "no open pull request ends in this commit", about.sha or "--target", "Say which: --target pr/NUMBER"
            )
    if not about.sha:
        raise UserProblem("the environment names no commit", "GITHUB_SHA", _ADVICE)
    return Target("commit", about.sha)


def _number(reads: Reads, about: Subject) -> int | None:
    if not about.sha:
        return None
    found = list(reads.pull_requests_with_head(about.sha, about.owner, about.branch)) if about.owner and about.branch else []
    numbers = sorted({each.number for each in found or reads.pull_requests_of_commit(about.sha)})
    if len(numbers) > 1:
        told = ", ".join(str(number) for number in numbers)
        raise UserProblem(f"pull requests {told} all end in this commit", about.sha, "Say which: --target pr/NUMBER")
    return numbers[0] if numbers else None
