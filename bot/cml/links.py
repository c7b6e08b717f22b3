"""The local files that somebody's Markdown shows or links to, and the same Markdown with addresses in their place. Pure.

What is a picture or a link is decided by a parser of Markdown; the text is then changed only at those places. CML printed the
whole document anew from its syntax tree, and so changed tables and underscores that nobody had asked it to touch.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_REMOTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|//|#|/)")
_IMG = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CODE = r"(?P<code>(?P<run>(?<!`)`+(?!`)).+?(?<!`)(?P=run)(?!`))"
_LINK = r"(?P<before>\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)(?P<target>(?<=<)[^<>\n]+|[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)"
_HTML = r"(?P<tag><img\b[^<>]*?\bsrc\s*=\s*[\"'])(?P<source>[^\"']+)"
_PLACES = re.compile(f"{_CODE}|{_LINK}|{_HTML}", re.DOTALL | re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """A destination as it is written, and whether it is shown as a picture (or only linked)."""

    written: str
    picture: bool

    @property
    def embedded(self) -> bool:
        """Whether the picture stands in the Markdown itself, as DVCLive writes it."""
        return self.written.startswith("data:image/")

    @property
    def path(self) -> str:
        """The relative path that is meant."""
        return unquote(re.split(r"[?#]", self.written, maxsplit=1)[0])


def targets(markdown: str) -> list[Target]:
    """Every local destination, each once and in order: pictures, links, definitions, `<img src>`, and embedded pictures."""
    environment: dict[str, object] = {}
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown, environment)
    found: dict[str, Target] = {}
    for written, picture in _destinations(tokens):
        if _is_local(written) or (picture and written.startswith("data:image/")):
            known = found.get(written)
            found[written] = Target(written, picture or bool(known and known.picture))
    return list(found.values())


def rewritten(markdown: str, addresses: Mapping[str, str]) -> str:
    """The Markdown with destinations replaced, outside of code and otherwise untouched."""
    lines = markdown.splitlines(keepends=True)
    covered = [False] * len(lines)
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        if token.type in ("fence", "code_block") and token.map:
            covered[token.map[0] : token.map[1]] = [True] * (token.map[1] - token.map[0])
    pieces: list[str] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and covered[end] == covered[start]:
            end += 1
        text = "".join(lines[start:end])
        pieces.append(text if covered[start] else _replaced(text, addresses))
        start = end
    return "".join(pieces)


def _replaced(text: str, addresses: Mapping[str, str]) -> str:
    by_written = {name: address for written, address in addresses.items() for name in (written, unquote(written))}

    def one(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        before, target = (found["before"], found["target"]) if found["target"] else (found["tag"], found["source"])
        return f"{before}{by_written.get(target, target)}"

    return _PLACES.sub(one, text)


def _destinations(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs["src"]), True
        elif token.type == "link_open":
            yield str(token.attrs["href"]), False
        elif token.type in ("html_inline", "html_block"):
            yield from ((one or other, True) for one, other in _IMG.findall(token.content))
        if token.children:
            yield from _destinations(token.children)


def _is_local(written: str) -> bool:
    return bool(written) and not _REMOTE.match(written)
