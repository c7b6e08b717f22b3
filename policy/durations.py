"""Lengths of time as people write them: `90 s`, `60 min`, `2 hours`, `7 days`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3_600, "hour": 3_600, "day": 86_400, "week": 604_800}
_PATTERN = r"^[0-9]+(\.[0-9]+)? ?(s|sec|seconds?|min|minutes?|h|hours?|days?|weeks?)$"


def parse(text: Any) -> timedelta:
    """Read a duration; a bare number is refused because nobody can see its unit."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(_PATTERN, text):
        raise ValueError("a number and a unit are needed, such as '60 min' or '7 days'")
    number, unit = re.fullmatch(r"([\d.]+) ?([a-z]+)", text).groups()  # type: ignore[union-attr]
    return timedelta(seconds=float(number) * _UNITS[unit if unit in _UNITS else unit.removesuffix("s")])


def written(span: timedelta) -> str:
    """A duration as `parse` reads it, in seconds; never with an exponent, however long it is."""
    return f"{span.total_seconds():.6f}".rstrip("0").rstrip(".") + " s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse),
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _PATTERN}),
]
