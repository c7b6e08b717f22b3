"""How our HTML pages are set: the template environment, and user text, names and sentences as HTML.

Autoescape is always on. What users wrote goes through `name` or through autoescape, never around both.
"""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from policy.result import Result, Status
from reports import numbers, sentences
from reports.markdown import Markdown, shorten, visible

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy of every page: nothing runs and nothing is fetched."""

_LONGEST_NAME = 160
_TEMPLATES = Path(__file__).parent / "templates"
_WORDS = {Status.PASSED: "holds", Status.WARNED: "needs a look", Status.FAILED: "fails", Status.SKIPPED: "not judged"}
_GLYPHS = {Status.PASSED: "✓", Status.WARNED: "!", Status.FAILED: "✕", Status.SKIPPED: "–"}


@cache
def environment() -> Environment:
    """The templates of `reports/templates`, with our filters."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "count": numbers.count,
        "signed": numbers.signed,
        "number": numbers.number,
        "share": numbers.share,
        "duration": numbers.duration,
        "size": numbers.size,
        "name": name,
        "plain": plain,
        "mark": mark,
        "why": why,
        "advice": advice,
    }
    made.globals |= {"content_security_policy": POLICY}
    return made


def stylesheet(*names: str) -> Markup:
    """Our own style sheets, to be put inline. They hold nothing from users, so they are not escaped."""
    return Markup("\n").join(Markup((_TEMPLATES / name).read_text("utf-8")) for name in names)  # noqa: S704


def name(source: str, limit: int = _LONGEST_NAME) -> Markup:
    """A name that a user wrote, set in type of its own; unseen characters are spelled out, the middle of a long one gives way."""
    return Markup("<code>{}</code>").format(plain(source, limit)) if source else Markup("<em>empty</em>")


def plain(source: str, limit: int = 2_000) -> str:
    """User text with unseen characters spelled out, still to be escaped."""
    return shorten(visible(source), limit)


def mark(status: Status) -> Markup:
    """A status as a glyph with a word for those who cannot see it; colour is never the only sign."""
    return Markup('<span class="mark {}" role="img" aria-label="{}">{}</span>').format(
        status.value, _WORDS[status], _GLYPHS[status]
    )


def why(result: Result) -> Markup:
    """Why a check came out as it did; names inside are set as names."""
    return inline(sentences.why(result).source)


def advice(result: Result) -> Markup:
    """What to do next; empty where there is nothing to do."""
    return inline(sentences.advice(result).source)


def after_opening(headline: Markdown) -> Markup:
    """A headline without its opening ("Not ready to merge: "), where a page sets the verdict apart; a sentence of its own."""
    rest = headline.source.partition(": ")[2] or headline.source
    return inline(rest[:1].upper() + rest[1:])


def inline(markdown: str) -> Markup:
    """One line of Markdown that `reports.markdown` made, as HTML. Raw HTML in it stays text."""
    if _NOTHING_SPECIAL.match(markdown):
        return escape(markdown)
    if match := _ONE_CODE_SPAN.match(markdown):
        return Markup("<code>{}</code>").format(match[1])
    return Markup(_parser().renderInline(markdown).strip())  # noqa: S704 - markdown-it escapes; html is off


def paragraphs(markdown: str) -> Markup:
    """Markdown of `reports.markdown` with fences and paragraphs, as HTML. Raw HTML in it stays text."""
    return Markup(_parser().render(markdown))  # noqa: S704 - markdown-it escapes; html is off


# Most cells of a long table are a number or a name, for which a parser would be a waste.
_NOTHING_SPECIAL = re.compile(r"(?:[^\W_]|[ .,;:()+−–—…→≥≤±%/=-])*\Z")
_ONE_CODE_SPAN = re.compile(r"`([^`\n ]+)`\Z")


@cache
def _parser() -> MarkdownIt:
    # No links and no images: a report names things, and nothing in it leads away or fetches.
    return MarkdownIt("commonmark", {"html": False}).disable(["link", "image", "autolink"])
