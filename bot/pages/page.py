"""What a page of a repository is: a title, and what it shows of what it reads. It never writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.around import Around
from bot.gateway.glancing import GlanceGateway
from policy import document
from policy.document import FILE_NAME, Policy
from policy.problems import UserProblem
from reports.pages import Sheet

_MOST_PAGES = 1_000


@dataclass(frozen=True)
class Looking:
    """Somebody looks at a page of a repository that they may read. `query` is what the address asks for."""

    gateway: GlanceGateway
    around: Around
    query: Mapping[str, str]

    @property
    def number(self) -> int:
        """Which page of a list is wanted, from 1 on."""
        given = self.query.get("page", "1")
        return min(max(int(given), 1), _MOST_PAGES) if given.isascii() and given.isdigit() and len(given) < 6 else 1

    @property
    def address(self) -> str:
        """The repository's page on GitHub."""
        return f"{self.around.server}/{self.around.repository.full_name}"

    def policy(self) -> Policy:
        """The policy of the default branch as it is now. Raises UserProblem where there is none, or it cannot be read."""
        raw = self.gateway.file(FILE_NAME, self.around.repository.default_branch)
        if raw is None:
            raise UserProblem("there is no policy", FILE_NAME, "Write one; `assay init` proposes it")
        return document.read(raw.decode("utf-8", "replace"))

    def newer(self) -> str:
        """The address of the page before, where there is one."""
        return f"?page={self.number - 1}" if self.number > 1 else ""

    def older(self, more: bool) -> str:
        """The address of the next page, where there is more."""
        return f"?page={self.number + 1}" if more and self.number < _MOST_PAGES else ""


class Page(Protocol):
    """A page of a repository; its module's name is its address."""

    TITLE: str
    REQUESTS: int
    """How many requests to GitHub it takes at most."""

    def show(self, looking: Looking) -> Sheet:
        """What it shows. Raises UserProblem for what is not ready, OutsideProblem for what does not answer."""
