"""Raw HTML in Markdown: whether what stands at a place is folded away, quoted, struck out or a comment.

Markdown's own rule ends an HTML block at a blank line, so what follows inside of `<details>` is an ordinary paragraph to it. To
the reader it is folded away. Here an element is open until its end tag, wherever that stands, as it is for a browser.
"""

import re

_HIDING = frozenset(
    {"details", "summary", "blockquote", "q", "pre", "code", "tt", "samp", "kbd", "var", "del", "s", "strike", "table", "ul"}
    | {"ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "a", "figure", "picture"}
)
"""What folds away, quotes, strikes out or is code, and whatever else Markdown has no command lines in. Not the mere layout of
`<div>` and `<p>`, and no name that GitHub does not know: people write `<model>` and `List<String>` and mean no HTML."""

_PIECE = re.compile(r"<!--(?:-?>)?|--!?>|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)|=[ \t\n\f]*(?P<quote>[\"'])|[\"'>]")
_RELEVANT = re.compile(rf"<(?:!--|/?(?:{'|'.join(sorted(_HIDING))})\b)", re.IGNORECASE)
_TEXT, _TAG, _COMMENT = "text", "tag", "comment"


def may_hide(markdown: str) -> bool:
    """Whether there is anything in it to look at closer."""
    return bool(_RELEVANT.search(markdown))


class Elements:
    """What is open after the raw HTML that was fed so far, in the order of the document."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._inside = _TEXT  # or in a tag, a comment, or the quotes of an attribute (then it is the quote)
        self._tag = ("", "")

    @property
    def hidden(self) -> bool:
        """Whether what comes next is hidden or quoted."""
        return bool(self._open) or self._inside != _TEXT

    def feed(self, html: str) -> None:
        """Read on: a whole block, or one tag or comment of a paragraph."""
        for piece in _PIECE.finditer(html):
            self._step(piece)

    def _step(self, piece: re.Match[str]) -> None:
        found = piece[0]
        if self._inside == _COMMENT:
            self._inside = _TEXT if found.endswith(("-->", "--!>")) else _COMMENT
        elif self._inside == _TAG:
            if found.endswith(">"):
                self._close_tag()
            elif piece["quote"]:
                self._inside = piece["quote"]
        elif self._inside != _TEXT:
            self._inside = _TAG if found.endswith(self._inside) else self._inside
        elif found == "<!--":
            self._inside = _COMMENT
        elif piece["name"]:
            self._inside, self._tag = _TAG, (piece["end"], piece["name"].lower())

    def _close_tag(self) -> None:
        self._inside = _TEXT
        end, name = self._tag
        if not end and name in _HIDING:
            self._open.append(name)
        elif end and name in self._open:
            # An end tag also closes what was left open inside of its element.
            while self._open.pop() != name:
                pass
