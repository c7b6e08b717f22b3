"""The sentences of results in Markdown: our words as they are, every value escaped or formatted."""

import math
import re

from policy.result import Result, Value
from reports import numbers
from reports.markdown import Markdown, code, text

# A value may stand in quotes or back-ticks in the sentence; a code span does that work here.
_PIECE = re.compile(r"(?P<quote>[`'\"]?)\{(?P<name>\w+)\}(?P=quote)|(?P<code>`[^`{}]+`)")
_PROSE = frozenset(
    {"what", "next", "detail", "why", "allowed", "because", "side", "part", "criterion", "groups", "stages", "share", "measure"}
)
"""Values that are words or sentences themselves, by name. Other text is a name, and becomes a code span whole."""
_QUANTITY = re.compile(r" ?(of )?[+−-]?\d[\d,]*(\.\d+)?([eE][+-]?\d+)?( ?(%|s|min|h|d|B|[KMGTP]iB))?( \d+ ?(s|min|h))?\Z")
"""A number that the policy has already formatted, with its unit, such as `1 min 12 s`, `95 %` or ` of 60 min`."""
_DECIMAL = re.compile(r"[+−]?\d{1,6}\.\d{1,12}\Z")
_LITERAL = str.maketrans({**{mark: f"\\{mark}" for mark in "\\`*_[]<>#~"}, "|": "&#124;"})


def why(result: Result) -> Markdown:
    """Why a check came out as it did."""
    return sentence(result.reason.sentence, result.values)


def advice(result: Result) -> Markdown:
    """What to do next; empty where there is nothing to do."""
    return sentence(result.reason.advice, result.values)


def sentence(pattern: str, values: dict[str, Value]) -> Markdown:
    """A sentence of ours with its values put in. A value that is not there shows as a dash."""
    pieces: list[str] = []
    position = 0
    digits = _digits(values)
    for match in _PIECE.finditer(pattern):
        pieces.append(pattern[position : match.start()].translate(_LITERAL))
        pieces.append(match["code"] or value(match["name"], values.get(match["name"]), digits).source)
        position = match.end()
    pieces.append(pattern[position:].translate(_LITERAL))
    return Markdown("".join(pieces))


def _digits(values: dict[str, Value]) -> int:
    """Significant digits at which numbers that differ read differently, those too that the policy gives as text."""
    found = [each for each in values.values() if isinstance(each, float) and math.isfinite(each)]
    if len(found) == 0:
        return _DIGITS
    told = [float(each) for each in values.values() if isinstance(each, str) and _LIMIT.match(each)]
    return numbers.told_apart([*found, *told], _DIGITS)


_DIGITS = 3
_LIMIT = re.compile(r"\d{1,15}(\.\d{1,15})?\Z")


def value(name: str, given: Value, digits: int = _DIGITS) -> Markdown:
    """One value: text escaped; a number as the last word of its name says (share, seconds, bytes), otherwise as a number."""
    if isinstance(given, str):
        if _DECIMAL.match(given):
            return Markdown(given)
        return _words(given) if name in _PROSE or given == numbers.MISSING or _QUANTITY.match(given) else code(given)
    if given is None or isinstance(given, bool):
        return Markdown(numbers.MISSING if given is None else "yes" if given else "no")
    unit = name.rsplit("_", 1)[-1]
    if unit == "share":
        return Markdown(numbers.share(float(given)))
    if unit == "seconds":
        return Markdown(numbers.duration(float(given)))
    if isinstance(given, int):
        return Markdown(numbers.size(given) if unit == "bytes" else numbers.count(given))
    return Markdown(numbers.number(given, digits))


def _words(given: str) -> Markdown:
    """Prose; a blank before it is kept, because a value may be an afterthought that begins with one, or nothing at all."""
    shown = text(given.replace("-", numbers.MINUS, 1) if given[:1] == "-" else given)
    return Markdown(" ") + shown if shown and given[:1] == " " else shown
