"""The ledger of decisions, the newest first, and whether the entries that are shown hold.

A page reads a part of the chain and the entry before it, by the API: they follow one from another, and each decision comes out
again. There are so few of them that this takes some milliseconds. `assay audit verify` walks all of it, with its history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.gateway.glancing import GlanceGateway
from bot.pages.page import Looking
from policy import grounds, ledger
from policy.ledger import BRANCH, Decision, Fault, Kept
from policy.result import Status
from reports import numbers
from reports.html import name
from reports.pages import EMPTY, Notice, Sheet, link, marked, when, words
from reports.panels.block import Block, Line, heads

TITLE = "Ledger"
SIZE = 20
"""Entries of one page: each is a request to GitHub."""
REQUESTS = SIZE + 10
_FOLDER = "entries"
_BAD = (Decision.INCIDENT,)
_LOOK = (Decision.ROLLED_BACK, Decision.WAIVED, Decision.REJECTED, Decision.REVOKED, Decision.EXPIRED)


@dataclass(frozen=True)
class Present:
    """What is shown: entries by number (None: not readable), how many there are in all, and the first that does not fit."""

    entries: Mapping[int, Kept | None]
    count: int
    fault: Fault | None
    address: str
    further: int = 0
    """Promotions here whose approvals stand further back than what was read."""

    @property
    def whole(self) -> bool:
        """Whether all of the chain was read."""
        return 1 in self.entries and len(self.entries) == self.count


def show(looking: Looking) -> Sheet:
    """Read and draw."""
    present = look(looking)
    if present is None:
        return draw(None)
    return draw(present, looking.newer(), looking.older(bool(present.entries) and min(present.entries) > 1))


def look(looking: Looking) -> Present | None:
    """A part of the chain; None where there is no ledger."""
    tip = looking.gateway.ref(f"heads/{BRANCH}")
    if tip is None:
        return None
    reading = _Reading(looking.gateway, tip)
    count = reading.count()
    high = count - (looking.number - 1) * SIZE
    low = max(1, high - SIZE + 1)
    wanted = range(max(1, low - 1), high + 1)
    read, fault = followed({number: reading.file(number) for number in wanted})
    return Present({number: read[number] for number in wanted if number >= low}, count, fault, looking.address, _further(read))


class _Reading:
    """The files of the branch at one commit; each folder is listed once."""

    def __init__(self, gateway: GlanceGateway, tip: str) -> None:
        self._gateway = gateway
        top = gateway.listed(tip).get(_FOLDER)
        self._folders = gateway.listed(top) if top else {}
        self._listed: dict[str, dict[str, str]] = {}

    def count(self) -> int:
        """The number of the last entry; 0 where there is none."""
        folders = [each for each in self._folders if each.isascii() and each.isdigit()]
        if not folders:
            return 0
        last = max(folders, key=int)
        found = [ledger.sequence_of(f"{_FOLDER}/{last}/{each}") for each in self._files(last)]
        return max((each for each in found if each is not None), default=0)

    def file(self, sequence: int) -> bytes | None:
        """An entry's file, if it is there."""
        _, folder, file = ledger.path(sequence).split("/")
        sha = self._files(folder).get(file)
        return self._gateway.blob(sha) if sha else None

    def _files(self, folder: str) -> dict[str, str]:
        if folder not in self._listed:
            tree = self._folders.get(folder)
            self._listed[folder] = self._gateway.listed(tree) if tree else {}
        return self._listed[folder]


def _further(entries: Mapping[int, Kept | None]) -> int:
    found = [each.entry for each in entries.values() if each is not None]
    codes = {each.digests.decision_code for each in found if each.decision is Decision.APPROVED}
    return sum(each.decision is Decision.PROMOTED and each.digests.decision_code not in codes for each in found)


def followed(files: Mapping[int, bytes | None]) -> tuple[dict[int, Kept | None], Fault | None]:
    """Entries by their numbers from the lowest on, and the first that does not follow from those before it or come out again."""
    found: dict[int, Kept | None] = {}
    derive = grounds.table(whole=1 in files)
    fault: Fault | None = None
    previous: str | None = ledger.BEGINNING if 1 in files else None
    for number in sorted(files):
        kept, what = _read(files[number], number, previous)
        if kept and not what and (again := derive.get(kept.entry.decision)):
            what = again(kept.entry) or ""
        found[number] = kept
        fault = fault or (Fault(number, what) if what else None)
        previous = kept.entry.hash if kept else ""
    return found, fault


def _read(raw: bytes | None, number: int, previous: str | None) -> tuple[Kept | None, str]:
    if raw is None:
        return None, "it is not there"
    try:
        kept = ledger.read(raw)
    except ValueError as error:
        return None, str(error)
    if kept.entry.sequence != number:
        return kept, f"it says that it is entry {kept.entry.sequence}"
    if previous is not None and kept.entry.previous != previous:
        return kept, "it does not follow from the entry before it: one of the two was changed, or stands in another's place"
    return kept, ""


def draw(present: Present | None, newer: str = "", older: str = "") -> Sheet:
    """How far it holds, then the entries."""
    if present is None or not present.count:
        hint = Markup("It is the branch <code>{}</code>: the first decision writes its first entry.").format(BRANCH)
        return Sheet(TITLE, empty="There is no ledger yet.", hint=hint, newer=newer)
    notice = _state(present)
    if not present.entries:
        return Sheet(TITLE, EMPTY, (notice,), empty="There are no entries here.", newer="?page=1")
    lines = [_line(number, present) for number in sorted(present.entries, reverse=True)]
    caption = f"{numbers.count(present.count)} entries in all, the newest first."
    columns = heads("Entry", "Decision", "About", "By", "When", "Hash")
    block = Block("entries", "Entries", heads=columns, lines=tuple(lines), caption=caption, open_rows=SIZE)
    intro = Markup("Every decision, one entry each, in a chain of hashes on the branch {}.").format(
        link(name(BRANCH), f"{present.address}/tree/{BRANCH}")
    )
    return Sheet(TITLE, intro, (notice,), blocks=(block,), newer=newer, older=older)


def _state(present: Present) -> Notice:
    rest = Markup("<code>assay audit verify</code> walks all of it, with the history of its branch.")
    if present.fault:
        said = Markup("Does not hold: {}. {}").format(words(str(present.fault), 300), rest)
        return Notice(Status.FAILED, said)
    if not present.entries:
        return Notice(Status.SKIPPED, rest)
    if present.whole:
        said = Markup("Holds: all {} entries follow one from another, and what they decide comes out again. {}")
        said = said.format(numbers.count(present.count), rest)
        return Notice(Status.PASSED, said)
    low, high = (numbers.count(each) for each in (min(present.entries), max(present.entries)))
    said = Markup("Holds here: entries {} to {} follow one from another, and what they decide comes out again{}. {}")
    but = f", but for promotions whose approvals stand further back ({numbers.count(present.further)})" if present.further else ""
    return Notice(Status.PASSED, said.format(low, high, but, rest))


def _line(number: int, present: Present) -> Line:
    kept = present.entries[number]
    broken = present.fault is not None and present.fault.sequence == number
    if kept is None:
        status = Status.FAILED if broken else Status.SKIPPED
        blank = (Markup("—"),) * 4
        return Line(status, (Markup("entry {}").format(number), marked(status, "cannot be read"), *blank))
    entry, who = kept.entry, kept.personal
    status = Status.FAILED if broken or entry.decision in _BAD else Status.WARNED if entry.decision in _LOOK else Status.PASSED
    subject = entry.subject
    about: Sequence[Markup] = [
        *(
            [Markup("{}{}").format(name(subject.model, 80), words(f" version {subject.version}", 60) if subject.version else "")]
            if subject.model
            else []
        ),
        *([Markup("in {}").format(name(subject.environment, 60))] if subject.environment else []),
        *([Markup("gate {}").format(name(subject.gate, 80))] if subject.gate else []),
        *([link(f"#{subject.number}", f"{present.address}/issues/{subject.number}")] if subject.number else []),
    ]
    by = words(who.login, 60) if who else Markup('<span class="where">taken out</span>')
    because = Markup('<span class="where under">{}</span>').format(words(who.because, 300)) if who and who.because else EMPTY
    return Line(
        status,
        (
            Markup("entry {}").format(number),
            marked(status, words(entry.decision.value)) + (Markup(" (does not fit)") if broken else EMPTY),
            Markup(" ").join(about) if about else Markup("—"),
            by + because,
            when(datetime.fromisoformat(entry.time)),
            name(entry.hash[:12]),
        ),
    )
