"""How a value that may be personal is shown: enough to find it again, never enough to know it."""

import re

from actions.data.recognizers import RECOGNIZERS, Recognizer, bare, normal
from actions.data.text import TEXT_LENGTH, Mask, cut
from policy.facts.data import PersonalFacts

_HIDDEN = "•••"
_SHOWN_FROM = 8
_LOOKED_AT = 2 * TEXT_LENGTH
_DECIMAL = re.compile(r"\s*[+-]?\d*[.,]\d+\s*")
_TOKENS = re.compile(r"[\w./-]+")


def mask(value: str) -> str:
    """The first and the last character around dots, where both are plain letters or digits and six or more lie between.

    Anything shorter is dots alone. The number of dots never tells the length.
    """
    kept = value.strip()
    if len(kept) < _SHOWN_FROM:
        return _HIDDEN
    return _edge(kept[0]) + _HIDDEN + _edge(kept[-1])


def mask_if_personal(value: str) -> str:
    """The value, masked as a whole where any part of it looks personal, and cut to 200 characters where not.

    One value tells less than a column: what only a column's name gives away (a phone number without its country, nine
    digits of an SSN) passes. Where the data was searched, `masker` hides these too.
    """
    return _masked(value, _BY_THEMSELVES)


def masker(searched: PersonalFacts | None) -> Mask:
    """Like `mask_if_personal`, and besides hides all values of every form that was found in the data."""
    found = {finding.form for finding in searched.findings} if searched else set()
    recognizers = tuple(each for each in RECOGNIZERS if each.form in found or not each.needs_hint)
    return lambda value: _masked(value, recognizers)


_BY_THEMSELVES = tuple(recognizer for recognizer in RECOGNIZERS if not recognizer.needs_hint)


def _masked(value: str, recognizers: tuple[Recognizer, ...]) -> str:
    seen = value[:_LOOKED_AT]
    return mask(value) if any(_holds(recognizer, seen) for recognizer in recognizers) else cut(value)


def _edge(character: str) -> str:
    return character if character.isascii() and character.isalnum() else ""


def _holds(recognizer: Recognizer, value: str) -> bool:
    if not recognizer.whole:
        return any(recognizer.valid(normal(found.group())) for found in re.finditer(recognizer.pattern, value))
    if _DECIMAL.fullmatch(value):
        return False
    codes = {bare(code) for code in (value, *_TOKENS.findall(value))}
    return any(re.search(recognizer.pattern, code) and recognizer.valid(code) for code in codes)
