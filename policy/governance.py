"""What people decided about a change: holds that keep it from being merged, and waivers of failing checks. Pure.

Both come from comments, whose authors the caller held against their permissions of now; nothing here knows GitHub.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policy.reasons import UNUSABLE, Reason
from policy.result import Result, Status, Value, combine, worst

_NEVER_WAIVED = UNUSABLE | {
    Reason.ERROR,
    Reason.OUTSIDE,
    Reason.MISSING_PART,
    Reason.FACTS_REFUSED,
    Reason.NOT_REACHED,
}
"""Whoever waives accepts what is known. What is missing or could not be computed is not known."""
WAIVABLE_PARTS = frozenset({"data", "drift", "evaluation", "fairness"})


@dataclass(frozen=True)
class Hold:
    """Somebody asks that this is not merged yet."""

    by: str
    because: str = ""


@dataclass(frozen=True)
class Waiver:
    """Somebody in charge accepts that a check fails, until the end of a day (UTC)."""

    gate: str
    by: str
    because: str
    until: date


@dataclass(frozen=True)
class Decided:
    """All of it, as of one day."""

    holds: Sequence[Hold] = ()
    waivers: Sequence[Waiver] = ()
    today: date = date.min


NOTHING = Decided()


def waived(part: Result, decided: Decided) -> Result:
    """A part with its waived checks as warnings that say who waived them; its status follows from them.

    A waiver that ran out, or that names a check which passes or is unusable, changes nothing.
    """
    standing = {each.gate: each for each in decided.waivers if each.until >= decided.today}
    return _waived(part, standing) if part.name in WAIVABLE_PARTS and standing else part


def can_be_waived(leaf: Result) -> bool:
    """Whether a check fails for a reason that somebody may answer for."""
    return leaf.status is Status.FAILED and leaf.reason not in _NEVER_WAIVED


def held(part: Result, decided: Decided) -> Result:
    """The part about governance, red where somebody holds the change."""
    children = [
        Result(
            name="hold",
            status=Status.FAILED,
            reason=Reason.HELD_BECAUSE if each.because else Reason.HELD,
            values={"by": each.by, "because": each.because},
        )
        for each in decided.holds
    ]
    return combine(part.name, [*children, part.model_copy(update={"name": "policy"})]) if children else part


def _waived(result: Result, standing: Mapping[str, Waiver]) -> Result:
    """The tree with what is waived; a parent is combined again where a child of it changed."""
    waiver = standing.get(result.name)
    if waiver is not None and can_be_waived(result):
        return _accepted(result, waiver)
    children = [_waived(child, standing) for child in result.children]
    if children == result.children:
        return result
    if result.status is not worst(result.children):  # judged by a rule of its own, such as the share of columns that moved
        return result.model_copy(update={"children": children})
    whole = combine(result.name, children)
    return whole.model_copy(update={"file": whole.file or result.file, "line": whole.line or result.line})


def _accepted(result: Result, waiver: Waiver) -> Result:
    """A failing check and all that fails below it, as a warning; what is unusable below it keeps it red."""
    children = [_accepted(child, waiver) if child.status is Status.FAILED else child for child in result.children]
    if not can_be_waived(result) or worst(children) is Status.FAILED:
        return result.model_copy(update={"children": children})
    values: dict[str, Value] = {
        "why": result.why,
        "by": waiver.by,
        "because": waiver.because,
        "until": waiver.until.isoformat(),
    }
    return result.model_copy(update={"status": Status.WARNED, "reason": Reason.WAIVED, "values": values, "children": children})
