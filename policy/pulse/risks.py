"""What is open and has to be seen to; out of the ledger: checks waived, emergencies not reviewed, incidents, locks. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from policy.environments import Environment
from policy.ledger import Decision, Entry, Kept
from policy.pulse.forecast import due

SOON = timedelta(days=7)
"""What ends within a week ends soon."""
REMEMBERED = timedelta(days=30)
"""How long a waiver that has expired is still named: the check that it let pass counts again, and somebody should look."""
NOBODY = "nobody yet"
REMOVED = "taken out of the ledger"
_MOVES = (Decision.PROMOTED, Decision.ROLLED_BACK)


class Kind(StrEnum):
    """What kind of risk it is."""

    WAIVER = "waiver"
    REVIEW = "review outstanding"
    INCIDENT = "incident"
    LOCK = "lock"
    DRIFT = "finding in production"
    SILENCE = "production unwatched"
    FAIRNESS = "fairness"
    CONTRACT = "contract to look over"


class Urgency(StrEnum):
    """How pressing it is."""

    OVERDUE = "overdue"
    SOON = "ends soon"
    OPEN = "open"


@dataclass(frozen=True)
class Risk:
    """Something open. `about` says what in plain text that may hold names; `number` is that of its issue or pull request.

    `until` is when it is over or has to be done, None for what has no end. `key` names it in whatever is written of it.
    """

    kind: Kind
    about: str
    owner: str
    since: datetime
    until: datetime | None
    number: int | None
    key: str

    def late(self, now: datetime) -> timedelta | None:
        """How long it is overdue; None where it is not, or cannot be. An incident is from the moment it is known."""
        end = self.since if self.kind is Kind.INCIDENT else self.until
        return now - end if end is not None and end <= now else None

    def urgency(self, now: datetime) -> Urgency:
        """How pressing it is at a moment."""
        if self.late(now) is not None:
            return Urgency.OVERDUE
        return Urgency.SOON if self.until is not None and self.until - now <= SOON else Urgency.OPEN


def register(
    kept: Sequence[Kept],
    environments: Mapping[str, Environment],
    now: datetime,
    over: Collection[int] = (),
    beside: Sequence[Risk] = (),
) -> list[Risk]:
    """What is open at a moment, what is most overdue first, then what ends soonest, then what is oldest.

    `over` are the numbers of issues about incidents that are known to be closed: an alias that somebody set right by hand leaves
    no entry. `beside` is what is open and does not come out of the ledger.
    """
    past = [each for each in kept if datetime.fromisoformat(each.entry.time) <= now]
    found = [*_waivers(past, now), *_reviews(past, environments), *_incidents(past, environments, over), *_locks(past), *beside]
    return sorted(found, key=lambda each: _order(each, now))


def _order(risk: Risk, now: datetime) -> tuple[int, float, str]:
    late = risk.late(now)
    if late is not None:
        return 0, -late.total_seconds(), risk.key
    if risk.until is not None:
        return 1, risk.until.timestamp(), risk.key
    return 2, risk.since.timestamp(), risk.key


def _waivers(kept: Sequence[Kept], now: datetime) -> Iterator[Risk]:
    """The last waiver of each check on each pull request, until a month after it expired."""
    last = {(each.entry.subject.number, each.entry.subject.gate): each for each in kept if each.entry.decision is Decision.WAIVED}
    for each in last.values():
        end = _day(each.entry.inputs.get("until"))
        if end is not None and now - end <= REMEMBERED:
            yield _risk(each, Kind.WAIVER, each.entry.subject.gate, each.personal.login if each.personal else REMOVED, end)


def _reviews(kept: Sequence[Kept], environments: Mapping[str, Environment]) -> Iterator[Risk]:
    """Promotions and rollbacks past the rules that nobody has reviewed since."""
    done: set[tuple[str, object]] = set()
    waiting: dict[tuple[str, object], Kept] = {}
    for each in kept:
        at: tuple[str, object] = (each.entry.subject.environment, each.entry.inputs.get("approved"))
        if each.entry.decision is Decision.REVIEWED:
            done.add(at)
        elif each.entry.decision in _MOVES and each.entry.inputs.get("glass") is True:
            waiting[at] = each
    for at, each in waiting.items():
        if at not in done:
            environment = environments.get(each.entry.subject.environment)
            within = environment.review_within if environment else None
            end = datetime.fromisoformat(each.entry.time) + within if within else None
            yield _risk(each, Kind.REVIEW, _moved(each.entry), _role(environment), end)


def _incidents(kept: Sequence[Kept], environments: Mapping[str, Environment], over: Collection[int]) -> Iterator[Risk]:
    """Aliases that no promotion moved, until a promotion or rollback moved them since."""
    for index, each in enumerate(kept):
        about = each.entry.subject
        if each.entry.decision is Decision.INCIDENT and about.number not in over:
            later = (one.entry for one in kept[index + 1 :])
            if not any(one.decision in (*_MOVES, Decision.INCIDENT) and same_place(one, each.entry) for one in later):
                where = f"{about.model}@{about.environment}"
                said = f"{where} points to {f'version {about.version}' if about.version else 'nothing'}, which was not promoted"
                yield _risk(each, Kind.INCIDENT, said, _role(environments.get(about.environment)), None)


def _locks(kept: Sequence[Kept]) -> Iterator[Risk]:
    """Locks that people took and nobody gave back."""
    held: dict[str, Kept] = {}
    for each in kept:
        if each.entry.decision is Decision.LOCKED:
            held[each.entry.subject.environment] = each
        elif each.entry.decision is Decision.UNLOCKED:
            held.pop(each.entry.subject.environment, None)
    for name, each in held.items():
        yield _risk(each, Kind.LOCK, name, each.personal.login if each.personal else REMOVED, None)


def same_place(one: Entry, other: Entry) -> bool:
    """Whether two entries are about the same model in the same environment."""
    return (one.subject.model, one.subject.environment) == (other.subject.model, other.subject.environment)


def _risk(kept: Kept, kind: Kind, about: str, owner: str, until: datetime | None) -> Risk:
    entry = kept.entry
    return Risk(kind, about, owner, datetime.fromisoformat(entry.time), until, entry.subject.number, entry.key)


def _moved(entry: Entry) -> str:
    how = "was gone back to" if entry.decision is Decision.ROLLED_BACK else "was promoted past the rules"
    return f"{entry.subject.model} version {entry.subject.version} {how} in {entry.subject.environment}"


def _role(environment: Environment | None) -> str:
    back = environment.back if environment else None
    return f"the role {back.role}" if back else NOBODY


def _day(until: object) -> datetime | None:
    try:
        return due(date.fromisoformat(str(until)))
    except ValueError:
        return None
