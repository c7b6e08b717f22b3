"""The pages of `assay serve`: a frame with who is signed in and where one is, and a sheet that each page fills.

The sheet is HTML that is already safe: what users wrote goes through `name`, `words` or autoescape. No script, and no style or
picture from elsewhere; the header POLICY forbids everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from markupsafe import Markup

from policy.result import Result, Status
from reports.html import environment, mark, plain, stylesheet
from reports.panels.block import Block

POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of every page."""
EMPTY = Markup("")
_FOOTER = "What you see is what your GitHub account may see. These pages change nothing."


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several pages, and whether it is this one."""

    label: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A line above everything else."""

    status: Status
    said: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits for people: how it stands, what to say, and its rules as trees."""

    title: Markup
    status: Status
    state: Markup
    notes: tuple[Markup, ...] = ()
    say: str = ""
    parts: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a page. `empty` and `hint` say, where there is nothing, what to do so that there is."""

    title: str
    intro: Markup = EMPTY
    notices: tuple[Notice, ...] = ()
    actions: tuple[Tab, ...] = ()
    choices: tuple[Tab, ...] = ()
    cards: tuple[Card, ...] = ()
    blocks: tuple[Block, ...] = ()
    empty: str = ""
    hint: Markup = EMPTY
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Who is signed in, and where one is. Without a `login` nobody is."""

    login: str = ""
    csrf: str = field(default="", repr=False)
    repository: str = ""
    tabs: tuple[Tab, ...] = ()
    footer: str = _FOOTER


def render(sheet: Sheet, frame: Frame) -> str:
    """A page as HTML."""
    return environment().get_template("pages.html.j2").render(sheet=sheet, frame=frame)


@cache
def style() -> str:
    """The style sheet of all pages."""
    return str(stylesheet("page.css", "pages.css"))


def words(source: str, limit: int = 400) -> Markup:
    """What a user wrote, as plain words."""
    return Markup("{}").format(plain(source, limit))


def link(label: str | Markup, address: str) -> Markup:
    """A link to a page of ours or of GitHub's; what is no such address stays words."""
    if not address.startswith(("/", "https://", "http://")) or address.startswith("//"):
        return Markup("{}").format(label)
    return Markup('<a href="{}">{}</a>').format(address, label)


def when(moment: datetime | None, missing: str = "not known") -> Markup:
    """A moment, in UTC and to the minute."""
    if moment is None:
        return Markup('<span class="where">{}</span>').format(missing)
    there = moment.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        there.strftime("%Y-%m-%dT%H:%M:%SZ"), there.strftime("%Y-%m-%d %H:%M UTC")
    )


def marked(status: Status, said: str | Markup) -> Markup:
    """A mark and the words that say the same."""
    return Markup("{} {}").format(mark(status), said)


def listed(items: Sequence[str | Markup], nothing: str = "nobody") -> Markup:
    """Several things in a row."""
    return Markup(", ").join(Markup("{}").format(each) for each in items) if items else Markup("{}").format(nothing)
