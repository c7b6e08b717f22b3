"""How the project does: where its objectives are heading, what is open and overdue, and how models flow to where they run."""

from collections.abc import Iterator

from markupsafe import Markup

from bot.gateway.rolling import RollingGateway
from bot.pages.page import Looking
from bot.pulse.reading import Reader
from policy.pulse.forecast import LEVEL, Outlook
from policy.pulse.outgoings import Outgoings
from policy.pulse.pulse import Pulse, Standing
from policy.pulse.risks import Risk, Urgency
from policy.result import Status
from reports import numbers
from reports import outgoings as spent
from reports import pulse as told
from reports.html import name
from reports.outgoings import Part
from reports.pages import Notice, Sheet, link, marked, when, words
from reports.panels.block import Block, Figure, Line, heads
from reports.panels.block import text as plain
from reports.pictures import Point, bar, line

TITLE = "Pulse"
REQUESTS = 80
"""Eight where the policy has no `cost`, and twenty fewer where it has no `cost.tokens`."""
_CHARTS = 6
_OUTLOOKS = {
    Outlook.REACHED: Status.PASSED,
    Outlook.ON_TRACK: Status.PASSED,
    Outlook.AT_RISK: Status.WARNED,
    Outlook.MISSED: Status.FAILED,
    Outlook.TOO_LITTLE: Status.SKIPPED,
}
_PRESSING = {Urgency.OVERDUE: Status.FAILED, Urgency.SOON: Status.WARNED, Urgency.OPEN: Status.SKIPPED}


def show(looking: Looking) -> Sheet:
    """Read and draw. Raises UserProblem where there is no policy, or it cannot be read."""
    # Somebody waits: one run of each workflow says what a minute of the others is worth.
    found = Reader(looking.around, RollingGateway.of(looking.gateway), looking.policy(), runs=1).pulse()
    return draw(found, looking.address)


def draw(pulse: Pulse, address: str) -> Sheet:
    """Objectives with their pictures, then risks, flow and cost. `address` is the repository's page on GitHub."""
    blocks = [*_objectives(pulse), *_risks(pulse, address), *_flow(pulse), *_cost(pulse, address)]
    notices = [Notice(Status.WARNED, words(f"{part.capitalize()} could not be read: {why}")) for part, why in pulse.unread]
    notices += [Notice(Status.WARNED, words(each)) for each in pulse.notes]
    if not blocks:
        hint = Markup("Write <code>objectives</code> in <code>assay.yml</code>, and let a first decision begin the ledger.")
        return Sheet(TITLE, notices=tuple(notices), empty="There is nothing to tell yet.", hint=hint)
    return Sheet(TITLE, Markup("How the project does, as of {}.").format(when(pulse.at)), tuple(notices), blocks=tuple(blocks))


def _objectives(pulse: Pulse) -> Iterator[Block]:
    if not pulse.standings:
        return
    figures = [figure for each in pulse.standings for figure in _figure(each)]
    columns = heads("Objective", "Metric", "Now>", "Target>", "By", "Expected then", "Owner")
    caption = (
        f"Expected is a straight line through the registered versions, with its {numbers.share(LEVEL)} interval: it holds as far "
        "as the past goes on."
    )
    lines = tuple(_standing(each) for each in pulse.standings)
    yield Block("objectives", "Objectives", figures=tuple(figures[:_CHARTS]), heads=columns, lines=lines, caption=caption)


def _figure(standing: Standing) -> Iterator[Figure]:
    """The history of an objective's metric, its target as the level line, and what is expected as the last point."""
    wanted, found = standing.objective, standing.forecast
    points = [Point(each.label, each.value) for each in standing.series.points]
    if found.expected is not None:
        points.append(Point(f"{wanted.by:%b %d}", found.expected))
    if len(points) < 2:
        return
    title = Markup("{}: {}").format(words(wanted.name, 60), found.outlook.value)
    told_as = "; the last point is expected" if found.expected is not None else ""
    caption = plain(f"{wanted.subject}; the level line is the target, {numbers.number(wanted.target)}{told_as}")
    yield Figure(title, line(points, wanted.subject, limit=wanted.target, called="target"), caption, _OUTLOOKS[found.outlook])


def _standing(standing: Standing) -> Line:
    wanted, found = standing.objective, standing.forecast
    status = _OUTLOOKS[found.outlook]
    cells = (
        Markup("{}<br>{}").format(words(wanted.name, 100), marked(status, found.outlook.value)),
        name(wanted.subject, 80),
        plain(numbers.number(found.latest.value if found.latest else None)),
        plain(f"{'≥' if standing.better == 'higher' else '≤'} {numbers.number(wanted.target)}"),
        plain(wanted.by.isoformat()),
        plain(told.forecast_said(standing)),
        words(wanted.owner, 100),
    )
    return Line(status, cells)


def _risks(pulse: Pulse, address: str) -> Iterator[Block]:
    if pulse.risks is None:
        return
    columns = heads("What", "About", "Owner", "Since", "Until", "Where")
    lines = tuple(_risk(each, pulse, address) for each in pulse.risks)
    notes = () if lines else (Markup("Nothing is open."),)
    caption = "What is overdue is red."
    yield Block("risks", "Risks", heads=columns if lines else (), lines=lines, notes=notes, caption=caption)


def _risk(risk: Risk, pulse: Pulse, address: str) -> Line:
    status = _PRESSING[risk.urgency(pulse.at)]
    where = link(f"#{risk.number}", f"{address}/issues/{risk.number}") if risk.number else Markup("—")
    what = marked(status, f"{risk.kind.value}, {told.when(risk, pulse.at)}")
    since, until = f"{risk.since:%Y-%m-%d}", told.last_day(risk.until)
    return Line(status, (what, words(risk.about, 160), words(risk.owner, 100), plain(since), plain(until), where))


def _flow(pulse: Pulse) -> Iterator[Block]:
    rows = told.flow_rows(pulse)
    if pulse.flow is None or not rows:
        return
    days = (pulse.flow.window.until - pulse.flow.window.since).days
    lines = tuple(Line(Status.PASSED, tuple(plain(each) for each in row)) for row in rows)
    columns = heads("", f"The last {days} days", f"The {days} days before")
    caption = "DORA's four measures, for models, from the ledger."
    yield Block("flow", words(f"Flow to {pulse.environment or ''}", 100), heads=columns, lines=lines, caption=caption)


def _cost(pulse: Pulse, address: str) -> Iterator[Block]:
    found = pulse.cost
    if found is None:
        return
    months = tuple(Line(_ended(each.over), tuple(plain(cell) for cell in each.cells)) for each in spent.months(found))
    title = words(f"Cost of {pulse.model or 'all runs'}", 100)
    yield Block("cost", title, heads=heads("Month", "Runs>", "Minutes>", "Money>", "Of the budget>"), lines=months)
    listed = spent.workflows(found)
    most = max((each.minutes for each in listed), default=0)
    parts = tuple(_part(name(each.name, 80), bar(each.minutes, most, f"{each.minutes} min"), each) for each in listed)
    if parts:
        columns = heads("Workflow", "Share*", "Runs>", "Minutes>", "Money>")
        yield Block("workflows", "This month by workflow", heads=columns, lines=parts, caption=spent.CAPTION)
    pulls = tuple(_part(link(each.name, f"{address}/pull/{each.name[1:]}"), None, each) for each in spent.pulls(found))
    if pulls:
        columns = heads("Pull request", "Runs>", "Minutes>", "Money>")
        yield Block("pulls", "This month's dearest pull requests", heads=columns, lines=pulls)
    yield from _tokens(found)


def _tokens(found: Outgoings) -> Iterator[Block]:
    lines = tuple(
        Line(Status.PASSED, (name(each.name, 80), *(plain(cell) for cell in each.cells))) for each in spent.models(found)
    )
    missing = spent.untold(found)
    notes = (plain(missing),) if missing else ()
    if lines or notes:
        columns = heads("Language model", "Tokens given>", "Given back>", "Money>") if lines else ()
        yield Block("tokens", "This month by language model", heads=columns, lines=lines, notes=notes)


def _ended(over: bool) -> Status:
    return Status.FAILED if over else Status.PASSED


def _part(named: Markup, picture: Markup | None, part: Part) -> Line:
    beside = (named,) if picture is None else (named, picture)
    return Line(Status.PASSED, (*beside, *(plain(cell) for cell in part.cells)))
