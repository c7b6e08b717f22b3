"""The page that `make demo` writes: every branch with its verdict, and its comment as GitHub would show it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policy.facts import Facts
from policy.result import Status
from policy.verdict import Verdict
from reports import github, numbers
from reports.html import after_opening, environment, stylesheet
from reports.story import tell


@dataclass(frozen=True, slots=True)
class Entry:
    """One branch of the demo.

    `story` says in a sentence what the branch does. `comment` is the Markdown that its pull request would show, `report` the
    path of its `report.html` relative to the gallery.
    """

    branch: str
    story: str
    facts: Facts
    verdict: Verdict
    comment: str
    report: str

    @property
    def status(self) -> Status:
        """The verdict; a change with nothing to check may be merged."""
        found = self.verdict.result.status
        return Status.PASSED if found is Status.SKIPPED else found

    @property
    def reason(self) -> Markup:
        """Why, in a sentence."""
        return after_opening(tell(self.facts, self.verdict).headline.sentence)

    @property
    def shown(self) -> Markup:
        """The comment as GitHub would show it."""
        return github.to_html(self.comment)


_WORDS = {Status.PASSED: "may be merged", Status.WARNED: "may be merged, have a look", Status.FAILED: "not ready to merge"}


def render(entries: Sequence[Entry], *, title: str = "Assay on a real project", base: str = "main") -> str:
    """The page as HTML: an index of the branches, then a pull request each. No script, no request."""
    template = environment().get_template("gallery.html.j2")
    counts = {status: sum(each.status is status for each in entries) for status in _WORDS}
    told = ", ".join(f"{numbers.count(amount)} {_WORDS[status]}" for status, amount in counts.items() if amount)
    return template.render(
        style=stylesheet("page.css", "github.css", "gallery.css"),
        entries=entries,
        title=title,
        base=base,
        words=_WORDS,
        told=told,
    )
