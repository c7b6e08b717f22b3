"""The ledger against the registry: what it last promoted to an environment has to be what runs there. Pure."""

from collections.abc import Callable, Iterable

from policy.ledger import Decision, Entry, Fault

_MOVES = (Decision.PROMOTED, Decision.ROLLED_BACK)
Points = Callable[[str, str, str], int | None]
"""Where an alias points: by a model, a version of it, and the alias. None: nowhere."""


def newest(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """The last entry that moved the alias of a model and environment."""
    return {(each.subject.model, each.subject.environment): each for each in entries if each.decision in _MOVES}


def compare(entries: Iterable[Entry], points: Points) -> Fault | None:
    """The first entry, of those that say what runs somewhere now, that the registry contradicts."""
    for (model, environment), entry in sorted(newest(entries).items(), key=lambda each: each[1].sequence):
        now = points(model, entry.subject.version, environment)
        if str(now) != entry.subject.version:
            where = f"to version {now}" if now is not None else "nowhere"
            said = f"it moved {environment} of {model} to version {entry.subject.version}"
            return Fault(entry.sequence, f"{said}, and no later entry moved it, yet the registry points {where}")
    return None
