"""The words of a command line, split as a shell would, but nothing is ever expanded.

Blanks separate words. A quote, single or double, opens at the beginning of a word or after its `=`, and elsewhere is a letter
like any other, as in `don't`. Between single quotes everything is itself; between double quotes, and outside of quotes, a
backslash takes the character after it as it is.
"""

import unicodedata
from bisect import bisect
from dataclasses import dataclass

from bot.grammar.faults import Fault
from reports.markdown import Markdown, visible

LONGEST_LINE = 2_000
MOST_WORDS = 50
_BLANKS = " \t"
_CURLY = "“”„‟‘’‚‛«»"
_DASHES = "–—−‐‑"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, where it begins and ends in the line, and how many of its first characters stood outside of quotes, unescaped.

    Only what is bare can be a flag or the name of an argument: `"--full"` in quotes is text.
    """

    text: str
    start: int
    end: int
    bare: int

    @property
    def quoted(self) -> bool:
        """Whether any of it was quoted or escaped."""
        return self.bare < len(self.text) or self.end - self.start > len(self.text)


def split(line: str, start: int = 0) -> tuple[Word, ...]:
    """The words of a line from `start` on. Raises Fault, which points at the place, for what has no reading."""
    _check(line, start)
    words: list[Word] = []
    at = _skip(line, start)
    while at < len(line):
        if len(words) == MOST_WORDS:
            raise Fault(Markdown(f"A command has at most {MOST_WORDS} words"), at)
        words.append(_word(line, at))
        at = _skip(line, words[-1].end)
    return tuple(words)


def _check(line: str, start: int) -> None:
    if len(line) > LONGEST_LINE:
        raise Fault(Markdown(f"A command has at most {LONGEST_LINE:,} characters"), LONGEST_LINE)
    plain = line.replace("\t", " ")
    if visible(plain) != plain:
        # A longer beginning never has fewer such characters, so the first one can be halved for.
        at = bisect(range(1, len(plain) + 1), False, key=lambda end: visible(plain[:end]) != plain[:end])
        raise Fault(Markdown(f"The character U+{ord(plain[at]):04X} here cannot be seen; type the line anew"), at)
    for at in range(start, len(line)):
        if unicodedata.bidirectional(line[at]) in ("R", "AL", "AN"):
            what = "Text that runs from right to left would change places with what stands beside it, so it is not taken"
            raise Fault(Markdown(what), at)


def _skip(line: str, at: int) -> int:
    while at < len(line) and line[at] in _BLANKS:
        at += 1
    return at


def _word(line: str, start: int) -> Word:
    if line[start] in _DASHES and line[start + 1 : start + 2].isalpha():
        raise Fault(Markdown("This is a dash; an option begins with two hyphens, `--`"), start, suggestion=_hyphens(line, start))
    text, bare, at = "", None, start
    while at < len(line) and line[at] not in _BLANKS:
        opens = at == start or line[at - 1] == "="
        if opens and line[at] in _CURLY:
            raise Fault(Markdown("These are typographic quotes; write straight ones, `\"` or `'`"), at)
        bare = len(text) if bare is None and (line[at] == "\\" or (opens and line[at] in "\"'")) else bare
        if opens and line[at] in "\"'":
            inner, at = _quoted(line, at)
            text += inner
            break
        piece, at = _character(line, at)
        text += piece
    return Word(text, start, at, len(text) if bare is None else bare)


def _hyphens(line: str, start: int) -> str:
    name = line[start + 1 :].split(maxsplit=1)[0].partition("=")[0]
    return f"--{name}" if name.isascii() else ""


def _quoted(line: str, start: int) -> tuple[str, int]:
    """What stands between the quotes that open at `start`, and where it goes on behind them."""
    quote, text, at = line[start], "", start + 1
    while at < len(line) and line[at] != quote:
        piece, at = _character(line, at) if quote == '"' else (line[at], at + 1)
        text += piece
    if at == len(line):
        raise Fault(Markdown("This quote is never closed"), start)
    if at + 1 < len(line) and line[at + 1] not in _BLANKS:
        raise Fault(Markdown("A blank belongs behind a closing quote"), at + 1)
    return text, at + 1


def _character(line: str, at: int) -> tuple[str, int]:
    """One character, or the one behind a backslash."""
    if line[at] != "\\":
        return line[at], at + 1
    if at + 1 == len(line):
        raise Fault(Markdown("Nothing stands behind this backslash"), at)
    return line[at + 1], at + 2
