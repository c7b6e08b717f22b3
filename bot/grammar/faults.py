"""What is wrong with a command line, and where in it."""

import unicodedata
from dataclasses import dataclass

from reports.markdown import Markdown, fence

_BEFORE, _AFTER = 60, 40
"""As many characters of a long line are shown around the place."""


@dataclass
class Fault(Exception):
    """`what` is wrong with the `length` characters at `start` of a line; `suggestion` is what may have been meant instead."""

    what: Markdown
    start: int
    length: int = 1
    suggestion: str = ""


def pointed(text: str, start: int, length: int = 1) -> Markdown:
    """A line as a fenced block, with carets under the place that is meant."""
    begin, end = max(0, start - _BEFORE), start + _AFTER
    lead = "…" if begin else ""
    excerpt = lead + text[begin:end] + ("…" if end < len(text) else "")
    offset = len(lead) + start - begin
    shown = _drawn(excerpt)
    margin = _columns(_drawn(excerpt[:offset]))
    carets = _columns(_drawn(excerpt[offset : offset + length]))
    return fence(f"{shown}\n{' ' * margin}{'^' * max(1, carets)}")


def _drawn(source: str) -> str:
    """The text as the fence will draw it, so that the carets can be counted under it."""
    return fence(source.replace("\n", " ")).source.split("\n")[1]


def _columns(shown: str) -> int:
    """Columns in a fixed-width font, where a letter of East Asia takes two and a combining mark none."""
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in shown)
