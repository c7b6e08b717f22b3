"""What the page is laid out from: blocks of a table and figures, all of it HTML that is already safe."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from policy.result import Status
from reports import numbers
from reports.html import inline, mark, paragraphs
from reports.markdown import Markdown, visible
from reports.section import ICONS, Align, Section

OPEN_ROWS = 40
"""Rows of a table that stand open, the worst; the others are folded below them. A page must be readable before it is complete."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. A picture's column takes the room that is left."""

    title: Markup
    align: Align | Literal["picture"] = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    status: Status
    cells: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A larger picture with its words."""

    title: Markup
    picture: Markup
    caption: Markup | None = None
    status: Status = Status.PASSED


@dataclass(frozen=True, slots=True)
class Block:
    """A titled piece of the page: notes, figures, a table, and what stands after it (logs)."""

    key: str
    title: str
    brief: str = ""
    status: Status = Status.PASSED
    notes: tuple[Markup, ...] = ()
    figures: tuple[Figure, ...] = ()
    heads: tuple[Head, ...] = ()
    lines: tuple[Line, ...] = ()
    after: tuple[Figure, ...] = ()
    caption: str = ""
    folded: bool = False
    """Whether the reader has to open the whole block."""
    open_rows: int = OPEN_ROWS

    @property
    def first(self) -> tuple[Line, ...]:
        """The rows that stand open."""
        return self.lines[: self.open_rows]

    @property
    def rest(self) -> tuple[Line, ...]:
        """The rows that are folded below the others."""
        return self.lines[self.open_rows :]


def heads(*titles: str) -> tuple[Head, ...]:
    """Heads of ours, never of users: `"value>"` stands right, `"value^"` centred, `"value*"` is a picture, anything else left."""
    aligned: dict[str, Align | Literal["picture"]] = {">": "right", "^": "centre", "*": "picture"}
    return tuple(Head(Markup(title.rstrip(">^*")), aligned.get(title[-1:], "left")) for title in titles)  # noqa: S704 - literals


def from_section(section: Section, *, folded: bool = False) -> Block:
    """A section of the story as a block of the page, whole."""
    return Block(
        key=section.key,
        title=section.title,
        brief=section.brief,
        status=section.status,
        notes=tuple(_cell(each) for each in section.paragraphs),
        heads=tuple(Head(inline(column.title.source), column.align) for column in section.columns),
        lines=tuple(Line(row.status, tuple(_cell(cell) for cell in row.cells)) for row in section.rows),
        after=tuple(
            Figure(inline(block.title.source), paragraphs(block.body.source), status=block.status) for block in section.blocks
        ),
        folded=folded,
    )


_MARKS = {str(icon): mark(status) for status, icon in ICONS.items()}


def _cell(cell: Markdown) -> Markup:
    """A cell; the coloured circle that Markdown begins it with becomes our own mark. User text never begins with one bare."""
    icon, rest = cell.source[:1], cell.source[1:]
    shown = inline(rest.lstrip()) if icon in _MARKS else inline(cell.source)
    # Example rows follow each other with semicolons in a comment; here each has a line.
    lines = Markup("</code>;<br><code>").join(shown.split("</code>; <code>"))
    return Markup("{} {}").format(_MARKS[icon], lines) if icon in _MARKS else lines


def text(words: str) -> Markup:
    """Numbers and words, escaped, and with unseen characters spelled out."""
    return Markup("{}").format(visible(words))


def number(value: float | None, digits: int = 4) -> Markup:
    """A number as a cell."""
    return text(numbers.number(value, digits))
