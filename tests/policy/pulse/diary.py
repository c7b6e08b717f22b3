"""A ledger of made-up decisions, a line each."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.ledger import Decision, Draft, Entry, Kept, Personal, Subject, append

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Diary:
    """Entries of one model in production, each some days after the start."""

    kept: list[Kept] = field(default_factory=list)
    named: bool = True

    @property
    def entries(self) -> list[Entry]:
        """The entries alone."""
        return [each.entry for each in self.kept]

    def add(self, decision: Decision, day: float, version: int = 1, number: int = 12, **more: Any) -> "Diary":
        """One more entry; `more` may name gate, environment, model, inputs, and the login."""
        subject = Subject(
            model=more.get("model", "flight-delay"),
            version=str(version),
            environment=more.get("environment", "production"),
            gate=more.get("gate", ""),
            number=number,
        )
        key = more.get("key", f"{decision}-{len(self.kept)}")
        draft = Draft(key=key, decision=decision, reason="told", repository=1, subject=subject, inputs=more.get("inputs", {}))
        personal = Personal(salt=f"{len(self.kept):032x}", actor_id=7, login=more.get("login", "mona"))
        moment = (START + timedelta(days=day)).isoformat()
        made = append(self.kept[-1].entry if self.kept else None, draft, personal, moment)
        self.kept.append(made if self.named else Kept(made.entry, None))
        return self

    def promoted(self, day: float, version: int = 1, number: int = 12, **more: Any) -> "Diary":
        """A promotion."""
        return self.add(Decision.PROMOTED, day, version, number, **more)


def at(day: float) -> datetime:
    """A moment so many days after the start."""
    return START + timedelta(days=day)
