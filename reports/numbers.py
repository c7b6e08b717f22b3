"""Numbers for people: 225,008; −0.012 (−0.015 … −0.009); 1 min 12 s; 1.2 GiB; 12.3 %.

All functions return plain text made of digits, signs and units; nothing here needs escaping.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MINUS = "−"
MISSING = "—"
_MOST_DECIMALS = 6
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def count(value: int | None) -> str:
    """A whole number: 225,008."""
    return MISSING if value is None else f"{value:,}".replace("-", MINUS)


def signed(value: int) -> str:
    """A whole number with its sign: +58,850, −12, 0."""
    return count(value) if value <= 0 else f"+{value:,}"


def number(value: float | None, digits: int = 4) -> str:
    """A number to so many significant digits, without trailing zeros."""
    if value is None:
        return MISSING
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else f"{MINUS if value < 0 else ''}∞"
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude >= 15 or magnitude < -_MOST_DECIMALS:
        return _scientific(value, digits)
    decimals = max(0, digits - 1 - magnitude)
    shown = fixed(value, decimals)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def fixed(value: float, decimals: int, *, sign: bool = False) -> str:
    """A number to so many decimals, with a real minus sign and, if asked, a plus."""
    shown = f"{abs(value):,.{decimals}f}"
    zero = not shown.strip("0.,")
    return f"{'' if zero else MINUS if value < 0 else '+' if sign else ''}{shown}"


def _scientific(value: float, digits: int, *, sign: bool = False) -> str:
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    lead = MINUS if value < 0 else "+" if sign else ""
    return f"{lead}{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


@dataclass(frozen=True, slots=True)
class Compared:
    """The numbers of one comparison, all to the same decimals. `change` has its interval behind it where there is one."""

    base: str
    head: str
    change: str


def compared(
    base: float | None,
    head: float | None,
    change: float | None = None,
    low: float | None = None,
    high: float | None = None,
    beside: str = "",
) -> Compared:
    """Base, head and change, all to the same decimals.

    How large the values are decides how many: three for what lies below 10, so that the columns of a table stand calm. More are
    shown where two values that differ would read alike, the change or an end of its interval as nothing, or any of them like a
    limit that stands `beside` it and that it does not meet.
    """
    if change is None and base is not None and head is not None:
        change = head - base
    values = [value for value in (base, head, change, low, high) if value is not None]
    if not all(math.isfinite(value) for value in values):
        return Compared(number(base), number(head), number(change))
    decimals = _decimals(base, head, change, low, high, beside)
    if decimals is None:
        return Compared(number(base), number(head), _with_interval(*(_signed(value) for value in (change, low, high))))

    def at(value: float | None, sign: bool = False) -> str:
        return MISSING if value is None else "0" if sign and value == 0 else fixed(value, decimals, sign=sign)

    return Compared(at(base), at(head), _with_interval(*(at(value, True) for value in (change, low, high))))


def _signed(value: float | None) -> str:
    shown = number(value)
    return f"+{shown}" if value is not None and value > 0 else shown


def _with_interval(change: str, low: str, high: str) -> str:
    return change if MISSING in (low, high) else f"{change} ({low} … {high})"


def _decimals(
    base: float | None, head: float | None, change: float | None, low: float | None, high: float | None, beside: str
) -> int | None:
    """How many decimals to show; None where fixed decimals would not serve (tiny or huge numbers)."""
    sizes = [abs(value) for value in (base, head, change, low, high) if value is not None]
    if max(sizes, default=0.0) >= 1e15:
        return None
    start = min(_usual(max([abs(value) for value in (base, head) if value is not None], default=abs(change or 0.0))), _own(sizes))
    tried = range(start, _MOST_DECIMALS + 3)
    told_apart = [decimals for decimals in tried if _tells_apart(base, head, change, decimals)]
    honest = (each for each in told_apart[:_FEW] if _is_honest((base, head), (change, low, high), each, beside))
    return next(honest, told_apart[0] if told_apart else None)


_FEW = 4
"""Decimals beyond the usual that a near miss of a limit is worth."""


def _usual(largest: float) -> int:
    """Decimals for values of this size: 0.709, 1.148, 12.34, 1,235; small ones to three digits."""
    return max(3, _places(largest, 3)) if largest < 10 else max(0, _places(largest, 4))


def _own(sizes: list[float]) -> int:
    return max(map(_own_decimals, sizes), default=0)


def _tells_apart(base: float | None, head: float | None, change: float | None, decimals: int) -> bool:
    """Whether base and head read as different where they are, and nothing reads as zero that is not."""
    if any(value and not round(value, decimals) for value in (base, head, change)):
        return False
    return base is None or head is None or base == head or fixed(base, decimals) != fixed(head, decimals)


def _places(value: float, digits: int) -> int:
    """Decimals at which `value` has so many significant digits."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value else 0


def _own_decimals(value: float) -> int:
    """Decimals of the shortest decimal that means `value` to nine digits: 1 for 3.1, 0 for 12."""
    _, _, decimals = f"{value:.9f}".rstrip("0").partition(".")
    return len(decimals)


def _is_honest(values: tuple[float | None, ...], changes: tuple[float | None, ...], decimals: int, beside: str) -> bool:
    """Whether no end of the interval reads as zero that is not, and nothing reads like a limit that it is not."""
    if any(value and not round(value, decimals) for value in changes):
        return False
    known = [value for value in (*values, *changes) if value is not None]
    return not any(
        fixed(limit, decimals) == fixed(value, decimals) and not math.isclose(limit, value, rel_tol=1e-9)
        for limit in _limits(beside)
        for value in known
    )


@lru_cache(maxsize=256)
def _limits(beside: str) -> list[float]:
    """The limits in a text such as `≥ −0.005`; percentages are of something else and drop out."""
    plain = beside[:200].replace(",", "").replace(" %", "%").replace(MINUS, "-")
    return [float(each) for each in re.findall(r"-?\d{1,15}(?:\.\d+)?(?![\d.%])", plain)]


def share(value: float | None) -> str:
    """A share of 1 as per cent; what is not quite nothing or not quite all never reads as 0 % or 100 %."""
    if value is None or not math.isfinite(value):
        return MISSING
    if 0 < value < 0.0001:
        return "< 0.01 %"
    if 0.9999 < value < 1:
        return "> 99.99 %"
    percent = value * 100
    decimals = 2 if percent < 1 else 1 if percent < 99.9 else 2
    shown = f"{percent:.{decimals}f}"
    return f"{(shown.rstrip('0').rstrip('.') if '.' in shown else shown).replace('-', MINUS)} %"


def rate(value: float | None) -> str:
    """A share of 1 as per cent to one decimal, for columns of them: 9.9 %, 10.0 %."""
    return MISSING if value is None or not math.isfinite(value) else f"{fixed(value * 100, 1)} %"


def told_apart(values: Iterable[float], digits: int = 3) -> int:
    """Significant digits, at least `digits`, at which no two of these that differ read alike."""
    distinct = set(values)
    while digits < _MOST_DIGITS and len({number(value, digits) for value in distinct}) < len(distinct):
        digits += 1
    return digits


_MOST_DIGITS = 9


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units: 0.4 s, 12 s, 1 min 12 s, 3 h 5 min, 2 d 4 h."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    if seconds < 0:
        return MINUS + duration(-seconds)
    if seconds < 0.95:
        return f"{seconds:.1f} s" if seconds >= 0.05 else "< 0.1 s"
    whole = round(seconds)
    if whole < 10 and abs(seconds - whole) >= 0.05:
        return f"{seconds:.1f} s"
    for unit, length, smaller, part in (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1)):
        if whole >= length:
            first, rest = divmod(whole, length)
            return f"{first:,} {unit} {rest // part} {smaller}" if rest // part else f"{first:,} {unit}"
    return f"{whole} s"


def size(value: int | None) -> str:
    """A number of bytes in binary units: 812 B, 1.2 GiB."""
    if value is None:
        return MISSING
    amount = float(abs(value))
    sign = MINUS if value < 0 else ""
    if amount < 1024:
        return f"{sign}{amount:.0f} B"
    for unit in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        amount /= 1024
        if amount < 1023.95 or unit == "PiB":
            return f"{sign}{amount:.1f} {unit}" if amount < 99.95 else f"{sign}{amount:,.0f} {unit}"
    raise AssertionError("the largest unit takes every amount")
