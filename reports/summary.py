"""The summary of a job: the comment's story with more room."""

from collections.abc import Mapping

from policy.facts import Facts
from policy.verdict import Verdict
from reports import templating
from reports.folding import fit
from reports.story import Story, tell

GITHUB_LIMIT = 1024 * 1024
LIMIT = 1_000_000
"""Bytes of a summary; GitHub drops a longer one whole."""
_MORE = 20
"""How many times more rows than a comment a section may have."""


def render(facts: Facts, verdict: Verdict, *, templates: Mapping[str, str] | None = None) -> str:
    """The summary's Markdown, at most `LIMIT` bytes. Raises UserProblem where a template of the repository's does not work."""

    def draw(story: Story) -> str:
        return templating.render("summary.md.j2", {"story": story}, templates)

    return fit(tell(facts, verdict, examples=10), LIMIT, draw, caps=_MORE)
