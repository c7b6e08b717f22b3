"""Which lines of a comment are command lines: those that begin with `/name` in a plain paragraph. Pure.

A line counts where a reader sees it as a line of text of the comment's own: not in code (fenced, indented, between back-ticks),
a quotation (with the lines that lazily continue it), a list, a heading, a table, a footnote, HTML or an HTML comment, and not
inside of a link or of words that are struck out or emphasised from an earlier line on. What stands between `<details>` and
`</details>` is no command either, with or without blank lines: nobody acts on what is folded away. At most three blanks may stand
before the slash.

What Markdown is, markdown-it-py decides, by GitHub's rules; all of it takes time linear in the length of the comment.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.grammar.elements import Elements, may_hide
from reports.markdown import Markdown

MOST_CHARACTERS = 65_536
"""Of a comment, as GitHub has it."""
MOST_LINES = 5_000
MOST_COMMANDS = 10
MOST_PARSED = 20_000
"""Characters of the paragraphs that have to be looked into: those with a command or with HTML."""

_LINE = re.compile(r"^ {0,3}(/\S.*)", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A command line: its number in the comment, from 1, and its text from the slash on."""

    number: int
    text: str


@dataclass
class TooMuch(Exception):
    """Why a comment with commands is not read at all."""

    what: Markdown


def find(body: str, ours: Callable[[str], bool]) -> tuple[Line, ...]:
    """The command lines of a comment that are `ours`, in order. A comment without any costs one search and no parsing.

    `ours` is asked with the text of a line. Raises TooMuch for more than any comment needs.
    """
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    if not any(ours(found[1]) for found in _LINE.finditer(body[:MOST_CHARACTERS])):
        return ()
    _check(body)
    lines = tuple(line for line in _plain(body) if ours(line.text))
    if len(lines) > MOST_COMMANDS:
        raise TooMuch(Markdown(f"A comment may hold at most {MOST_COMMANDS} commands; this one has {len(lines)}."))
    return lines


def _check(body: str) -> None:
    alone = "Write the command in a comment of its own."
    if len(body) > MOST_CHARACTERS:
        raise TooMuch(Markdown(f"This comment has more than {MOST_CHARACTERS:,} characters. {alone}"))
    if body.count("\n") >= MOST_LINES:
        raise TooMuch(Markdown(f"This comment has more than {MOST_LINES:,} lines. {alone}"))
    if _UNREADABLE.search(body):
        raise TooMuch(Markdown(f"This comment holds characters that are none: NUL, or half of a surrogate pair. {alone}"))


def _plain(body: str) -> Iterator[Line]:
    parser = _parser()
    environment: dict[str, object] = {}
    tokens: list[Token] = []
    parser.block.parse(body, parser, environment, tokens)
    rows, elements, parsed, opened = body.split("\n"), Elements(), 0, ""
    for token in tokens:
        if token.type == "html_block":
            elements.feed(token.content)
        elif token.type == "inline":
            top = opened == "paragraph_open" and token.level == 1
            if _matters(token.content, top, elements):
                parsed += len(token.content)
                _check_length(parsed)
                token.children = []
                parser.inline.parse(token.content, parser, environment, token.children)
                found = list(_lines(token, rows, elements))
                yield from found if top else ()
        opened = token.type


def _matters(content: str, top: bool, elements: Elements) -> bool:
    """Whether the inside of a paragraph has to be looked at: it may hold a command, or open or close what hides one."""
    return may_hide(content) or (top and not elements.hidden and bool(_LINE.search(content)))


def _check_length(parsed: int) -> None:
    if parsed > MOST_PARSED:
        what = f"This comment has more than {MOST_PARSED:,} characters in the paragraphs around commands and HTML."
        raise TooMuch(Markdown(f"{what} Put long output between code fences."))


def _lines(token: Token, rows: Sequence[str], elements: Elements) -> Iterator[Line]:
    """The lines of a paragraph that begin with a slash and are plain. Its HTML is read on the way."""
    first = _first(token, rows)
    for child in token.children or ():
        if child.type == "html_inline":
            elements.feed(child.content)
        elif child.type == _SLASH and child.level == 0 and not elements.hidden:
            number = first + token.content.count("\n", 0, child.meta["at"])
            if number < len(rows) and (found := _LINE.match(rows[number])):
                yield Line(number + 1, found[1].rstrip(" \t"))


def _first(token: Token, rows: Sequence[str]) -> int:
    """The row in which the content of a paragraph begins: the parser may have stripped rows of other blanks before it."""
    start, end = token.map or (0, 0)
    raw = "\n".join(rows[start:end])
    return start + raw.count("\n", 0, raw.find(token.content))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("text", _SLASH, _slash)
    parser.block.ruler.before("reference", "footnote", _footnote, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


_SLASH = "slash"
"""The token of a slash at the beginning of a line. Whether it stands in code, a link or a tag is then the parser's to know."""


def _slash(state: StateInline, silent: bool) -> bool:
    at = state.pos
    if state.src[at] != "/" or (at and not state.src[max(0, at - 4) : at].rstrip(" ").endswith("\n")):
        return False
    if not silent:
        state.push(_SLASH, "", 0).meta = {"at": at}
    state.pos = at + 1
    return True


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote of GitHub's, `[^1]: text`: shown at the end of the comment, or nowhere if nothing refers to it."""
    at = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not _FOOTNOTE.match(state.src, at, state.eMarks[start]):
        return False
    if not silent:
        paragraph(state, start, end, silent)
        state.tokens[-3].type = "footnote_open"
    return True
