"""`assay pulse`: how the project does, on one screen."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.options import Folder, Json
from policy.problems import OutsideProblem, UserProblem

if TYPE_CHECKING:
    from rich.console import Console

    from policy.document import Policy
    from policy.ledger import Kept
    from policy.pulse.findings import Production
    from policy.pulse.flow import Pulled
    from policy.pulse.outgoings import Outgoings
    from policy.pulse.pulse import Pulse
    from policy.pulse.series import Version


def command(
    since: Annotated[str, typer.Option("--since", help="Measure flow from this day or moment on, in ISO 8601 (UTC).")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Read the ledger as it was fetched last; ask no remote.")] = False,
    as_json: Json = False,
    folder: Folder = Path(),
) -> int:
    """Say where the objectives of `assay.yml` are heading, what is open and overdue, and how models flow to where they run.

    Objectives come from the facts of the registered versions, in the registry of `MLFLOW_TRACKING_URI`, else of `registry.uri`
    in assay.yml. Risks and flow come from the ledger, the branch `assay-ledger` of `origin`; risks also from what was seen in
    production (the branch `assay-monitor`), from the newest version's facts and from assay.yml. Flow is that of the last 90
    days beside the 90 before. Where assay.yml has `cost`, what runs cost this month and the last comes from GitHub, as does
    when the pull requests of versions were opened and merged: `GITHUB_REPOSITORY` and `GITHUB_TOKEN` name it. What could not be
    read is named, and the rest is shown.

    Examples: `assay pulse`, `assay pulse --since 2026-01-01`, `assay pulse --json`.
    """
    from assay.verbs.audit import moment
    from policy import document
    from policy.pulse import pulse as pulses

    now = datetime.now(UTC)
    start = moment(since)
    if start is not None and start >= now:
        raise UserProblem("it is still to come", "--since", "Name a day that has been")
    path = folder / document.FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise UserProblem(f"cannot read it ({error.strerror})", str(path), "`assay init` proposes one") from None
    policy = document.read(text, str(path))
    kept, notes = _ledger(folder, offline)
    versions = _versions(policy)
    pulls, why = _pulls(versions, offline)
    production, unseen = _production(policy, folder, offline)
    sources = pulses.Sources(kept, versions, None, (*notes, *why, *unseen), pulls, production)
    found = pulses.compose(policy, sources, now, start)
    found = pulses.priced(found, _outgoings(policy, offline))
    if as_json:
        from reports import pulse as drawn

        typer.echo(json.dumps(drawn.data(found), indent=1))
    else:
        _show(found)
    return 0


def _ledger(folder: Path, offline: bool) -> "tuple[Sequence[Kept] | str, tuple[str, ...]]":
    """The entries up to the first that does not fit, or why there are none, and what else there is to know."""
    from assay.verbs.audit import checked
    from policy.ledger import Decision

    try:
        found, _ = checked(folder, offline)
    except (UserProblem, OutsideProblem) as problem:
        return problem.what, ()
    notes = [f"The ledger does not hold at {found.fault}"] if found.fault else []
    if any(each.entry.decision is Decision.INCIDENT for each in found.entries):
        notes.append("An alias that was set right by hand leaves no entry, so its incident may be over")
    return found.entries, tuple(notes)


def _production(policy: "Policy", folder: Path, offline: bool) -> "tuple[Production, tuple[str, ...]]":
    """What was seen in production, where the policy keeps a watch, and why it is not known."""
    from actions.repository import watched
    from policy.pulse.findings import Production

    if policy.watch is None or policy.model is None:
        return Production(), ()
    try:
        return Production(watched.looks(folder, policy.model.name, offline=offline)), ()
    except (UserProblem, OutsideProblem) as problem:
        return Production(), (f"What was seen in production could not be read: {problem.what}",)


def _versions(policy: "Policy") -> "Sequence[Version] | str":
    """The versions of the model with their facts, or why there are none."""
    from assay.registered import Registered
    from bot.pulse import history

    uri = os.environ.get("MLFLOW_TRACKING_URI") or (policy.registry.uri if policy.registry else None)
    if policy.model is None:
        return "assay.yml has no `model`"
    if not uri:
        return "no registry is named by MLFLOW_TRACKING_URI or `registry.uri`"
    try:
        return history.read(Registered({**os.environ, "MLFLOW_TRACKING_URI": uri}), policy.model.name)
    except (UserProblem, OutsideProblem) as problem:
        return problem.what


def _pulls(versions: "Sequence[Version] | str", offline: bool) -> "tuple[Mapping[int, Pulled] | None, tuple[str, ...]]":
    """The newest merged pull requests, where versions came by one and a repository and a token are named; or why not."""
    from bot.homes import merged

    named = os.environ.get("GITHUB_REPOSITORY") and os.environ.get("GITHUB_TOKEN")
    if offline or not named or isinstance(versions, str) or not any(each.pull for each in versions):
        return None, ()
    try:
        return merged.read(os.environ), ()
    except (UserProblem, OutsideProblem) as problem:
        return None, (f"Lead times from pull requests could not be read: {problem.what}",)


def _outgoings(policy: "Policy", offline: bool) -> "Outgoings | str | None":
    """What runs cost, or why it is not known; None where assay.yml has no `cost`."""
    from bot.homes import spending

    if policy.cost is None:
        return None
    if offline:
        return "`--offline` asks no GitHub"
    try:
        return spending.read(os.environ, policy)
    except (UserProblem, OutsideProblem) as problem:
        return f"{problem.what} ({problem.where})"


def _show(found: "Pulse") -> None:
    from rich.console import Console

    from reports.markdown import visible

    # Where nobody watches, a line stays one line, so that a log can be searched.
    console = Console(file=sys.stdout, highlight=False, markup=False, width=None if sys.stdout.isatty() else 400)
    for part, why in found.unread:
        console.print(f"{part}: could not be read: {visible(why)}", style="yellow")
    for note in found.notes:
        console.print(visible(note), style="yellow")
    _show_objectives(found, console)
    _show_risks(found, console)
    _show_flow(found, console)
    _show_cost(found, console)


def _show_objectives(found: "Pulse", console: "Console") -> None:
    from rich.table import Table

    from reports import numbers
    from reports import pulse as drawn
    from reports.markdown import visible
    from reports.sparkline import trend

    if found.standings is None:
        return
    console.print("Objectives", style="bold")
    if not found.standings:
        console.print("  assay.yml names none", style="dim")
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for heading in ("", "objective", "history", "now", "target", "by", "expected then", "owner"):
        table.add_column(heading)
    for each in found.standings:
        wanted, outlook = each.objective, each.forecast.outlook
        latest = numbers.number(each.forecast.latest.value if each.forecast.latest else None)
        target = f"{'≥' if each.better == 'higher' else '≤'} {numbers.number(wanted.target)}"
        line = trend([point.value for point in each.series.points])
        name = visible(f"{wanted.name} ({wanted.subject}): {outlook.value}")
        cells = (name, line, latest, target, wanted.by.isoformat(), drawn.forecast_said(each), wanted.owner)
        table.add_row(drawn.MARKS[outlook], *cells)
    console.print(table)


def _show_risks(found: "Pulse", console: "Console") -> None:
    from rich.table import Table

    from reports import pulse as drawn
    from reports.markdown import visible

    if found.risks is None:
        return
    console.print("Risks", style="bold")
    if not found.risks:
        console.print("  nothing is open", style="dim")
        return
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for heading in ("what", "", "about", "owner", "since", "until", "where"):
        table.add_column(heading)
    for each in found.risks:
        until = drawn.last_day(each.until)
        where = f"#{each.number}" if each.number else ""
        said = visible(each.about), visible(each.owner)
        table.add_row(each.kind.value, drawn.when(each, found.at), *said, f"{each.since:%Y-%m-%d}", until, where)
    console.print(table)


def _show_flow(found: "Pulse", console: "Console") -> None:
    from rich.table import Table

    from reports import pulse as drawn
    from reports.markdown import visible

    if found.flow is None:
        return
    days = (found.flow.window.until - found.flow.window.since).days
    console.print(f"Flow to {visible(found.environment or '')}", style="bold")
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for heading in ("", f"the last {days} days", f"the {days} days before"):
        table.add_column(heading)
    for each in drawn.flow_rows(found):
        table.add_row(*each)
    console.print(table)


def _show_cost(found: "Pulse", console: "Console") -> None:
    from rich.table import Table

    from reports import outgoings
    from reports.markdown import visible

    if found.cost is None:
        return
    console.print(f"Cost of {visible(found.model or 'all runs')}", style="bold")
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for heading in ("", "runs", "minutes", "money", "of the budget"):
        table.add_column(heading)
    for month in outgoings.months(found.cost):
        table.add_row(*month.cells)
    for row in (*outgoings.workflows(found.cost), *outgoings.pulls(found.cost)):
        table.add_row(f"  {visible(row.name)}", *row.cells)
    console.print(table)
    if models := outgoings.models(found.cost):
        table = Table(box=None, padding=(0, 1), header_style="dim")
        for heading in ("this month by language model", "tokens given", "given back", "money"):
            table.add_column(heading)
        for each in models:
            table.add_row(f"  {visible(each.name)}", *each.cells)
        console.print(table)
    if missing := outgoings.untold(found.cost):
        console.print(missing)
