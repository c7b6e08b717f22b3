"""Deliveries and how they ended, for operators: what the journal has of each, and never a body.

Pages follow the sequence numbers of the journal, so that nothing is shown twice while deliveries come in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import Markup

from bot.pages.sessions import Person
from bot.receiving.journal import Journal, Listed
from bot.receiving.reasons import Outcome
from policy.result import Status
from reports import numbers
from reports.html import name
from reports.pages import Notice, Sheet, Tab, marked, when, words
from reports.panels.block import Block, Line, heads

TITLE = "Deliveries"
SIZE = 50
"""Lines of one page."""
_STATUS = {
    Outcome.HANDLED.value: Status.PASSED,
    Outcome.QUEUED.value: Status.WARNED,
    Outcome.FAILED.value: Status.FAILED,
    Outcome.IGNORED.value: Status.SKIPPED,
}
_SAID = {
    Outcome.HANDLED.value: "handled",
    Outcome.QUEUED.value: "waits or is at work",
    Outcome.FAILED.value: "failed",
    Outcome.IGNORED.value: "ignored",
}
_HELP = {
    "outside": "GitHub or something else outside failed at every try; the sweep does what is still to do.",
    "problem": "Somebody has to mend something: the log has the delivery's id and says what.",
    "bug": "An error of Assay's: report it with the lines that the log has of this delivery.",
    "poison": "The process died with it too often: look at its memory, then send the delivery again from the App's page.",
}


def operates(person: Person, operators: Sequence[str]) -> bool:
    """Whether somebody is an operator: by id, or by login where the setting is not a number."""
    mine = person.login.lower()
    return any(
        str(person.id) == each if each.isdigit() else mine != "" and mine == each.lower().removeprefix("@") for each in operators
    )


@dataclass(frozen=True)
class Present:
    """What is shown: which outcome is wanted (empty for all), from where on, the lines, and how many wait."""

    outcome: str
    before: int | None
    lines: Sequence[Listed]
    more: bool
    waiting: int


def look(journal: Journal, query: Mapping[str, str]) -> Present:
    """Read what the address asks for."""
    outcome = query.get("show", "")
    outcome = outcome if outcome in _STATUS else ""
    given = query.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    found = journal.newest(SIZE + 1, before, outcome)
    return Present(outcome, before, found[:SIZE], len(found) > SIZE, journal.depth())


def draw(present: Present) -> Sheet:
    """The lines, the newest first."""
    base = f"?show={present.outcome}&" if present.outcome else "?"
    choices = [Tab("All", "/deliveries", not present.outcome)]
    choices += [Tab(said.capitalize(), f"/deliveries?show={key}", present.outcome == key) for key, said in _SAID.items()]
    sheet = Sheet(
        TITLE,
        Markup("What GitHub sent and how it ended, as long as the journal remembers it. Waiting or at work now: {}.").format(
            numbers.count(present.waiting)
        ),
        choices=tuple(choices),
        newer=f"/deliveries{base.rstrip('?&')}" if present.before is not None else "",
        older=f"/deliveries{base}before={present.lines[-1].seq}" if present.more else "",
    )
    if not present.lines:
        hint = Markup("GitHub sends deliveries to /webhooks/github. The App's page at GitHub, Advanced, lists what it sent.")
        empty = "No delivery ended like this." if present.outcome else "No delivery has come in yet."
        return replace(sheet, empty=empty, hint=hint)
    columns = heads("Outcome", "Event", "Repository", "From", "Received", "Took", "Id")
    block = Block(
        "deliveries",
        TITLE,
        heads=columns,
        lines=tuple(_line(each) for each in present.lines),
        caption="The newest first. The log has more about each, by its id.",
        open_rows=SIZE,
    )
    reasons = dict.fromkeys(each.reason for each in present.lines if each.outcome == Outcome.FAILED.value)
    notices = [Notice(Status.FAILED, Markup("{}: {}").format(name(each), _HELP[each])) for each in reasons if each in _HELP]
    return replace(sheet, blocks=(block,), notices=tuple(notices))


def _line(each: Listed) -> Line:
    status = _STATUS.get(each.outcome, Status.SKIPPED)
    said = _SAID.get(each.outcome, each.outcome)
    reason = f" ({each.reason})" if each.reason else ""
    rounds = f", round {each.round}" if each.round > 1 else ""
    event = f"{each.event}.{each.action}" if each.action else each.event
    where = (
        Markup("{}{}").format(name(each.repository, 100), f" #{each.number}" if each.number else "")
        if each.repository
        else Markup("—")
    )
    took = numbers.duration((each.ended - each.received) / 1000) if each.ended is not None else "—"
    return Line(
        status,
        (
            marked(status, words(f"{said}{reason}{rounds}", 200)),
            words(event, 100),
            where,
            words(each.sender, 60),
            when(datetime.fromtimestamp(each.received / 1000, UTC)),
            Markup('<span class="steady">{}</span>').format(took),
            name(each.id, 60),
        ),
    )
