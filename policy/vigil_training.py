"""Whether what rose in production asks for a training, and what became of that. Pure.

It is written down beside the look that made it so, in a file that is written over the version that was read and no other: so
of several who come at once one starts it, and whoever comes after a crash knows that it may have been started.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from policy.sighting import Severity
from policy.vigil import Watch, stage, weight
from policy.vigil_history import Look, Training, order

SETTLED = timedelta(minutes=20)
"""How long whoever is about to start one has it in hand. After that it was cut off, and the next one sees to it."""


def asking(watch: Watch, at: Severity, history: Sequence[Look]) -> Look | None:
    """The look by which the present rise asks for a training, `at` being the severity from which it does; None where none does.

    What became of it stands there. A look that comes late, and makes the rise older, asks for no second one.
    """
    found = stage(watch, history)
    if found.kind != "risen" or found.cause is None or weight(found.top) < weight(at):
        return None
    since = [each for each in history if order(each) >= order(found.cause)]
    return next((each for each in since if each.training is not None), found.cause)


def due(watch: Watch, at: Severity, history: Sequence[Look], now: datetime) -> Look | None:
    """The look by which a training is to be started now; None where there is none, or somebody has it in hand.

    What could not be started is tried again with the next look; what the budget does not let is left to people.
    """
    found = asking(watch, at, history)
    before = found.training if found is not None else None
    if before is None:
        return found
    if before.state == "due":
        return found if now - before.moment >= SETTLED else None
    return found if before.state in ("missing", "refused") and history[-1].moment > before.moment else None


def noted(history: Sequence[Look], asked: Look, training: Training) -> tuple[Look, ...]:
    """The history in which this became of what a look asked for."""
    return tuple(each.model_copy(update={"training": training}) if each.digest == asked.digest else each for each in history)


def key(asked: Look) -> str:
    """What names its run: the same however often it is tried."""
    return f"monitor-{asked.digest}"
