"""Looks at production, for tests."""

from datetime import UTC, datetime, timedelta

from policy.reasons import Reason
from policy.result import Result, Status
from policy.sighting import Severity, Sighting

MODEL = "flight-delay"
BEGIN = datetime(2026, 7, 1, 6, tzinfo=UTC)
_STATUS = {Severity.NONE: Status.PASSED, Severity.LOW: Status.WARNED}


def found(severity: Severity, column: str = "delay") -> Result:
    """What was found: one column that moved, unless there is nothing."""
    if severity is Severity.NONE:
        return Result(name="monitor", status=Status.PASSED, reason=Reason.HOLDS)
    status = _STATUS.get(severity, Status.FAILED)
    child = Result(name=column, status=status, reason=Reason.ERROR, values={"what": "it moved", "next": "look at it"})
    return Result(name="monitor", status=status, reason=child.reason, values=child.values, children=[child])


def seen(severity: str = "none", day: float = 0, **more: object) -> Sighting:
    """A look, some days after the first."""
    level = Severity(severity)
    at = (BEGIN + timedelta(days=day)).isoformat()
    told = {"model": MODEL, "version": "7", "at": at, "rows": 1_200, "severity": level, "result": found(level)}
    return Sighting.model_validate({**told, "numbers": {"auc": 0.5 + 0.1 * day % 0.5}, **more})
