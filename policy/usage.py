"""Reads what a stage left of the language models that it used: JSON or JSON Lines, from somebody who is not trusted. Pure.

    [{"model": "gpt-x", "input": 1200, "output": 80, "cached": 0}]

An entry for each call or one for each model: what a model used is added up. Keys that are not known are passed over.
"""

from collections.abc import Iterator
from typing import Any, NoReturn

from policy.facts.reading import strict_json
from policy.facts.tokens import MOST, MOST_MODELS
from policy.problems import UserProblem
from policy.tokens import Used, merged

MOST_BYTES = 4 * 1024 * 1024
MOST_ENTRIES = 50_000
_LONGEST = 100


def read(raw: bytes, where: str) -> tuple[Used, ...]:
    """What each model used, by name.

    Raises UserProblem for bytes that are too many or no such file: a number that is none, is negative, is not whole or is too
    large, a model without a name, or more entries or models than anybody reads.
    """
    if len(raw) > MOST_BYTES:
        _refuse(f"it has more than {MOST_BYTES:,} bytes", where)
    entries: list[Used] = []
    for place, each in _entries(raw.removeprefix(b"\xef\xbb\xbf").strip(), where):
        if len(entries) == MOST_ENTRIES:
            _refuse(f"it has more than {MOST_ENTRIES:,} entries", where)
        entries.append(_entry(each, place, where))
    found = merged(entries)
    if len(found) > MOST_MODELS:
        _refuse(f"it names more than {MOST_MODELS} models", where)
    if any(max(each.input, each.output) > MOST for each in found):
        _refuse(f"a model used more than {MOST:,} tokens", where)
    return found


def _entries(raw: bytes, where: str) -> Iterator[tuple[str, Any]]:
    if not raw.startswith(b"["):
        for number, line in enumerate(raw.split(b"\n"), 1):
            if line.strip():
                yield f"line {number}", _parsed(line, f"line {number}", where)
        return
    for number, each in enumerate(_parsed(raw, "", where), 1):
        yield f"entry {number}", each


def _parsed(raw: bytes, place: str, where: str) -> Any:
    try:
        return strict_json(raw, where)
    except UserProblem as problem:
        _refuse(f"{place}: {problem.what}" if place else problem.what, where)


def _entry(found: Any, place: str, where: str) -> Used:
    if not isinstance(found, dict):
        _refuse(f"{place} is no object with `model`, `input` and `output`", where)
    model = found.get("model")
    if not isinstance(model, str) or not model.strip() or len(model) > _LONGEST or not model.isprintable():
        _refuse(f"{place}: `model` is no name of at most {_LONGEST} characters", where)
    given, back, cached = (_number({"cached": 0, **found}, key, place, where) for key in ("input", "output", "cached"))
    if cached > given:
        _refuse(f"{place}: `cached` is more than `input`, of which it is a part", where)
    return Used(model, given, back, cached)


def _number(found: dict[str, Any], key: str, place: str, where: str) -> int:
    value = found.get(key)
    if type(value) is not int or not 0 <= value <= MOST:  # a bool is an int, and no number of tokens
        _refuse(f"{place}: `{key}` is no whole number from 0 to {MOST:,}", where)
    return value


def _refuse(what: str, where: str) -> NoReturn:
    raise UserProblem(what, where, 'Write [{"model": "...", "input": 0, "output": 0}]; see docs/cost.md')
