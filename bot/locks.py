"""Locks: leases owned by a pull request or a run, kept as files of one branch. Deciding is pure; writing is compare-and-set.

A lock is a file `NAME.json` on the branch `assay-locks`, so its history is git's. It is made only where there is none, and
changed only as long as it is what was seen, which GitHub checks. Each change of hands counts the fencing token up: a holder whose
lease ran out and who comes back late finds another token and may write nothing. Times are the server's. What cannot be read
holds.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.effects import MoveLock

BRANCH = "assay-locks"
ALL = "all"
"""The lock of everything: a freeze."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")


@dataclass(frozen=True)
class Lock:
    """A lock's record. `owner` is `#12` or `run 4711`, empty where it is free; `until` is when the lease ends, if it does."""

    name: str
    owner: str
    by: str
    by_id: int
    because: str
    since: str
    until: str | None
    token: int


@dataclass(frozen=True)
class Seen:
    """A lock as it was read: `version` names the file's content (None: there is none), `now` is the server's time."""

    name: str
    version: str | None
    lock: Lock | None
    now: datetime

    @property
    def unreadable(self) -> bool:
        """Whether there is a record that nobody understands. It holds, and is never mended by itself."""
        return self.version is not None and self.lock is None

    @property
    def holder(self) -> Lock | None:
        """Who holds it now; None where it is free or the lease ran out."""
        if self.lock is None or not self.lock.owner:
            return None
        over = self.lock.until is not None and datetime.fromisoformat(self.lock.until) <= self.now
        return None if over else self.lock


class Blocked(Exception):
    """Somebody else holds it, or nobody can tell. `lock` is None where it cannot be read."""

    def __init__(self, lock: Lock | None) -> None:
        super().__init__("the lock is held" if lock else "the lock cannot be read")
        self.lock = lock


def is_name(name: str) -> bool:
    """Whether it can be a lock's name. Each name is one file and no other: nothing is encoded, so nothing can collide."""
    return bool(_NAME.match(name))


def path(name: str) -> str:
    """The file of a lock. Raises ValueError for what is no name."""
    if not is_name(name):
        raise ValueError(f"{name!r} is no name of a lock")
    return f"{name}.json"


def parse(name: str, raw: bytes) -> Lock | None:
    """A record; None for what is none, or is about another lock."""
    try:
        data = json.loads(raw)
        lock = Lock(**data)
        known = [lock.owner, lock.by, lock.because, lock.since]
        times = [datetime.fromisoformat(each) for each in (lock.since, lock.until) if each is not None]
    except (ValueError, TypeError):
        return None
    sound = lock.name == name and all(isinstance(each, str) for each in known) and type(lock.token) is int and lock.token > 0
    return lock if sound and type(lock.by_id) is int and all(each.tzinfo for each in times) else None


def text(lock: Lock) -> str:
    """A record as its file holds it."""
    return json.dumps(asdict(lock), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def acquire(
    seen: Seen, owner: str, by: str, by_id: int, because: str = "", lease: timedelta | None = None
) -> tuple[Lock, MoveLock | None]:
    """Take a lock: the claim, and what to write; nothing where this owner holds it already.

    Raises Blocked where somebody else does, or where it cannot be read.
    """
    if seen.unreadable:
        raise Blocked(None)
    if (held := seen.holder) is not None:
        if held.owner != owner:
            raise Blocked(held)
        return held, None
    until = (seen.now + lease).isoformat() if lease else None
    token = (seen.lock.token if seen.lock else 0) + 1
    lock = Lock(seen.name, owner, by, by_id, because, seen.now.isoformat(), until, token)
    return lock, MoveLock(seen.name, text(lock), seen.version)


def renew(seen: Seen, claim: Lock, lease: timedelta) -> MoveLock:
    """Make a lease last from now on. Raises Blocked where the claim is not the one that stands: another token, or its end."""
    held = seen.holder
    if held is None or (held.owner, held.token) != (claim.owner, claim.token):
        raise Blocked(held)
    longer = replace(held, until=(seen.now + lease).isoformat())
    return MoveLock(seen.name, text(longer), seen.version)


def release(seen: Seen, by: str, by_id: int, because: str = "") -> MoveLock | None:
    """Free a lock; nothing where it is free. Raises Blocked where it cannot be read. Who may is for the caller to say."""
    if seen.unreadable:
        raise Blocked(None)
    if seen.lock is None or not seen.lock.owner:
        return None
    free = Lock(seen.name, "", by, by_id, because, seen.now.isoformat(), None, seen.lock.token + 1)
    return MoveLock(seen.name, text(free), seen.version)


def in_the_way(seen: Mapping[str, Seen], name: str, owner: str, break_glass: str = "") -> Seen | None:
    """The lock that keeps `owner` from touching `name`: the freeze before the lock itself, whatever cannot be read among them.

    With a reason to break the glass nothing is in the way; whoever passes it tells the ledger.
    """
    if break_glass.strip():
        return None
    for each in (seen[key] for key in (ALL, name) if key in seen):
        held = each.holder
        if each.unreadable or (held is not None and held.owner != owner):
            return each
    return None


class Writes(Protocol):
    """What writing takes of the gateway."""

    def put_lock(self, file: str, record: str, version: str | None) -> None:
        """Write a file of the branch, as long as its content is `version` (None: as long as there is none)."""


def write(gateway: Writes, name: str, record: str, version: str | None) -> None:
    """Write a lock's next record. Raises Refused where the lock is not any more what was seen."""
    gateway.put_lock(path(name), record, version)
