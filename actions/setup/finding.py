"""What `assay doctor` finds: how bad it is, what, where, and the cure."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One finding. `check` is a name that stays the same, for filters and for tests; `cure` is empty where nothing ails."""

    check: str
    level: Level
    what: str
    cure: str = ""
    file: str | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """`file:line`, as editors understand it."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file or ""
