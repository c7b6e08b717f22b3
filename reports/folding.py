"""Making a story fit: what a reader of a comment can use, and never more than GitHub takes.

First every section is cut to its own cap. If that is still too long, the rows of all sections are given room in order of
importance: all that fail, then all that warn, then the rest, and among equals the sections in their order. Nothing disappears
silently: a section that lost anything says how much, and the headline, the table of parts and these lines are never cut.
"""

from collections.abc import Callable

from policy.problems import UserProblem
from reports import numbers
from reports.section import RANK, Section
from reports.story import Story

_ATTEMPTS = 8


def fit(story: Story, limit: int, draw: Callable[[Story], str], *, caps: int = 1) -> str:
    """Draw as much of a story as fits into `limit` bytes of UTF-8, which no way of counting characters exceeds.

    `caps` multiplies the rows and blocks a section may have. Raises UserProblem if even a story without rows is too long,
    which only a template of the repository's own can cause.
    """
    capped = story.with_sections(tuple(each.cut(each.cap * caps, each.block_cap * caps) for each in story.sections))
    drawn = draw(capped)
    if size(drawn) <= limit:
        return drawn
    bare = draw(_bare(capped))
    room = limit - size(bare)
    if room < 0:
        raise UserProblem(
            f"the template prints {numbers.size(size(bare))} without any row, and GitHub takes {numbers.size(limit)}",
            ".assay/templates",
            "print less of the story",
        )
    for _ in range(_ATTEMPTS):
        drawn = draw(_allotted(capped, room))
        over = size(drawn) - limit
        if over <= 0:
            return drawn
        # Ours fits at once. A template that prints rows twice needs less room a few times over.
        room = max(0, room - over - room // 4)
    return bare


def size(drawn: str) -> int:
    """Bytes of UTF-8: at least as many as code points and as UTF-16 units."""
    return len(drawn) if drawn.isascii() else len(drawn.encode())


def _bare(story: Story) -> Story:
    return story.with_sections(tuple(each.cut(0, 0) for each in story.sections))


def _allotted(story: Story, room: int) -> Story:
    """The story with the most important rows and blocks that fit into `room` bytes.

    A section loses from its end: once one of its rows does not fit, no later one is taken, so that its omission line is true.
    """
    wanted: list[tuple[int, int, int, int]] = []
    for position, section in enumerate(story.sections):
        wanted += [(RANK[each.status], position, 0, number) for number, each in enumerate(section.rows)]
        wanted += [(RANK[each.status], position, 1, number) for number, each in enumerate(section.blocks)]
    kept = [[0, 0] for _ in story.sections]
    for _, position, kind, number in sorted(wanted):
        section = story.sections[position]
        if kept[position][kind] != number:
            continue
        cost = _cost(section, kind, number)
        if cost <= room:
            room -= cost
            kept[position][kind] += 1
    return story.with_sections(tuple(each.cut(*kept[position]) for position, each in enumerate(story.sections)))


def _cost(section: Section, kind: int, number: int) -> int:
    if kind:
        block = section.blocks[number]
        return size(block.title.source) + size(block.body.source) + 8
    head = 0 if number else _head(section)
    return size(section.rows[number].line) + 1 + head


def _head(section: Section) -> int:
    return size(section.cut(1, 0).table.source) + 8
