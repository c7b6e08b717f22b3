"""What becomes of the looks at production: its section of `assay.yml`, and what a history of them comes to. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from policy import vigil_history
from policy.durations import Duration
from policy.models import Section
from policy.proposing import Retrain
from policy.roles import RoleName, Roles
from policy.sighting import Severity, Sighting
from policy.vigil_history import Look

_ORDER = tuple(Severity)


class Watch(Section):
    """What becomes of what `assay monitor` finds in production: one issue for the model, by `assay sight`."""

    opens_at: Literal["low", "medium", "high"] = "medium"
    """The severity from which there is an issue; what is below it is clean."""
    clean: Annotated[int, Field(ge=1, le=100)] = 3
    """How many clean looks in a row close the issue."""
    tell: RoleName | None = None
    """The role of `roles` that is mentioned when the issue is opened, when it becomes worse, and when nobody looks any more."""
    every: Duration = Field(default="1 day", validate_default=True, gt=timedelta(0))
    """How often the model is to be looked at."""
    late_after: Duration = Field(default="12 hours", validate_default=True)
    """How much later than that the next look may come. What is later is told on the issue: a silent monitor finds nothing."""

    @property
    def limit(self) -> Severity:
        """The severity from which there is an issue."""
        return Severity(self.opens_at)


@dataclass(frozen=True)
class Stage:
    """What a history comes to.

    `risen` is something that is open, `over` nothing for as long as the policy asks; `quiet` says that there are too few looks to
    tell. `cause` is the look that made it so, `top` the worst of what is open, and `clean` how many clean looks came last.
    """

    kind: Literal["quiet", "risen", "over"] = "quiet"
    cause: Look | None = None
    top: Severity = Severity.NONE
    clean: int = 0

    @property
    def key(self) -> str:
        """What tells this rise from others; all that is over is one."""
        return f"risen {self.cause.digest}" if self.kind == "risen" and self.cause else self.kind


def weight(severity: Severity) -> int:
    """How bad a severity is: 0 for none, 3 for high."""
    return _ORDER.index(severity)


def stage(watch: Watch, history: Sequence[Look]) -> Stage:
    """What a history, the oldest look first, comes to by a policy."""
    found, limit = Stage(), weight(watch.limit)
    for each in history:
        if weight(each.severity) < limit:
            clean = found.clean + 1
            if clean >= watch.clean and found.kind != "over":
                found = Stage("over", each, clean=clean)
            else:
                found = Stage(found.kind, found.cause, found.top, clean)
        elif found.kind != "risen" or weight(each.severity) > weight(found.top):
            found = Stage("risen", each, each.severity)
        else:
            found = Stage("risen", found.cause, found.top)
    return found


def late(watch: Watch, history: Sequence[Look], now: datetime) -> Look | None:
    """The last look, where the next one should have come by now; None where it may still come, or there was never one."""
    last = history[-1] if history else None
    return last if last is not None and now - last.moment > watch.every + watch.late_after else None


def kept(watch: Watch, history: Sequence[Look], found: Sighting) -> tuple[Look, ...]:
    """A history with a sighting in its place, which is there once however often it comes.

    The oldest looks are left out where there are too many, but for the one that made the present stage, and the one by which a
    training was asked for since then.
    """
    new = vigil_history.look(found)
    if any(each.digest == new.digest for each in history):
        return tuple(history)
    grown = sorted([*history, new], key=vigil_history.order)
    return vigil_history.trimmed(grown, _pinned(watch, grown))


def _pinned(watch: Watch, history: Sequence[Look]) -> frozenset[str]:
    """The looks that a stage stands on, by digest. A look that came late may have made the rise older than its training is."""
    cause = stage(watch, history).cause
    if cause is None:
        return frozenset()
    since = [each for each in history if vigil_history.order(each) >= vigil_history.order(cause)]
    asked = next((each for each in since if each.training is not None), cause)
    return frozenset({cause.digest, asked.digest})


def people(watch: Watch, roles: Roles) -> tuple[str, ...]:
    """Whom to mention, as GitHub reads it: `@alice`, `@acme/ml`."""
    members = roles.get(watch.tell, []) if watch.tell else []
    return tuple(dict.fromkeys(each if each.startswith("@") else f"@{each}" for each in members))


def contradictions(watch: Watch | None, roles: Roles, retrain: Retrain | None) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What does not fit the rest of the policy: where, what, and what would be right."""
    if retrain is not None and retrain.at is not None:
        if watch is None:
            yield ("retrain", "at"), "there is no `watch`, so nothing in production starts a training", "write `watch: {}` too"
        elif weight(Severity(retrain.at)) < weight(watch.limit):
            what = f"there is an issue from severity {watch.opens_at} on, and what opens none starts no training"
            yield ("retrain", "at"), what, f"write `{watch.opens_at}`, or lower `watch.opens_at`"
    if watch is not None and watch.tell is not None and watch.tell not in roles:
        yield ("watch", "tell"), f"no role is called {watch.tell!r}", "name a role of `roles`"
