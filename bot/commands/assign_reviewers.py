"""Asks the owners of the data that differs for their review."""

from dataclasses import dataclass
from typing import Protocol

from bot.commands.command import Request
from bot.effects import Effect, RequestReviewers, told
from bot.reviewing import reviewers
from policy.reasons import Reason

WHO = "triage"
WHERE = "pull request"
DRAFTS = False
EXAMPLES = ("/assign-reviewers",)


@dataclass(frozen=True)
class Arguments:
    """It takes no arguments."""


@dataclass(frozen=True)
class Present:
    """The files that the pull request changes."""

    files: tuple[str, ...]


class Reads(Protocol):
    """What is asked of the gateway."""

    def changed_files(self, number: int) -> list[str]:
        """The names of the files that a pull request changes."""


def look(reads: Reads, request: Request, arguments: Arguments) -> Present:
    """What differs."""
    return Present(tuple(reads.changed_files(request.number)))


def decide(request: Request, arguments: Arguments, present: Present) -> list[Effect]:
    """Whoever owns a data set that differs, but for the author and those who are asked already."""
    aside = (*request.head.reviewers, request.head.author_login or "")
    found = reviewers(request.policy.data, present.files, request.repository.full_name, aside)
    if not found.owners:
        return [told(Reason.NO_OWNERS)]
    if not found.any:
        return [told(Reason.REVIEWERS_ASKED, who=", ".join(found.owners), quiet=True)]
    order = RequestReviewers(request.number, found.users, found.teams)
    return [order, told(Reason.REVIEWERS_ASKED, who=", ".join((*found.users, *found.teams)), quiet=True)]
