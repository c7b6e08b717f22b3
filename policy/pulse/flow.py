"""How models flow to where they run: the four measures of DORA, for models, out of the ledger. Pure.

The measures are those of Forsgren, Humble & Kim, "Accelerate" (2018), chapter 2: lead time, deployment frequency, change failure
rate and time to restore. A change is a version of the model here, and a deployment its promotion to the last environment.
Where there was nothing to measure, a measure is None and not nought.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from policy.ledger import Decision, Entry

WINDOW = timedelta(days=90)
"""What is measured, and what it is compared with: so long until now, and so long before that."""
_WEEK = timedelta(days=7)
_MOVES = (Decision.PROMOTED, Decision.ROLLED_BACK)


@dataclass(frozen=True)
class Window:
    """From a moment on until before another."""

    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.since <= moment < self.until

    @property
    def before(self) -> "Window":
        """As long a window that ends where this begins."""
        return Window(self.since - (self.until - self.since), self.since)


@dataclass(frozen=True)
class Spread:
    """Times of which half are at most `median`, and nine of ten at most `p90`."""

    median: timedelta
    p90: timedelta
    count: int

    @classmethod
    def of(cls, times: Sequence[timedelta]) -> "Spread | None":
        """None where there are none. `p90` is one of the times: the smallest that nine of ten do not exceed."""
        if not times:
            return None
        ordered = sorted(times)
        middle = timedelta(seconds=median(each.total_seconds() for each in ordered))
        return cls(middle, ordered[ceil(0.9 * len(ordered)) - 1], len(ordered))


@dataclass(frozen=True)
class Pulled:
    """When the pull request that a version came by was opened, and when it was merged."""

    opened: datetime
    merged: datetime


@dataclass(frozen=True)
class Flow:
    """The four measures of one window."""

    window: Window
    promotions: int
    """To the last environment."""
    lead: Spread | None
    """From when a version was registered, where the registry tells, else asked for first, until it was promoted there first."""
    per_week: float | None
    """Promotions a week, over as much of the window as the ledger covers; None for less than a week."""
    failed: int
    """Promotions after which something failed before the next one."""
    restore: Spread | None
    """From a failure until the next promotion or rollback there: from the incident, or from when the rollback was asked for."""
    unrestored: int
    """Failures after which nothing was promoted or gone back to so far."""
    opened: Spread | None = None
    """From when the pull request of a version was opened until the version was promoted there first."""
    merged: Spread | None = None
    """The part of it that came after the merge."""

    @property
    def failure_rate(self) -> float | None:
        """The share of the promotions that failed; None where there were none."""
        return self.failed / self.promotions if self.promotions else None


def measure(
    entries: Iterable[Entry],
    model: str,
    environment: str,
    window: Window,
    registered: Mapping[str, datetime] | None = None,
    pulls: Mapping[str, Pulled] | None = None,
) -> Flow:
    """Measure the promotions of a model to an environment, its last one.

    `registered` says when versions were registered; None where no registry could be asked, and then the first time that a version
    was asked for anywhere stands for it. A version without either has no lead time. `pulls` are the merged pull requests of
    versions, as far as they are known.
    """
    every = list(entries)
    mine = [each for each in every if each.subject.model == model]
    here = [each for each in mine if each.subject.environment == environment]
    began = _at(every[0]) if every else window.until
    promoted = [each for each in here if each.decision is Decision.PROMOTED]
    counted = [each for each in promoted if window.holds(_at(each))]
    covered = window.until - max(window.since, began)
    restore, unrestored = _restored(here, window)
    known = pulls or {}
    return Flow(
        window=window,
        promotions=len(counted),
        lead=Spread.of(_leads(promoted, window, registered if registered is not None else _asked(mine))),
        per_week=len(counted) / (covered / _WEEK) if covered >= _WEEK else None,
        failed=sum(_failed(each, here) for each in counted),
        restore=restore,
        unrestored=unrestored,
        opened=Spread.of(_leads(promoted, window, {version: each.opened for version, each in known.items()})),
        merged=Spread.of(_leads(promoted, window, {version: each.merged for version, each in known.items()})),
    )


def _leads(promoted: Sequence[Entry], window: Window, ready: Mapping[str, datetime]) -> list[timedelta]:
    first: dict[str, Entry] = {}
    for each in promoted:
        first.setdefault(each.subject.version, each)
    known = [each for each in first.values() if window.holds(_at(each)) and each.subject.version in ready]
    return [max(timedelta(), _at(each) - ready[each.subject.version]) for each in known]


def _asked(mine: Sequence[Entry]) -> dict[str, datetime]:
    """When each version was asked for first."""
    found: dict[str, datetime] = {}
    for each in mine:
        if each.decision is Decision.REQUESTED:
            found.setdefault(each.subject.version, _at(each))
    return found


def _failed(promotion: Entry, here: Sequence[Entry]) -> bool:
    """Whether something was gone back from, or moved around the process, before the next promotion."""
    for each in here:
        if each.sequence > promotion.sequence:
            if each.decision is Decision.PROMOTED:
                return False
            if each.decision in (Decision.ROLLED_BACK, Decision.INCIDENT):
                return True
    return False


def _restored(here: Sequence[Entry], window: Window) -> tuple[Spread | None, int]:
    """Times until a failure that began in the window was over, and how many are not. One rollback ends all before it once."""
    asked = {each.subject.number: _at(each) for each in here if each.decision is Decision.REQUESTED}
    since: datetime | None = None
    times: list[timedelta] = []
    for each in here:
        if each.decision is Decision.INCIDENT and since is None:
            since = _at(each)
        elif each.decision in _MOVES:
            if each.decision is Decision.ROLLED_BACK and since is None:
                since = asked.get(each.subject.number)
            if since is not None and window.holds(since):
                times.append(_at(each) - since)
            since = None
    return Spread.of(times), int(since is not None and window.holds(since))


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.time)
