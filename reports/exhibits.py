"""Charts that a comment shows as pictures: drawn here, stored by somebody else, then linked.

Only what we draw ourselves from numbers is shown, and only at an address within the repository that the report is about.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policy.facts import Facts
from policy.facts.plots import PlotFact
from policy.problems import UserProblem
from policy.result import Status
from policy.verdict import Verdict
from reports import charts, plot_facts, plots
from reports.markdown import EMPTY, Markdown, code, join, put, text
from reports.section import Block, Section

MOST = 8
"""Pictures of one comment."""
_ADDRESS = re.compile(r"/(?P<repository>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+)/blob/[0-9a-f]{40,64}/[0-9a-f]{40,64}\.png\?raw=true")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart. `content` is its PNG, empty where there is none, and then `why` says so; `address` is where it is shown."""

    title: str
    content: bytes = b""
    why: str = ""
    address: str = ""


def exhibits(facts: Facts, verdict: Verdict) -> list[Exhibit]:
    """The chart of the gates, then the plots of the record, at most MOST. Never raises for what a record holds.

    Needs the extra `charts`; where it is missing, each says so.
    """
    found = [_drawn("Gates", lambda: charts.gates(verdict)), *(_plot(each, facts) for each in facts.plots[: MOST - 1])]
    rest = max(facts.plots_total, len(facts.plots)) - (MOST - 1)
    more = [Exhibit(f"{rest} more plots", why="see the HTML report")] if rest > 0 else []
    return [*(each for each in found if each is not None), *more]


def shown(pictures: Sequence[Exhibit], repository: str) -> Section:
    """The fold of the pictures; those that are not shown are named at its end. `repository` is owner/name."""
    there = [each for each in pictures if _is_ours(each.address, repository)]
    missing = [each for each in pictures if not _is_ours(each.address, repository)]
    # What stands below the blocks would be cut with them, so the footnote stands above.
    return Section(
        "pictures",
        "Pictures",
        blocks=tuple(Block(Status.PASSED, code(each.title), Markdown(f"![]({each.address})")) for each in there),
        paragraphs=(_footnote(missing),) if missing else (),
        brief=str(len(there)) if there else "none shown",
        block_cap=MOST,
    )


def _footnote(missing: Sequence[Exhibit]) -> Markdown:
    """Why pictures are missing: each reason once."""
    reasons = dict.fromkeys(each.why for each in missing)
    told = [
        put("{} ({})", join([code(each.title) for each in missing if each.why == why]), text(why)) if why else EMPTY
        for why in reasons
    ]
    return put("*Not shown:* {}", join([each for each in told if each], "; "))


def _is_ours(address: str, repository: str) -> bool:
    found = _ADDRESS.fullmatch(address)
    return found is not None and found["repository"].lower() == repository.lower()


def _plot(fact: PlotFact, facts: Facts) -> Exhibit | None:
    found = plot_facts.plot(fact, facts.revision.base_name)
    return _drawn(fact.title, lambda: plots.render(found)) if found is not None else None


def _drawn(title: str, draw: Callable[[], bytes | None]) -> Exhibit | None:
    """A chart, or why it cannot be drawn; None where there is nothing to draw."""
    try:
        content = draw()
    except UserProblem as problem:
        return Exhibit(title, why=f"{problem.what}; {problem.next}" if problem.next else problem.what)
    return Exhibit(title, content) if content else None
