"""The only place where user text becomes Markdown.

Everything else hands `Markdown` values around, and only this module makes them out of text that it does not trust. The
safest place on GitHub is a code span: there, no mention, reference, address, emoji, formula or HTML is recognised. So names
go into code spans whole (`code`), and prose keeps only its plain words outside of them (`text`): an allow-list, because
GitHub looks for mentions and references after the Markdown is parsed, where no backslash and no entity stops it.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NAME_LIMIT = 80
TEXT_LIMIT = 400
_LONGEST_RUN = 8
"""Back-tick runs longer than this are spelled out: parsers stop counting somewhere (cmark at 80, and at 255 for fences)."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """Markdown that may be printed as it is. Construct it directly only from literals of ours."""

    source: str

    def __str__(self) -> str:
        return self.source

    def __bool__(self) -> bool:
        return bool(self.source)

    def __add__(self, other: "Markdown") -> "Markdown":
        return Markdown(self.source + other.source)


EMPTY = Markdown("")

_PLAIN = re.compile(r"[A-Za-z0-9_./:=+,-]+\Z")
"""The everyday name, for which a code span needs no second look (it has no space, back-tick, pipe or bracket)."""

# Printable by Python's rules, yet drawn as nothing or as a blank: fillers, joiners and variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_COLOUR = re.compile("\x1b\\[[0-9;]*[A-Za-z]")


def visible(source: str) -> str:
    """Text with everything that cannot be seen spelled out, such as `\\u{202e}`; ordinary text comes back unchanged.

    Control, format (zero-width, bidirectional) and private characters, separators other than the space, unseen fillers, and
    the fourth and later of a pile of combining marks.
    """
    if source.isascii():
        return source if source.isprintable() else source.translate(_Spelling())
    if _EMOJI in source or any(unicodedata.combining(character) for character in set(source)):
        return "".join(_drawn(source))
    return source if source.isprintable() and not _UNSEEN.search(source) else source.translate(_Spelling())


class _Spelling(dict[int, str]):
    """A table for `str.translate` that is filled as characters come by."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        shown = character if character.isprintable() and not _UNSEEN.match(character) else _spelled(character)
        self[number] = shown
        return shown


_EMOJI = "\ufe0f"
"""The variation selector that makes a symbol an emoji, such as in ❤️: whether it may stay depends on what is before it."""


def _drawn(source: str) -> Iterator[str]:
    """Character by character, where what may stand depends on what stood before."""
    table = _Spelling()
    before, marks = "", 0
    for character in source:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if character == _EMOJI and before and unicodedata.category(before) == "So":
            yield character
        else:
            yield table[ord(character)] if marks <= _MOST_MARKS else _spelled(character)
        before = character


_MOST_MARKS = 3
"""Combining marks on one letter. More of them climb over the lines above."""


def _spelled(character: str) -> str:
    return _NAMED.get(character) or f"\\u{{{ord(character):x}}}"


def shorten(source: str, limit: int) -> str:
    """At most `limit` characters: the middle gives way to `…`, because names differ at their ends."""
    if len(source) <= limit:
        return source
    tail = (limit - 1) // 2
    return f"{source[: limit - 1 - tail]}…{source[len(source) - tail :]}"


def code(source: str, limit: int = NAME_LIMIT) -> Markdown:
    """A name as a code span. Not for tables as it stands: see `cell`."""
    if len(source) <= limit and _PLAIN.match(source):
        return Markdown(f"`{source}`")
    if not source:
        return Markdown("*(empty)*")
    shown = _shown(source, limit)
    runs = _runs(shown)
    fence = "`" * next(length for length in range(1, _LONGEST_RUN + 2) if length not in runs)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return _isolated(f"{fence}{pad}{shown}{pad}{fence}")


def text(source: str, limit: int = TEXT_LIMIT) -> Markdown:
    """Prose that others wrote: its plain words as they are, everything else as code spans.

    Plain are words of letters with ordinary punctuation at their ends, and short numbers. So a mention, an issue number, a
    commit, an address, an emoji short code, HTML and every mark of Markdown lie in code spans.
    """
    pieces: list[str] = []
    coded: list[str] = []
    # Words are judged as they will be shown: a word that is invisible in part is spelled out and so becomes code.
    for word in shorten(visible(_ends(" ".join(source.split()), limit)), limit).split(" "):
        if _is_plain(word, first=not pieces and not coded):
            if coded:
                pieces.append(code(" ".join(coded), limit).source)
                coded.clear()
            pieces.append(_LONE.get(word, word))
        else:
            coded.append(word)
    if any(coded):
        pieces.append(code(" ".join(coded), limit).source)
    return _isolated(" ".join(piece for piece in pieces if piece))


_WORD = re.compile(r"""[("'“‘]?[^\W\d_]+(?:['’-][^\W\d_]+)*[)"'”’]?[.,;:!?…]?\Z""")
_NUMBER = re.compile(r"(?:[+−±~≈]?\d{1,6}(?:,\d{3})*(?:\.\d{1,6})?(?:%|,|;)?|[≥≤→±≈·–—…%])\Z")
_LONE = {"<": "&lt;", ">": "&gt;"}
_COMMIT = re.compile(r"""["'(“‘]?[0-9a-fA-F]{7,}""")


def _is_plain(word: str, *, first: bool) -> bool:
    if not first and word.endswith(")") and _NUMBER.match(word[:-1]):
        return True  # at the beginning of a line, `3)` would be the third of a list
    return word in _LONE or (bool(_WORD.match(word) or _NUMBER.match(word)) and not _COMMIT.match(word))


def html_code(source: str, limit: int = NAME_LIMIT) -> Markdown:
    """A name for the inside of an HTML block, such as a `<summary>`, where Markdown is not parsed."""
    escaped = html.escape(_shown(source, limit), quote=True)
    return _isolated(f"<code>{escaped}</code>")


def cell(markup: Markdown) -> Markdown:
    """Markup made fit for a table cell. GFM splits cells before it looks for code spans, and knows only `\\|` as an escape."""
    source = markup.source
    if "|" not in source and "\n" not in source:
        return markup
    # A backslash before the pipe would be read differently by different parsers, so that pipe is spelled out.
    return Markdown(re.sub(r"(?<=\\)\|", lambda _: "\\u{7c}", source).replace("|", "\\|").replace("\n", " "))


def row(cells: Iterable[Markdown]) -> str:
    """One line of a table."""
    return f"| {' | '.join([cell(each).source for each in cells])} |"


def fence(source: str, language: str = "text") -> Markdown:
    """A fenced block that its content cannot close. Line ends stay; other unseen characters are spelled out."""
    if not re.fullmatch(r"[a-z]+", language):
        raise ValueError(f"{language!r} is not the name of a language")
    lines = [_defused(visible(_terminal(line).replace("\t", "    "))) for line in source.split("\n")]
    body = "\n".join(lines)
    bar = "`" * max(3, max(_runs(body), default=0) + 1)
    return Markdown(f"{bar}{language}\n{body}\n{bar}")


def diagram(source: str) -> Markdown:
    """A Mermaid chart. The language has `-->` for an axis, so its text is not defused: `reports.mermaid` lets nothing in it."""
    if "`" in source or "<" in source:
        raise ValueError("a chart has no use for back-ticks and angle brackets")
    return Markdown(f"```mermaid\n{source}\n```")


def _terminal(line: str) -> str:
    """A line as a terminal would leave it: colours gone, and only what follows the last carriage return of a progress bar."""
    return _COLOUR.sub("", line).rstrip("\r").rsplit("\r", 1)[-1]


_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~/?#=&%+,;:@-]*)?\Z")


def link(label: str, address: str) -> Markdown:
    """A link with a name as its label. An address that is not plainly http(s) becomes no link, but is shown."""
    if not _ADDRESS.match(address):
        return code(label) + Markdown(" (") + code(address, TEXT_LIMIT) + Markdown(")")
    # Brackets inside a code span bind less tightly than the span, so the label cannot close the link. Only a definition of a
    # reference, `[label]: address` at the beginning of a line, is looked for before the spans.
    shown = code(label).source.replace("]:", "\\u{5d}:")
    return Markdown(f"[{shown}](<{address}>)")


def put(pattern: str, *pieces: Markdown) -> Markdown:
    """A phrase of ours, with one piece for each `{}`."""
    return Markdown(pattern.format(*[piece.source for piece in pieces]))


def join(pieces: Iterable[Markdown], separator: str = ", ") -> Markdown:
    """Pieces in a row."""
    return Markdown(separator.join([piece.source for piece in pieces]))


def _shown(source: str, limit: int) -> str:
    """A name with nothing unseen, at most `limit` characters of it, and nothing that ends a comment."""
    return _defused(shorten(_edges(visible(_ends(source, limit))), limit))


def _ends(source: str, limit: int) -> str:
    """As much of both ends as can be shown: spelling out makes text longer, never shorter, so the middle costs no time."""
    return source if len(source) <= 2 * limit else source[:limit] + source[-limit:]


def _edges(shown: str) -> str:
    """Blanks at either end made visible: `"delay "` and `"delay"` are two columns."""
    inner = shown.strip(" ")
    if len(inner) == len(shown):
        return shown
    lead = len(shown) - len(shown.lstrip(" "))
    return "␠" * lead + inner + "␠" * (len(shown) - lead - len(inner))


def _defused(shown: str) -> str:
    """Nothing that opens or closes an HTML comment, so that no text can plant or close a marker; no endless back-tick runs."""
    if "--" in shown:
        shown = shown.replace("<!--", "\\u{3c}!--").replace("-->", "--\\u{3e}").replace("--!>", "--!\\u{3e}")
    if "`" * (_LONGEST_RUN + 1) in shown:
        shown = re.sub(f"`{{{_LONGEST_RUN + 1},}}", lambda run: f"\\u{{60}}×{len(run[0])}", shown)
    return shown


def _runs(shown: str) -> set[int]:
    return {len(run) for run in re.findall("`+", shown)} if "`" in shown else set()


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Blocks of the scripts that are written from right to left."""


def _isolated(markup: str) -> Markdown:
    """Right-to-left text kept to itself; otherwise it would swap the numbers of base and head that stand beside it."""
    return Markdown(markup) if markup.isascii() or not _RIGHT_TO_LEFT.search(markup) else Markdown(f"\u2068{markup}\u2069")
