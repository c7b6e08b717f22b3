"""Where a metric is heading: a straight line through the versions so far, carried on to the day of the objective. Pure.

The line is that of least squares over time, and the interval the one for a new observation under its usual assumptions
(Montgomery, Peck & Vining, "Introduction to Linear Regression Analysis", section 2.5): Student's t with two degrees of freedom
fewer than there are versions. With few versions it is wide, which is what few versions can say. That the past goes on as it did
is an assumption and no finding; so there is a chance beside each forecast, and fewer than three versions make none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import sqrt

from policy.confidence import slack
from policy.metrics import Better
from policy.pulse import student

LEVEL = 0.8
"""Of the interval: in four of five cases the value lies in it, if the past goes on."""
FEWEST = 3
"""Versions that a forecast needs: two always lie on a line."""
_DAY = 86_400.0
_NOISE = 1e-9


class Outlook(StrEnum):
    """What an objective comes to."""

    REACHED = "reached"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    MISSED = "missed"
    TOO_LITTLE = "too little history to tell"


@dataclass(frozen=True)
class Point:
    """The value of a metric in a version that was registered at a moment."""

    label: str
    at: datetime
    value: float


@dataclass(frozen=True)
class Forecast:
    """What comes of an objective. `expected`, `low` and `high` are for the end of its last day, in the metric's own unit; None
    where there is nothing to tell from, or the day is over. `chance` is that of meeting the target then."""

    outlook: Outlook
    latest: Point | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None


def due(by: date) -> datetime:
    """The moment at which a last day is over, in UTC."""
    return datetime.combine(by, time(), UTC) + timedelta(days=1)


def meets(value: float, target: float, better: Better) -> bool:
    """Whether a value is the target or better."""
    room = slack(value, target)
    return value >= target - room if better == "higher" else value <= target + room


def forecast(points: Sequence[Point], target: float, better: Better, by: date, now: datetime) -> Forecast:
    """Judge an objective from the versions up to now, in any order.

    `reached`: the newest version meets the target, whatever the day. `missed`: it does not, and the day is over. Else `on track`
    where the line meets the target at the end of the day, `at risk` where it does not.
    """
    known = sorted((each for each in points if each.at <= now), key=lambda each: each.at)
    latest = known[-1] if known else None
    reached = latest is not None and meets(latest.value, target, better)
    if now >= due(by):
        return Forecast(Outlook.REACHED if reached else Outlook.MISSED, latest)
    line = _line(known, due(by), target, better)
    if line is None:
        return Forecast(Outlook.REACHED if reached else Outlook.TOO_LITTLE, latest)
    expected, low, high, chance = line
    ahead = Outlook.ON_TRACK if meets(expected, target, better) else Outlook.AT_RISK
    return Forecast(Outlook.REACHED if reached else ahead, latest, expected, low, high, chance)


def _line(known: Sequence[Point], when: datetime, target: float, better: Better) -> tuple[float, float, float, float] | None:
    """The value at a moment, its interval, and the chance that it meets the target; None where no line can be drawn."""
    count = len(known)
    if count < FEWEST:
        return None
    days = [(each.at - known[0].at).total_seconds() / _DAY for each in known]
    # Values are measured from the first, so that where the scale has its zero makes no difference.
    rises = [each.value - known[0].value for each in known]
    middle, mean = sum(days) / count, sum(rises) / count
    spread = sum((day - middle) ** 2 for day in days)
    if spread == 0:
        return None
    slope = sum((day - middle) * (rise - mean) for day, rise in zip(days, rises, strict=True)) / spread
    ahead = (when - known[0].at).total_seconds() / _DAY - middle
    expected = known[0].value + mean + slope * ahead
    left = [rise - mean - slope * (day - middle) for day, rise in zip(days, rises, strict=True)]
    if max(map(abs, left)) <= _NOISE * max(map(abs, rises)):
        return expected, expected, expected, float(meets(expected, target, better))
    error = sqrt(sum(each**2 for each in left) / (count - 2) * (1 + 1 / count + ahead**2 / spread))
    reach = student.quantile((1 + LEVEL) / 2, count - 2) * error
    below = student.cdf((target - expected) / error, count - 2)
    return expected, expected - reach, expected + reach, below if better == "lower" else 1 - below
