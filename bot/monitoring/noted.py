"""What the issue about a model in production says of itself: its hidden first line, and its labels. Pure.

The line counts only where our account opened the issue.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from policy import vigil_history
from policy.sighting import Severity
from reports.markdown import Markdown

LABEL = "assay: monitor"
"""By this the issues are found; anybody may put it on, so it says nothing else."""
LATE = "assay: nobody looks"
_SEVERITIES = tuple(f"severity: {each.value}" for each in Severity)
_MARKER = re.compile(r"<!-- assay:monitor v1 (?P<data>\{[ -;=?-~]{1,8000}\}) -->\r?\Z")

_OTHER = re.compile(r"<!-- assay:(?!monitor )")


@dataclass(frozen=True)
class Noted:
    """The model, the moment of the look that was drawn, and what was told: of the stage, and of nobody looking (may be empty)."""

    model: str
    at: str
    stage: str
    late: str = ""

    @property
    def moment(self) -> datetime:
        """The moment of the look that was drawn."""
        return vigil_history.moment(self.at)

    def body(self, said: Markdown) -> str:
        """The text of its issue."""
        # Nothing in it can end the comment: what could is spelled out.
        data = json.dumps(asdict(self), sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")
        return f"<!-- assay:monitor v1 {data} -->\n{said.source}"


def read(source: str) -> Noted | None:
    """What a text says of itself; None where its first line is no marker of ours, whole and well-formed."""
    found = _MARKER.fullmatch(source.split("\n", 1)[0])
    if found is None:
        return None
    try:
        data: dict[str, Any] = json.loads(found["data"])
        noted = Noted(**data)
        if not all(type(each) is str for each in data.values()):
            return None
        vigil_history.moment(noted.at)
    except (ValueError, TypeError, RecursionError):
        return None
    return noted


def elsewhere(source: str) -> bool:
    """Whether a text is about something else: its first line is that of another issue of ours, such as the pulse."""
    return bool(_OTHER.match(source))


def labels(present: Iterable[str], severity: Severity, *, late: bool) -> tuple[str, ...]:
    """The labels that the issue should have: ours as they should be, and those that people put on."""
    ours = (LABEL, f"severity: {severity.value}", *((LATE,) if late else ()))
    return (*ours, *(each for each in present if each not in (LABEL, LATE, *_SEVERITIES)))
