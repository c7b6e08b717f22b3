"""The verdicts on open pull requests: the checks of their newest commits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.checks import PARTS
from bot.gateway.glancing import Change
from bot.gateway.records import CheckRunRecord
from bot.pages.page import Looking
from policy.result import Status
from reports.pages import Sheet, link, marked, when, words
from reports.panels.block import Block, Line, heads
from reports.section import RANK

TITLE = "Verdicts"
SIZE = 15
"""Pull requests of one page: each is a request to GitHub."""
REQUESTS = SIZE + 5
_NAME = re.compile(r"assay / ([a-z]+)(?: \(.{1,200}\))?\Z")
_CONCLUSIONS = {
    "success": (Status.PASSED, "holds"),
    "neutral": (Status.WARNED, "look"),
    "failure": (Status.FAILED, "fails"),
    "skipped": (Status.SKIPPED, "not judged"),
    "cancelled": (Status.SKIPPED, "cancelled"),
    "timed_out": (Status.FAILED, "timed out"),
    "action_required": (Status.WARNED, "look"),
}


@dataclass(frozen=True)
class Judged:
    """A pull request and our checks on its newest commit, by the part that each is of."""

    change: Change
    checks: dict[str, CheckRunRecord]


def show(looking: Looking) -> Sheet:
    """Read and draw."""
    some = looking.gateway.open_changes(looking.number, SIZE)
    me = looking.gateway.identity()
    judged = [Judged(each, parts(looking.gateway.newest_checks(each.head_sha, me.app_id))) for each in some.items]
    return draw(judged, looking.newer(), looking.older(some.more))


def parts(checks: Sequence[CheckRunRecord]) -> dict[str, CheckRunRecord]:
    """Our checks by the part of the verdict that each shows; the newest of several."""
    found: dict[str, CheckRunRecord] = {}
    for each in sorted(checks, key=lambda one: one.id):
        named = _NAME.match(each.name)
        if named and named[1] in PARTS:
            found[named[1]] = each
    return found


def draw(judged: Sequence[Judged], newer: str = "", older: str = "") -> Sheet:
    """A line for each, what moved last first."""
    if not judged:
        hint = Markup("Open one that changes data, code or parameters: its checks stand here once the run has ended.")
        return Sheet(TITLE, empty="No pull request is open.", hint=hint, newer=newer)
    columns = heads("Pull request", *(each.capitalize() for each in PARTS), "Moved")
    lines = tuple(_line(each) for each in judged)
    caption = "By the checks on the newest commit of each; the report stands on the pull request."
    block = Block("verdicts", "Open pull requests", heads=columns, lines=lines, caption=caption, open_rows=SIZE)
    return Sheet(TITLE, blocks=(block,), newer=newer, older=older)


def _line(each: Judged) -> Line:
    cells = {part: _said(each.checks.get(part)) for part in PARTS}
    status = min((found for found, _ in cells.values()), key=RANK.__getitem__)
    change = each.change
    title = Markup('{} {} <span class="where under">by {}{}</span>').format(
        link(f"#{change.number}", change.url),
        words(change.title, 120),
        words(change.author or "nobody", 60),
        ", a draft" if change.draft else "",
    )
    shown = tuple(marked(found, said) if said else Markup("—") for found, said in cells.values())
    return Line(status, (title, *shown, when(datetime.fromisoformat(change.updated_at))))


def _said(check: CheckRunRecord | None) -> tuple[Status, str]:
    if check is None:
        return Status.SKIPPED, ""
    if check.status != "completed" or check.conclusion is None:
        return Status.SKIPPED, "under way"
    return _CONCLUSIONS.get(check.conclusion, (Status.WARNED, "look"))
