"""Asks the owners of the data that differs for their review."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from bot.commands.command import Request
from bot.effects import Effect, RequestReviewers, told
from policy.data import Dataset
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
    owners = {each.owner for each in request.policy.data if each.owner and _differs(each, present.files)}
    asked = {name.lower() for name in (*request.head.reviewers, request.head.author_login or "")}
    users = sorted(owner for owner in owners if not owner.startswith("@") and owner.lower() not in asked)
    organisation = request.repository.full_name.partition("/")[0].lower()
    pairs = sorted(owner.removeprefix("@").split("/", 1) for owner in owners if owner.startswith("@") and "/" in owner)
    # GitHub asks only teams of the repository's own organisation.
    teams = [slug for owner, slug in pairs if owner.lower() == organisation and slug.lower() not in asked]
    if not owners:
        return [told(Reason.NO_OWNERS)]
    if not users and not teams:
        return [told(Reason.REVIEWERS_ASKED, who=", ".join(sorted(owners)), quiet=True)]
    order = RequestReviewers(request.number, tuple(users), tuple(teams))
    return [order, told(Reason.REVIEWERS_ASKED, who=", ".join((*users, *teams)), quiet=True)]


def _differs(section: Dataset, files: tuple[str, ...]) -> bool:
    """Whether a data set changed, itself or in what tracks it. A stage's out changes with `dvc.lock`."""
    path = PurePosixPath(section.path)
    for name in files:
        file = PurePosixPath(name)
        if file == path or path in file.parents or name == f"{section.path}.dvc" or file.name == "dvc.lock":
            return True
    return False
