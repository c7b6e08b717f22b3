"""Where a version of a model comes from, what it replaced and when. Pure: what a registry knows, put in order.

A registry forgets what an alias pointed to before. So each version remembers in the tag `assay.alias.<alias>` from when until
when it had that alias; what nobody noted is said to be unknown.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from policy.origin import Origin

_PREFIX = "assay.alias."
_ALIAS = re.compile(r"[A-Za-z0-9_-]{1,100}")
_NUMBER = re.compile(r"v?([1-9][0-9]{0,8})")
_LIMIT = 4_000
_PERIODS = 60
"""As many as fit into a tag; older ones give way."""


@dataclass(frozen=True)
class Step:
    """One version as it stands in the registry. `faults` say why it has no `origin`."""

    version: int
    created: datetime
    origin: Origin | None
    faults: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    run: str | None = None
    source: str = ""
    by: str = ""
    """Who made it, as far as the registry says."""


@dataclass(frozen=True)
class Reign:
    """A version had an alias from `since` until `until`; None for a moment that nobody noted, and for one that has not come."""

    alias: str
    version: int
    since: datetime | None
    until: datetime | None
    present: bool
    """Whether it has the alias now."""


@dataclass(frozen=True)
class Lineage:
    """One version among those before and after it, in the order of their numbers."""

    model: str
    step: Step
    before: Step | None
    steps: tuple[Step, ...]
    reigns: tuple[Reign, ...]

    @property
    def complete(self) -> bool:
        """Whether everything that a version of Assay's has is there."""
        return self.step.origin is not None

    def at(self, alias: str) -> int | None:
        """The version that an alias points to now; None where it points nowhere."""
        return next((each.version for each in self.reigns if each.present and each.alias == alias), None)


@dataclass(frozen=True)
class Change:
    """What differs from the version before, in words of ours: `what` (such as a path), and the two values."""

    what: str
    before: str | None
    after: str | None


def named(text: str) -> tuple[str, int | None, str | None]:
    """`MODEL@3`, `MODEL@v3` or `MODEL@alias` as model, number and alias.

    Raises ValueError where it is neither.
    """
    model, at, which = text.rpartition("@")
    if not at or not model:
        raise ValueError(text)
    if number := _NUMBER.fullmatch(which):
        return model, int(number[1]), None
    if not _ALIAS.fullmatch(which):
        raise ValueError(text)
    return model, None, which


def changes(step: Step, before: Step | None) -> list[Change]:
    """What a version has that the one before had not: code, policy, parameters, model and data, in that order."""
    new, old = step.origin, before.origin if before else None
    if new is None or old is None:
        return []
    pairs = [
        ("code", old.code_sha, new.code_sha),
        ("policy", old.policy_digest, new.policy_digest),
        ("parameters", old.params_digest, new.params_digest),
        (new.model_path, old.model_digest, new.model_digest),
        *((path, old.data.get(path), new.data.get(path)) for path in sorted({*old.data, *new.data})),
    ]
    return [Change(what, was, now) for what, was, now in pairs if was != now]


def began(tags: Mapping[str, str], alias: str, at: datetime) -> dict[str, str]:
    """The tag that says that a version has an alias from a moment on. `tags` are those that it has already.

    Raises ValueError for an alias that no registry takes.
    """
    periods = [period for period in _periods(tags, alias) or [] if period[1] is not None]
    return _written(alias, [*periods, (at, None)])


def ended(tags: Mapping[str, str], alias: str, at: datetime) -> dict[str, str]:
    """The tag that says that a version lost an alias at a moment, whether or not it was noted when it got it."""
    periods = _periods(tags, alias) or []
    closed = [period for period in periods if period[1] is not None]
    since = next((period[0] for period in periods if period[1] is None), None)
    return _written(alias, [*closed, (since, at)])


def reigns(versions: Mapping[int, tuple[Mapping[str, str], Sequence[str]]]) -> list[Reign]:
    """Who had which alias when, the latest first. Given are the tags and the present aliases of each version."""
    found = []
    for number, (tags, present) in versions.items():
        aliases = {key.removeprefix(_PREFIX) for key in tags if key.startswith(_PREFIX)} | set(present)
        for alias in sorted(aliases):
            noted = _periods(tags, alias) or []
            # An open period of a version that lost the alias: it was moved around us, and nobody noted when.
            found += [Reign(alias, number, since, until, until is None and alias in present) for since, until in noted]
            if alias in present and not any(until is None for _, until in noted):
                found.append(Reign(alias, number, None, None, True))
    return sorted(found, key=lambda each: (each.present, each.since or each.until or _BEFORE, each.version), reverse=True)


def unended(versions: Mapping[int, tuple[Mapping[str, str], Sequence[str]]], alias: str) -> tuple[int, datetime] | None:
    """The version that had an alias before the present one, and when it lost it, where that was never noted.

    Whoever moves an alias notes both at one moment: that one ended is missing only where the mover was cut off in between.
    """
    every = [each for each in reigns(versions) if each.alias == alias]
    moment = next((each.since for each in every if each.present), None)
    if moment is None or any(each.until == moment for each in every):
        return None
    before = [each for each in every if not each.present and each.until is None and each.since and each.since <= moment]
    return (before[0].version, moment) if before else None


_BEFORE = datetime.min.replace(tzinfo=UTC)
_Period = tuple[datetime | None, datetime | None]


def _periods(tags: Mapping[str, str], alias: str) -> list[_Period] | None:
    """The periods that a tag holds; None where there is none, or it is not what we write."""
    try:
        given = json.loads(tags[f"{_PREFIX}{alias}"][: 2 * _LIMIT])
        return [(_read(since), _read(until)) for since, until in given]
    except (KeyError, ValueError, TypeError, RecursionError):
        return None


def _read(moment: Any) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, str):
        raise ValueError(moment)
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _written(alias: str, periods: Sequence[_Period]) -> dict[str, str]:
    if not _ALIAS.fullmatch(alias):
        raise ValueError(f"no registry has an alias {alias!r}")
    kept = [[moment and moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in each] for each in periods]
    return {f"{_PREFIX}{alias}": json.dumps(kept[-_PERIODS:], separators=(",", ":"))}
