"""The comment on a pull request: the verdict, what to do next, and as much of the why as fits."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy.facts import Facts
from policy.result import Status
from policy.verdict import Verdict
from reports import templating
from reports.card_change import Committed, with_words
from reports.exhibits import Exhibit, shown
from reports.folding import fit
from reports.markdown import Markdown, join, put
from reports.story import Story, tell

GITHUB_LIMIT = 65_536
LIMIT = 64_000
"""Bytes of a comment. Less than GitHub's limit, so that whoever posts it can add a line."""
_MARKER = re.compile(r"<!-- assay:report [A-Za-z0-9 ._:/=+-]{1,400} -->")


def render(
    facts: Facts,
    verdict: Verdict,
    *,
    templates: Mapping[str, str] | None = None,
    mark: str | None = None,
    pictures: Sequence[Exhibit] = (),
    card: Committed | None = None,
    limit: int = LIMIT,
) -> str:
    """The comment's Markdown, at most `limit` bytes whatever the input; the same facts and verdict give the same text.

    `templates` are the repository's own (name to source text), read by the caller from the base revision. `mark` is the hidden
    first line, where the caller needs another than `marker(facts)`. `pictures` stand in the last fold, those whose address is one
    of the facts' own repository. `card` is the model card that the change edits. Raises UserProblem for a template
    that does not work.
    """
    first = Markdown(_checked(mark) if mark is not None else marker(facts))

    def draw(story: Story) -> str:
        return templating.render("comment.md.j2", {"story": story, "marker": first}, templates)

    story = tell(facts, verdict)
    if card is not None:
        story = story.with_sections(with_words(story.sections, card))
    story = foldable(story)
    if pictures:
        story = story.with_sections((*story.sections, shown(pictures, facts.revision.repository or "")))
    return fit(story, limit, draw)


_MOST_FOLDS = 9


def foldable(story: Story) -> Story:
    """The story with no more folds than somebody opens. What holds gives way, and the last fold says where it is."""
    folded = [each for each in story.sections if each.folded]
    holding = [each for each in folded[:-1] if each.status is Status.PASSED]
    away = holding[max(0, len(holding) - (len(folded) - _MOST_FOLDS)) :] if len(folded) > _MOST_FOLDS else []
    if not away:
        return story
    last = folded[-1]
    named = join([Markdown(f"*{each.title}*{f' ({each.brief})' if each.brief else ''}") for each in away])
    told = replace(last, paragraphs=(*last.paragraphs, put("In the HTML report only, because it holds: {}.", named)))
    return story.with_sections(tuple(told if each is last else each for each in story.sections if each not in away))


def marker(facts: Facts) -> str:
    """The hidden first line: by it the comment is found again, and told from one about an older head."""
    head = facts.revision.head
    known = head if re.fullmatch(r"[0-9a-f]{7,64}", head) else "unknown"
    return f"<!-- assay:report v1 kind=check head={known} digest={digest(facts)} -->"


def digest(facts: Facts) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the facts."""
    return hashlib.sha256(facts.model_dump_json().encode()).hexdigest()[:16]


def _checked(mark: str) -> str:
    if not _MARKER.fullmatch(mark) or "--" in mark[4:-3]:
        raise ValueError(f"{mark!r} is not a marker")
    return mark
