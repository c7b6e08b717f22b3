"""Times at which nothing is promoted, as people write them: `Fri 16:00 - Mon 08:00`, `2026-12-20 - 2027-01-02`. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(_DAYS)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_WEEKLY = re.compile(rf"({_DAY}) ({_CLOCK}) - ({_DAY}) ({_CLOCK})")
_DATES = re.compile(rf"(\d{{4}}-\d\d-\d\d)(?: ({_CLOCK}))? - (\d{{4}}-\d\d-\d\d)(?: ({_CLOCK}))?")
_DAY_LONG = 24 * 60


def _window(text: str) -> str:
    _held(text, datetime.min)
    return text


def _zone(text: str) -> str:
    try:
        _clocks(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("name a time zone such as Europe/Berlin or UTC") from None
    return text


Window = Annotated[str, AfterValidator(_window)]
"""Every week from one day and hour to another, or once between two dates, the last of which counts whole."""
TimeZone = Annotated[str, AfterValidator(_zone)]
"""A name of the IANA time zone database."""


def within(windows: Sequence[str], zone: str, now: datetime) -> str | None:
    """The first window that a moment lies in, or None. `now` knows its offset; windows are read by the clocks of the zone.

    Where clocks are set back, an hour passes twice, and a window that holds in one of them holds in both.
    """
    local = now.astimezone(_clocks(zone)).replace(tzinfo=None)
    return next((each for each in windows if _held(each, local)), None)


def _clocks(zone: str) -> tzinfo:
    """A time zone; UTC is known even where the machine has no time zone database."""
    return UTC if zone == "UTC" else ZoneInfo(zone)


def _held(window: str, local: datetime) -> bool:
    if found := _WEEKLY.fullmatch(window):
        start, end = _minute(found[1], found[2]), _minute(found[3], found[4])
        if start == end:
            raise ValueError("begin and end are the same moment of the week; write two")
        at = local.weekday() * _DAY_LONG + local.hour * 60 + local.minute
        return start <= at < end if start < end else at >= start or at < end
    if found := _DATES.fullmatch(window):
        first, last = _moment(found[1], found[2]), _moment(found[3], found[4])
        last = last if found[4] else last + timedelta(days=1)
        if last <= first:
            raise ValueError("it ends before it begins; write the earlier date first")
        return first <= local < last
    raise ValueError('write "Fri 16:00 - Mon 08:00" for every week, or "2026-12-20 - 2027-01-02" for once')


def _minute(day: str, clock: str) -> int:
    hour, minute = clock.split(":")
    return _DAYS.index(day) * _DAY_LONG + int(hour) * 60 + int(minute)


def _moment(date: str, clock: str | None) -> datetime:
    try:
        return datetime.combine(datetime.fromisoformat(date), time.fromisoformat(clock or "00:00"))
    except ValueError:
        raise ValueError(f"there is no day {date}; write one of the calendar") from None
