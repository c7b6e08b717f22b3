"""How much a metric may move: absolute (`0.005`) or relative to its base (`1%`)."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from policy.models import Number, Section


class _Margin(Section):
    """A margin of at least zero; `relative` is a share of the absolute value at base."""

    amount: Number
    relative: bool = False

    def at(self, base: float) -> float:
        """The margin in the metric's own units."""
        return self.amount * abs(base) if self.relative else self.amount

    def __str__(self) -> str:
        return f"{self.amount * 100:.6g}%" if self.relative else f"{self.amount:.6g}"


def parse(value: Any) -> Any:
    """Read `0.005` or `'1%'`."""
    if isinstance(value, _Margin):
        return value
    if isinstance(value, str) and len(value) < 50 and (match := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", value, re.ASCII)):
        return _Margin(amount=float(match[1]) / 100, relative=True)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError("a number of at least 0, or a percentage such as '1%', is needed")
    return _Margin(amount=float(value))


Margin = Annotated[
    _Margin,
    BeforeValidator(parse),
    PlainSerializer(lambda margin: str(margin) if margin.relative else margin.amount, return_type=float | str),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)? ?%$"}]}),
]
