"""The tree of results that comment, check, page and log all draw."""

import re
from enum import StrEnum
from typing import Literal

from policy.models import Name, Number, Record, Text
from policy.reasons import Reason

Value = str | int | float | None


class Status(StrEnum):
    """How a check came out. `skipped` drops out of its parent: it is neither good nor bad."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


class Tier(StrEnum):
    """What a metric gate can say (pass is within the margin and not shown to be better)."""

    PASS = "pass"
    IMPROVED = "improved"
    INCONCLUSIVE = "inconclusive"
    REGRESSED = "regressed"
    UNUSABLE = "unusable"


_WORST = (Status.SKIPPED, Status.PASSED, Status.WARNED, Status.FAILED)


class Comparison(Record):
    """The numbers of one metric gate: values, change (head minus base), its interval, and what is allowed."""

    metric: Name
    slice: Text | None = None
    better: Literal["higher", "lower"]
    base: Number | None = None
    head: Number | None = None
    change: Number | None = None
    low: Number | None = None
    high: Number | None = None
    confidence: Number | None = None
    p_regressed: Number | None = None
    """Holm-adjusted, one-sided: how surprising the change would be if no more than the margin were lost."""
    allowed: Text = ""
    least: Number | None = None
    """The smallest value at head that the gate allows (the stricter of floor and margin), for the picture of it."""
    most: Number | None = None
    """The largest value at head that the gate allows."""
    rows: int | None = None


class Result(Record):
    """One check: its name, how it came out, why, and what it consists of."""

    name: Text
    status: Status
    reason: Reason
    values: dict[str, Value] = {}
    tier: Tier | None = None
    comparison: Comparison | None = None
    file: Name | None = None
    line: int | None = None
    children: list["Result"] = []

    @property
    def why(self) -> str:
        """The sentence, filled in, as plain text. User text in it is not escaped."""
        return fill(self.reason.sentence, self.values)

    @property
    def advice(self) -> str:
        """What to do next, as plain text; empty where there is nothing to do."""
        return fill(self.reason.advice, self.values)

    def causes(self) -> list["Result"]:
        """The checks at the ends of the tree that are as bad as the whole, or the result itself where nothing is bad."""
        if self.status not in (Status.FAILED, Status.WARNED):
            return [self]
        return [leaf for leaf in self.leaves() if leaf.status is self.status] or [self]

    def leaves(self) -> list["Result"]:
        """The checks at the ends of the tree, in order."""
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


def fill(sentence: str, values: dict[str, Value]) -> str:
    """Put values into a sentence; numbers to three significant digits, a missing value as an em dash.

    More digits are shown where two different numbers of the sentence would read alike, such as a value and the limit it misses.
    """
    known = {value for value in values.values() if isinstance(value, float)}
    known |= {float(value) for value in values.values() if isinstance(value, str) and _NUMBER.match(value)}
    digits = next((each for each in range(3, 9) if len({plain(value, each) for value in known}) == len(known)), 9)
    return sentence.format_map({name: plain(value, digits) for name, value in values.items()})


_NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?\Z")


_LARGE = 1e15
_FEW_DIGITS = 4


def plain(value: Value, digits: int = 3) -> str:
    """One value as plain text."""
    if value is None:
        return "—"
    if isinstance(value, float):
        # From a thousand on, plain notation: 12,346 and not 1.23e+04.
        return f"{value:,.0f}" if 1_000 <= abs(value) < _LARGE and digits <= _FEW_DIGITS else f"{value:.{digits}g}"
    return f"{value:,}" if isinstance(value, int) else value


def worst(results: list[Result]) -> Status:
    """The status of a parent: its worst child; skipped where every child is."""
    return max((result.status for result in results), key=_WORST.index, default=Status.SKIPPED)


def combine(name: str, children: list[Result], *, quiet: Reason = Reason.HOLDS) -> Result:
    """A parent over its checks: as bad as the worst of them, and saying how many are that bad.

    A single offending child speaks for the parent, so that the reader sees the cause and not a count.
    """
    if not children:
        return Result(name=name, status=Status.SKIPPED, reason=Reason.NOT_CONFIGURED)
    status = worst(children)
    if status not in (Status.FAILED, Status.WARNED):
        return Result(name=name, status=status, reason=quiet, children=children)
    judged = [child for child in children if child.status is not Status.SKIPPED]
    bad = [child for child in judged if child.status is status]
    if len(bad) == 1:
        (only,) = bad
        return Result(name=name, status=status, reason=only.reason, values=only.values, tier=only.tier, children=children)
    reason = Reason.PART_FAILED if status is Status.FAILED else Reason.PART_WARNED
    values: dict[str, Value] = {"count": len(bad), "total": len(judged)}
    return Result(name=name, status=status, reason=reason, values=values, children=children)
