"""Reads `facts.json` from somebody who is not trusted, within limits."""

import json
import re
from typing import Any, NoReturn

from pydantic import ValidationError

from policy.facts.record import MAX_BYTES, SCHEMA_VERSION, Facts
from policy.problems import UserProblem

MAX_DEPTH = 40


def read(raw: bytes, where: str = "facts.json") -> Facts:
    """Read facts; a newer minor version is fine, an unknown major version is not.

    Raises UserProblem for bytes that are too many, not UTF-8, not strict JSON (no NaN, no infinity, no key twice,
    no deep nesting) or not facts.
    """
    if len(raw) > MAX_BYTES:
        _refuse(f"{len(raw):,} bytes, more than {MAX_BYTES:,}", where)
    data = strict_json(raw, where)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, str):
        _refuse("no schema_version", where)
    major = SCHEMA_VERSION.split(".")[0]
    if not re.fullmatch(r"\d{1,4}\.\d{1,4}", version) or version.split(".")[0] != major:
        _refuse(f"schema version {version[:20]!r}, but this Assay reads {major}.x", where)
    try:
        return Facts.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:80] for part in first["loc"][:12])
        _refuse(f"`{place}`: {first['msg'][0].lower()}{first['msg'][1:]} ({error.error_count()} errors in all)", where)


def write(facts: Facts) -> bytes:
    """The bytes of `facts.json`.

    Raises UserProblem where they would be more than a reader accepts.
    """
    raw = facts.model_dump_json(indent=1, exclude_defaults=True).encode()
    # Defaults are left out to keep files small, but a reader needs the version to know what the defaults are.
    raw = (
        b'{\n "schema_version": "' + facts.schema_version.encode() + b'",' + raw[1:]
        if b'"schema_version"' not in raw[:60]
        else raw
    )
    if len(raw) > MAX_BYTES:
        _refuse(f"{len(raw):,} bytes, more than {MAX_BYTES:,}", "facts.json")
    return raw + b"\n"


def strict_json(raw: bytes, where: str) -> Any:
    """What JSON says, without what has no meaning in it. Raises UserProblem for NaN, infinity, a key twice or deep nesting."""
    _check_depth(raw, where)
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        _refuse(f"not strict JSON: {str(error)[:200]}", where)


def _check_depth(raw: bytes, where: str) -> None:
    """Count brackets outside strings, so that the parser never recurses deeply."""
    depth = 0
    for token in re.finditer(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', raw, re.DOTALL):
        bracket = token.group()
        if bracket in (b"[", b"{"):
            depth += 1
        elif bracket in (b"]", b"}"):
            depth -= 1
        if depth > MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH} levels", where)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return data


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:30]} is too large")
    return number


def _refuse(what: str, where: str) -> NoReturn:
    raise UserProblem(what, where, "Run the check again with a current Assay; do not edit the file by hand")
