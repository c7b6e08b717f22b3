"""The gateway, and milestones: a title, a day, and whether it is open."""

from dataclasses import dataclass
from datetime import date

from bot.gateway.problems import Refused
from bot.gateway.records import Json
from bot.gateway.requesting import RequestGateway

_WRITING = {"issues": "write"}


@dataclass(frozen=True)
class Milestone:
    """A milestone. `due` is the day on which it is due; None for one without."""

    number: int
    title: str
    description: str
    state: str
    due: date | None
    author_id: int | None
    author_login: str | None

    @classmethod
    def of(cls, data: Json) -> "Milestone":
        """From GitHub's `milestone`, which moves what it is given to a midnight of California: the day is what stays."""
        creator, due = data.get("creator") or {}, data.get("due_on")
        return cls(
            number=data["number"],
            title=data["title"],
            description=(data.get("description") or "").replace("\r\n", "\n"),
            state=data["state"],
            due=date.fromisoformat(due[:10]) if due else None,
            author_id=creator.get("id"),
            author_login=creator.get("login"),
        )


class MilestoneGateway(RequestGateway):
    """A gateway that also keeps milestones."""

    def milestones(self) -> list[Milestone]:
        """All of them, open and closed."""
        return self._list("/milestones?state=all", Milestone.of, {"issues": "read"})

    def put_milestone(self, number: int | None, title: str, description: str, due: date | None, state: str) -> None:
        """Have a milestone say this; one without a number is made. Raises Refused where another one has its title."""
        day = f"{due.isoformat()}T23:59:59Z" if due else None
        wanted: Json = {"title": title, "description": description, "due_on": day, "state": state}
        if number is not None:
            self._send("PATCH", f"/milestones/{number}", wanted, _WRITING)
            return

        def already() -> Json | None:
            me = self.identity()
            same = (each for each in self.milestones() if each.title == title and me.wrote(each))
            return next(({"number": each.number} for each in same if each.description == description), None)

        try:
            self._post("/milestones", wanted, _WRITING, already)
        except Refused:
            if already() is None:  # somebody of ours was quicker
                raise
