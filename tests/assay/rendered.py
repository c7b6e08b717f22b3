"""What a comment comes to when it is rendered: the tags in it, and the text outside code."""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_OURS = re.compile(
    r"(<!-- assay:report [^\n]* -->|<details>|<summary><b>[^<>]*</b>[^<>]*</summary>|</details>|</?sub>|<br>|\s)*", re.DOTALL
)
LIMIT = 65_536


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _leaves(token.children or [])


def harmless(folder: Path) -> str:
    """The comment of a check, after asserting that nothing of a user's acts in it: no tag, no mention, no link."""
    comment = (folder / "comment.md").read_text("utf-8")
    assert len(comment) < LIMIT
    for token in _leaves(_PARSER.parse(comment)):
        if token.type in ("html_block", "html_inline"):
            assert _OURS.fullmatch(token.content), token.content
        if token.type == "text":
            assert not re.search(r"(?<![\w/])@\w", token.content), token.content
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith("https://"), token.attrs
        assert token.type != "image"
    page = (folder / "report.html").read_text("utf-8")
    assert not re.search(r"<script(?! nonce)[^>]*>\s*alert|<img src=x|javascript:alert\(1\)['\"]", page)
    return comment
