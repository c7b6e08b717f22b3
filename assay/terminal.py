"""What a person sees in the terminal when something was judged."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assay.progress import printable
from policy.facts.data import ColumnDrift, DriftFacts
from policy.facts.monitoring import MonitorFacts
from policy.facts.newest import NewestFacts
from policy.monitoring import ROWS
from policy.newest import Outcome, between, outcome
from policy.reasons import Reason
from policy.result import Result, Status
from policy.sighting import Sighting
from policy.verdict import Verdict
from reports import numbers
from reports.sparkline import sparkline

MARKS = {Status.PASSED: "[green]●[/]", Status.WARNED: "[yellow]●[/]", Status.FAILED: "[red]●[/]", Status.SKIPPED: "[dim]○[/]"}
_WORDS = {
    Status.PASSED: "[bold green]Ready to merge[/]",
    Status.WARNED: "[bold yellow]Ready to merge, with something to look at[/]",
    Status.FAILED: "[bold red]Not ready to merge[/]",
    Status.SKIPPED: "[bold green]Nothing to check[/]",
}
_SHOWN_LEAVES = 12
_WIDEST = 4_000


def show(verdict: Verdict, console: Console | None = None) -> None:
    """Print a verdict: the sentence, the parts, and every check that is not green."""
    console = console or _standard_output()
    result = verdict.result
    console.print(f"{MARKS[result.status]} {_WORDS[result.status]}: {escape(sentence(result))}")
    if advice := result.causes()[0].advice:
        console.print(f"  [dim]next:[/] {_text(advice)}")
    table = Table(box=None, padding=(0, 1), show_header=False)
    for part in result.children:
        table.add_row(MARKS[part.status], f"[bold]{part.name}[/]", _text(part.why))
        for leaf in _worth_showing(part):
            table.add_row("", f"  {MARKS[leaf.status]} {_text(leaf.name)}", _text(leaf.why))
    console.print(table)


def _standard_output() -> Console:
    """Standard output; where nobody watches, a line stays one line, so that a log can be searched."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else _WIDEST)


def _text(text: str) -> str:
    return escape(printable(text))


def sentence(result: Result) -> str:
    """Why, by its first cause; and how many more there are."""
    first, *others = result.causes()
    more = f"; and {len(others)} more" if others and result.status in (Status.FAILED, Status.WARNED) else ""
    return printable(first.why) + more


def _worth_showing(part: Result) -> list[Result]:
    """The failing checks, then the warned ones; a part that says it all itself needs no list."""
    leaves = [leaf for leaf in part.leaves() if leaf is not part]
    bad = [leaf for leaf in leaves if leaf.status is Status.FAILED] + [leaf for leaf in leaves if leaf.status is Status.WARNED]
    if len(bad) > _SHOWN_LEAVES:
        more = Result(name=f"and {len(bad) - _SHOWN_LEAVES} more", status=Status.SKIPPED, reason=Reason.SEE_REPORT)
        return [*bad[:_SHOWN_LEAVES], more]
    return bad if len(bad) > 1 or (bad and bad[0].why != part.why) else []


def show_result(result: Result, console: Console | None = None) -> None:
    """Print one part's result and every check of it that is not green."""
    console = console or _standard_output()
    console.print(f"{MARKS[result.status]} [bold]{_text(result.name)}[/]: {_text(result.why)}")
    for leaf in _worth_showing(result):
        console.print(f"  {MARKS[leaf.status]} {_text(leaf.name)}: {_text(leaf.why)}")


def show_newest(found: NewestFacts, console: Console | None = None) -> None:
    """Print how champion and challenger do on production's newest labelled rows, or why that is not known."""
    console = console or _standard_output()
    if found.problem:
        said = f"on production's newest labelled rows they could not be compared: {found.problem}"
        console.print(f"{MARKS[Status.WARNED]} {_text(said)}")
        return
    console.print(f"On production's newest {found.rows:,} labelled rows, which no gate judges:")
    for each in found.metrics:
        how, shown = outcome(each), numbers.compared(each.base, each.head, None, *(between(each) or ()))
        mark = MARKS[Status.WARNED if how in (Outcome.WORSE, Outcome.UNKNOWN) else Status.PASSED]
        console.print(f"  {mark} {_text(f'{each.metric}: {shown.base} to {shown.head}, {shown.change}: {how.value}')}")


def show_drift(result: Result, facts: DriftFacts, console: Console | None = None) -> None:
    """Print the drift of two data sets, the columns that moved furthest first."""
    console = console or _standard_output()
    console.print(f"{MARKS[result.status]} [bold]{_text(result.name)}[/]: {_text(result.why)}")
    console.print(f"  [dim]{facts.rows_base:,} rows at base, {facts.rows_head:,} here, {facts.mode} mode[/]")
    _show_columns(facts.columns, "base", "here", console)


def show_sighting(sighting: Sighting, facts: MonitorFacts, console: Console | None = None) -> None:
    """Print what a look at production found, how well the model does, and how far each column moved, the furthest first."""
    console = console or _standard_output()
    show_result(sighting.result, console)
    rows = "no rows" if facts.rows is None else f"{facts.rows:,} rows"
    between = f" from {facts.start} to {facts.end}" if facts.end else ""
    version = f" (version {sighting.version})" if sighting.version else ""
    said = f"severity {sighting.severity.value}; {rows}{between}, {facts.rows_reference:,} in the reference{version}"
    console.print(f"  [dim]{_text(said)}[/]")
    for leaf in sighting.result.leaves():
        if leaf.name.startswith(("performance", "estimate", ROWS)) and leaf.status in (Status.PASSED, Status.SKIPPED):
            console.print(f"  {MARKS[leaf.status]} {_text(leaf.why)}")
    if facts.columns:
        _show_columns([each.drift for each in facts.columns], "reference", "production", console)


def _show_columns(columns: Sequence[ColumnDrift], base: str, head: str, console: Console) -> None:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for heading in ("column", "measure", "distance", base, head):
        table.add_column(heading, justify="right" if heading == "distance" else "left")
    for column in sorted(columns, key=lambda each: -(each.value or 0)):
        value = "—" if column.value is None else f"{column.value:.4f}"
        pictures = sparkline(column.histogram_base), sparkline(column.histogram_head)
        table.add_row(_text(column.column), column.measure.replace("_", "-"), value, *pictures)
    console.print(table)


def show_rows(rows: Sequence[tuple[str, str, bool]], console: Console | None = None) -> None:
    """Print lines of a name and what it says; what is missing stands out."""
    console = console or _standard_output()
    table = Table(box=None, padding=(0, 1), show_header=False)
    for name, said, missing in rows:
        table.add_row(f"[bold]{_text(name)}[/]", f"[red]{_text(said)}[/]" if missing else _text(said))
    console.print(table)
