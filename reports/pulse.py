"""The pulse drawn: for its issue in Markdown, pictures first, and for machines."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.facts.evaluation import HistoryPoint
from policy.pulse.flow import Flow, Spread
from policy.pulse.forecast import FEWEST, LEVEL, Outlook
from policy.pulse.pulse import Pulse, Standing
from policy.pulse.risks import Risk, Urgency
from reports import mermaid, numbers, outgoings
from reports.markdown import Markdown, code, join, put, row, text

_CHARTS = 6
_RISKS = 30
MARKS = {
    Outlook.REACHED: "🟢",
    Outlook.ON_TRACK: "🟢",
    Outlook.AT_RISK: "🟡",
    Outlook.MISSED: "🔴",
    Outlook.TOO_LITTLE: "⚪",
}
_PRESSING = {Urgency.OVERDUE: "🔴", Urgency.SOON: "🟡", Urgency.OPEN: "⚪"}
_NOTHING = "nothing to measure"


def body(pulse: Pulse) -> Markdown:
    """The text of the issue."""
    parts = [
        put(
            "How the project did up to {}. It is written anew each week, and where something got worse.",
            _moment(pulse.at),
        ),
        *_unread(pulse),
        *_objectives(pulse),
        *_risks(pulse),
        *_flow(pulse),
        *(outgoings.body(pulse.cost, pulse.model) if pulse.cost else ()),
    ]
    return join(parts, "\n\n")


def data(pulse: Pulse) -> dict[str, Any]:
    """The whole for machines, ready for JSON: times in ISO 8601, lengths of time in seconds, and null for what is not known."""
    return {
        "at": pulse.at.isoformat(),
        "model": pulse.model,
        "objectives": None if pulse.standings is None else [_standing(each) for each in pulse.standings],
        "risks": None if pulse.risks is None else [_risk(each, pulse.at) for each in pulse.risks],
        "flow": {"environment": pulse.environment, "now": _measures(pulse.flow), "before": _measures(pulse.before)}
        if pulse.flow
        else None,
        "cost": outgoings.data(pulse.cost) if pulse.cost else None,
        "unread": [{"part": part, "why": why} for part, why in pulse.unread],
        "notes": list(pulse.notes),
    }


def forecast_said(standing: Standing) -> str:
    """What is expected, in words."""
    found = standing.forecast
    if found.outlook is Outlook.TOO_LITTLE:
        return f"{len(standing.series.points)} of the {FEWEST} versions that a forecast needs"
    if found.expected is None or found.low is None or found.high is None:
        return numbers.MISSING
    digits = numbers.told_apart([found.expected, found.low, found.high])
    expected, low, high = (numbers.number(each, digits) for each in (found.expected, found.low, found.high))
    return f"{expected} ({low} … {high}), {numbers.share(found.chance)} likely"


def flow_rows(pulse: Pulse) -> list[tuple[str, str, str]]:
    """The measures in words: the name, this window and the one before. None where flow was not measured.

    Lead times from pull requests stand below the four, where any is known.
    """
    if pulse.flow is None or pulse.before is None:
        return []
    start = "registered" if pulse.from_registry else "first asked for"
    names = (f"lead time, from {start} to promoted", "promotions a week", "change failure rate", "time to restore")
    rows = list(zip(names, _four(pulse.flow), _four(pulse.before), strict=True))
    if pulse.flow.opened or pulse.before.opened:
        pairs = ((each.opened, each.merged) for each in (pulse.flow, pulse.before))
        now, before = ([_spread(spread) for spread in pair] for pair in pairs)
        rows += zip(("from the pull request to promoted", "from the merge to promoted"), now, before, strict=True)
    return rows


def _four(flow: Flow) -> tuple[str, str, str, str]:
    return _spread(flow.lead), _often(flow), _rate(flow), _restored(flow)


# --- the issue ---


def _unread(pulse: Pulse) -> Iterator[Markdown]:
    told = [put("- {} could not be read: {}.", Markdown(part.capitalize()), text(why.rstrip("."))) for part, why in pulse.unread]
    told += [put("- {}.", text(each.rstrip("."))) for each in pulse.notes]
    if told:
        yield join(told, "\n")


def _objectives(pulse: Pulse) -> Iterator[Markdown]:
    if not pulse.standings:
        return
    yield Markdown("### Objectives")
    for each in pulse.standings[:_CHARTS]:
        chart = _chart(each)
        if chart:
            yield chart
    head = ["| | objective | metric | now | target | by | expected then | owner |", "|---|---|---|---|---|---|---|---|"]
    lines = [
        row(
            [
                Markdown(MARKS[each.forecast.outlook]),
                put("{}: **{}**", code(each.objective.name), Markdown(each.forecast.outlook.value)),
                code(each.objective.subject),
                Markdown(numbers.number(each.forecast.latest.value if each.forecast.latest else None)),
                Markdown(f"{'≥' if each.better == 'higher' else '≤'} {numbers.number(each.objective.target)}"),
                Markdown(each.objective.by.isoformat()),
                Markdown(forecast_said(each)),
                code(each.objective.owner),
            ]
        )
        for each in pulse.standings
    ]
    yield Markdown("\n".join([*head, *lines]))
    yield Markdown(
        f"Expected is a straight line through the registered versions, with its {numbers.share(LEVEL)} interval: it holds as far "
        f"as the past goes on.{_without(pulse)}"
    )


def _without(pulse: Pulse) -> str:
    missing = {number for each in pulse.standings or () for number in each.series.without}
    return f" {len(missing)} versions have no value to read in their facts for some objective." if missing else ""


def _chart(standing: Standing) -> Markdown:
    points = [HistoryPoint(label=each.label, value=each.value) for each in standing.series.points]
    expected = standing.forecast.expected
    ahead = HistoryPoint(label=f"{standing.objective.by:%Y-%m-%d}", value=expected) if expected is not None else None
    return mermaid.toward(standing.objective.subject, points, ahead, standing.objective.target)


def _risks(pulse: Pulse) -> Iterator[Markdown]:
    if pulse.risks is None:
        return
    yield Markdown("### Risks")
    if not pulse.risks:
        yield Markdown("Nothing is open.")
        return
    head = ["| | what | about | owner | since | until | where |", "|---|---|---|---|---|---|---|"]
    lines = [
        row(
            [
                Markdown(_PRESSING[each.urgency(pulse.at)]),
                put("{}, {}", Markdown(each.kind.value), Markdown(when(each, pulse.at))),
                code(each.about, 120),
                code(each.owner),
                Markdown(f"{each.since:%Y-%m-%d}"),
                Markdown(last_day(each.until)),
                Markdown(f"#{each.number}" if each.number else numbers.MISSING),
            ]
        )
        for each in pulse.risks[:_RISKS]
    ]
    yield Markdown("\n".join([*head, *lines]))
    if (more := len(pulse.risks) - _RISKS) > 0:
        yield Markdown(f"And {more} more: `assay pulse` lists them all.")


def _flow(pulse: Pulse) -> Iterator[Markdown]:
    rows = flow_rows(pulse)
    if pulse.flow is None or not rows:
        return
    days = (pulse.flow.window.until - pulse.flow.window.since).days
    yield put("### Flow to {}", code(pulse.environment or ""))
    head = [f"| | the last {days} days | the {days} days before |", "|---|---|---|"]
    yield Markdown("\n".join([*head, *(row([Markdown(part) for part in each]) for each in rows)]))


def when(risk: Risk, now: datetime) -> str:
    """How pressing a risk is, in words: `overdue by 3 d`, `ends soon`, `open`."""
    late = risk.late(now)
    return f"overdue by {numbers.duration(late.total_seconds())}" if late is not None else risk.urgency(now).value


def last_day(until: datetime | None) -> str:
    """A last day as people name it; a dash for what has no end."""
    # It is over at its midnight.
    return f"{until - timedelta(seconds=1):%Y-%m-%d}" if until else numbers.MISSING


def _moment(at: datetime) -> Markdown:
    return Markdown(f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


# --- the measures in words ---


def _spread(found: Spread | None) -> str:
    if found is None:
        return _NOTHING
    median, p90 = (numbers.duration(each.total_seconds()) for each in (found.median, found.p90))
    return f"{median} (nine of ten: {p90}; of {found.count})"


def _often(flow: Flow) -> str:
    if flow.per_week is None:
        return "the ledger covers less than a week of it"
    return f"{numbers.number(flow.per_week, 2)} ({flow.promotions} in all)"


def _rate(flow: Flow) -> str:
    return _NOTHING if flow.failure_rate is None else f"{numbers.share(flow.failure_rate)} ({flow.failed} of {flow.promotions})"


def _restored(flow: Flow) -> str:
    said = _spread(flow.restore)
    return f"{said}; {flow.unrestored} not restored yet" if flow.unrestored else said


# --- for machines ---


def _standing(each: Standing) -> dict[str, Any]:
    wanted, found = each.objective, each.forecast
    points = [{"version": point.label, "at": point.at.isoformat(), "value": point.value} for point in each.series.points]
    return {
        "name": wanted.name,
        "metric": wanted.metric,
        "where": wanted.where,
        "target": wanted.target,
        "better": each.better,
        "by": wanted.by.isoformat(),
        "owner": wanted.owner,
        "outlook": found.outlook.value,
        "value": found.latest.value if found.latest else None,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "chance": found.chance,
        "points": points,
        "versions_without": list(each.series.without),
    }


def _risk(each: Risk, now: datetime) -> dict[str, Any]:
    late = each.late(now)
    return {
        "kind": each.kind.value,
        "about": each.about,
        "owner": each.owner,
        "since": each.since.isoformat(),
        "until": each.until.isoformat() if each.until else None,
        "number": each.number,
        "urgency": each.urgency(now).value,
        "overdue_by": late.total_seconds() if late is not None else None,
    }


def _measures(flow: Flow | None) -> dict[str, Any] | None:
    if flow is None:
        return None
    return {
        "since": flow.window.since.isoformat(),
        "until": flow.window.until.isoformat(),
        "promotions": flow.promotions,
        "lead_time": _times(flow.lead),
        "lead_time_from_pull_request": _times(flow.opened),
        "lead_time_from_merge": _times(flow.merged),
        "promotions_per_week": flow.per_week,
        "change_failures": flow.failed,
        "change_failure_rate": flow.failure_rate,
        "time_to_restore": _times(flow.restore),
        "unrestored": flow.unrestored,
    }


def _times(found: Spread | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"median": found.median.total_seconds(), "p90": found.p90.total_seconds(), "count": found.count}
