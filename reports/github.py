"""Markdown as GitHub would show it: for the demo's page and for previews, without a network and without a script.

Tables, strikethrough, fences and the few HTML tags that GitHub lets through are rendered; every other tag is shown as text and
HTML comments vanish. Our own Mermaid charts are drawn as pictures; a chart that we did not write stays a block of code.
"""

import re
from collections.abc import Sequence
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from reports.pictures import Point, line

_VOID = frozenset({"br", "hr", "img"})
_ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"), frozenset()),
    **dict.fromkeys(("hr", "i", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub"), frozenset()),
    **dict.fromkeys(("summary", "sup", "table", "tbody", "thead", "tr", "ul"), frozenset()),
    "a": frozenset({"href", "id"}),
    "b": frozenset({"id"}),
    "details": frozenset({"open"}),
    "td": frozenset({"align"}),
    "th": frozenset({"align"}),
}
"""Tags that a comment may hold, and their attributes. Images stay out: the page may not fetch."""
_PLACE = "\ue000{}\ue001"
"""Where a picture goes. Private characters, which `reports.markdown` spells out when a user writes them."""


def to_html(markdown: str) -> Markup:
    """A comment's Markdown as HTML, safe to put into a page. Its style is that of `github.css`, below `.markdown-body`."""
    pictures: list[Markup] = []
    raw = _parser().render(markdown.replace("\ue000", "").replace("\ue001", ""), {"pictures": pictures})
    cleaner = _Cleaner()
    cleaner.feed(raw)
    cleaner.close()
    html = cleaner.html()
    for at, picture in enumerate(pictures):
        html = html.replace(_PLACE.format(at), picture)
    return Markup(html)  # noqa: S704 - only tags of _ALLOWED and our own pictures are left


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("image")
    parser.add_render_rule("fence", _fence)
    return parser


def _fence(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    drawn = chart(token.content) if token.info.strip() == "mermaid" else None
    if drawn is None:
        return f"<pre><code>{escape(token.content)}</code></pre>\n"
    pictures: list[Markup] = env["pictures"]
    pictures.append(drawn)
    return f"<div>{_PLACE.format(len(pictures) - 1)}</div>\n"


_NUMBER = r"-?\d+(?:\.\d+)?"
_CHART = re.compile(
    r"(?:%%\{[^\n]*\}%%\n)?xychart-beta\n"
    r'\s*title "(?P<title>[^"\n]*)"\n'
    r'\s*x-axis \[(?P<labels>"[^"\n]*"(?:, "[^"\n]*")*)\]\n'
    rf"\s*y-axis {_NUMBER} --> {_NUMBER}\n"
    rf"\s*line \[(?P<values>{_NUMBER}(?:, {_NUMBER})*)\]\s*"
    rf"(?:line \[(?P<limit>{_NUMBER})(?:, {_NUMBER})*\]\s*)?\Z"
)


def chart(source: str) -> Markup | None:
    """Our own Mermaid line chart as inline SVG; None for any other."""
    found = _CHART.match(source)
    if not found:
        return None
    labels = re.findall(r'"([^"]*)"', found["labels"])
    values = [float(value) for value in found["values"].split(", ")]
    if len(labels) != len(values) or len(values) < 2:
        return None
    points = [Point(label, value) for label, value in zip(labels, values, strict=True)]
    limit = float(found["limit"]) if found["limit"] else None
    return Markup('<span class="chart"><span class="chart-title">{0}</span>{1}</span>').format(
        found["title"],
        line(points, found["title"], limit=limit, called="target" if "is the target" in found["title"] else "limit"),
    )


class _Cleaner(HTMLParser):
    """Lets the allowed tags through, closes what was left open, and turns everything else into text or nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._open: list[str] = []

    def html(self) -> str:
        """What was let through, well-formed."""
        return "".join([*self._pieces, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self._pieces.append(str(escape(self.get_starttag_text() or "")))
            return
        kept = "".join(_attribute(name, value) for name, value in attrs if name in _ALLOWED[tag] and _is_harmless(name, value))
        align = next((value for name, value in attrs if name == "style" and value in _ALIGNED), None)
        kept += _ALIGNED[align] if align and tag in ("td", "th") else ""
        self._pieces.append(f"<{tag}{kept}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _ALLOWED and tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            if tag not in _ALLOWED:
                self._pieces.append(str(escape(f"</{tag}>")))
            return
        while self._open:
            last = self._open.pop()
            self._pieces.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self._pieces.append(str(escape(data)))


_ALIGNED = {f"text-align:{side}": f' class="{side}"' for side in ("left", "right", "center")}


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else str(Markup(' {}="{}"').format(name, value))


def _is_harmless(name: str, value: str | None) -> bool:
    """Links may lead within the page or to https; anything that runs or reads does not pass."""
    return name != "href" or bool(re.match(r"(?:#|https://)", value or ""))
