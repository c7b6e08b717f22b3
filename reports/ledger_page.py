"""The ledger as one self-contained page: whether it holds, and its decisions as a table. No script, no request."""

from collections.abc import Sequence

from policy.ledger import BRANCH, Checked, Kept
from policy.result import Status
from reports import numbers
from reports.html import environment, plain, stylesheet
from reports.ledger import row
from reports.panels.block import Block, Line, heads, text

_LOUD = ("incident", "rolled-back", "rejected", "held")
_OPEN_ROWS = 200


def render(entries: Sequence[Kept], found: Checked, tip: str, asked: str = "") -> str:
    """The page as HTML.

    `entries` are those to be shown of all that hold (`found`). `tip` is the commit of the branch that was read, and `asked`
    says in words which entries were asked for.
    """
    count = len(found.entries)
    holds = found.fault is None
    title = f"All {numbers.count(count)} entries hold" if holds else f"The ledger does not hold at {plain(str(found.fault), 400)}"
    return (
        environment()
        .get_template("ledger.html.j2")
        .render(
            style=stylesheet("page.css"),
            title=title if count or not holds else "The ledger has no entry yet",
            status=Status.PASSED if holds else Status.FAILED,
            branch=BRANCH,
            tip=tip,
            head=found.head,
            count=count,
            removed=sum(each.personal is None for each in found.entries),
            asked=asked,
            block=_table(entries),
        )
    )


def _table(entries: Sequence[Kept]) -> Block:
    lines = tuple(_line(each) for each in entries)
    columns = heads("entry", "time (UTC)", "decision", "about", "by", "because", "hash")
    return Block("entries", "Decisions", brief=numbers.count(len(lines)), heads=columns, lines=lines, open_rows=_OPEN_ROWS)


def _line(kept: Kept) -> Line:
    told = row(kept)
    number = f"#{told['number']}" if told["number"] else ""
    about = " ".join(filter(None, (told["model"], told["version"], told["environment"], told["gate"], number)))
    who = told["by"] if kept.personal else "(taken out)"
    loud = told["decision"] in _LOUD
    cells = (
        told["sequence"],
        told["time"][:19].replace("T", " "),
        told["decision"],
        about,
        who,
        told["because"],
        told["hash"][:12],
    )
    return Line(Status.WARNED if loud else Status.PASSED, tuple(text(plain(each, 400)) for each in cells))
