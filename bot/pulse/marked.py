"""What the issue remembers of the last writing, in its hidden first line, which counts only where our account wrote it. Pure."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.ledger import digest
from policy.pulse.forecast import Outlook
from policy.pulse.pulse import Pulse
from policy.pulse.risks import Risk, Urgency
from reports.markdown import Markdown

LABEL = "assay: pulse"
"""By this the issue is found; anybody may put it on, so it says nothing else."""
TITLE = "Project pulse"
_MARKER = re.compile(r"<!-- assay:pulse v1 (?P<data>\{[ -;=?-~]{1,40000}\}) -->\r?\Z")
_OTHER = re.compile(r"<!-- assay:(?!pulse )")
_DIGITS = 12
_MOST = 500
"""Risks that are remembered, the most pressing: as many as fit into the text beside what people read."""
_AHEAD = timedelta(hours=1)
"""How far ahead of ours the clock of a runner may be."""
_BAD = (Outlook.AT_RISK, Outlook.MISSED)


@dataclass(frozen=True)
class Noted:
    """When it was written, the newest version then, what was open, what of it was overdue, and the objectives that looked bad.

    Risks and objectives are named by digests; an objective's also says how it looked.
    """

    at: datetime
    version: int = 0
    open: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    @classmethod
    def of(cls, pulse: Pulse, version: int) -> "Noted":
        """What is to be remembered of a pulse."""
        found = pulse.risks or ()
        overdue = [each for each in found if each.urgency(pulse.at) is Urgency.OVERDUE]
        return cls(pulse.at, version, _names(found), _names(overdue), looking_bad(pulse))

    def body(self, said: Markdown) -> str:
        """The text of the issue."""
        data = {"at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "version": self.version}
        lists = {"open": self.open, "overdue": self.overdue, "bad": self.bad}
        return f"<!-- assay:pulse v1 {json.dumps({**data, **lists}, sort_keys=True)} -->\n{said.source}"

    def is_worse(self, risks: Sequence[Risk], now: datetime) -> bool:
        """Whether something is open now that was not, or is overdue that was not."""
        overdue = [each for each in risks if each.urgency(now) is Urgency.OVERDUE]
        return bool({*_names(risks)} - {*self.open} or {*_names(overdue)} - {*self.overdue})


def looking_bad(pulse: Pulse) -> tuple[str, ...]:
    """The objectives that are at risk or missed, each with which of both."""
    found = ((each.objective.name, each.forecast.outlook) for each in pulse.standings or ())
    return tuple(sorted(digest([name, outlook.value])[:_DIGITS] for name, outlook in found if outlook in _BAD))


def read(source: str) -> Noted | None:
    """What a text remembers; None where its first line is no marker of ours, whole and well-formed."""
    found = _MARKER.fullmatch(source.split("\n", 1)[0])
    if found is None:
        return None
    try:
        data: dict[str, Any] = json.loads(found["data"])
        at = datetime.strptime(data.pop("at"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        noted = Noted(at, data.pop("version"), **{name: tuple(each) for name, each in data.items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    words = all(type(each) is str for each in (*noted.open, *noted.overdue, *noted.bad))
    return noted if words and type(noted.version) is int else None


def is_pulse(title: str, source: str) -> bool:
    """Whether an issue of ours is the pulse: by its first line; where somebody spoiled that, by its title."""
    return read(source) is not None or (title == TITLE and not _OTHER.match(source))


def standing(source: str, now: datetime) -> Noted | None:
    """What a text remembers, unless it claims a moment that is still to come: a clock was wrong, or somebody wrote it."""
    found = read(source)
    return None if found is None or found.at > now + _AHEAD else found


def _names(risks: Sequence[Risk]) -> tuple[str, ...]:
    return tuple(sorted(digest(each.key)[:_DIGITS] for each in risks[:_MOST]))
