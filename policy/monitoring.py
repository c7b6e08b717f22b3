"""What a look at production means, by the policy.

A difference is a finding only where it is both large (the thresholds of drift) and not chance (a test whose p-value holds
after all columns have been tested). Sources and definitions are in docs/monitor.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from policy.drift import NAMES, thresholds
from policy.facts.data import ColumnDrift
from policy.facts.monitoring import MonitoredColumn, MonitorFacts
from policy.monitored import Kind, Monitor
from policy.performance import Question, questions
from policy.reasons import Reason
from policy.result import Result, Status, Value, combine
from policy.sighting import Severity, Sighting

__all__ = ["MOST_LISTED", "NAME", "RANK", "ROWS", "Monitor", "adjusted", "decide", "fails", "is_judged"]

NAME = "monitor"
ROWS = "reference's rows"
"""The result that says what was left out for want of them."""
RANK = {Severity.NONE: 0, Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3}
"""Severities as numbers that can be compared and drawn."""
MOST_LISTED = 50
"""How many findings, and how many quiet columns, the tree lists."""
_DAY = 86_400.0
_KEPT: dict[Kind, Reason] = {"performance": Reason.MONITOR_PERFORMS, "estimate": Reason.MONITOR_ESTIMATED}
_BREAKS: dict[Reason | None, Reason] = {
    Reason.DRIFT_COLUMN_GONE: Reason.MONITOR_GONE,
    Reason.DRIFT_RETYPED: Reason.MONITOR_RETYPED,
    Reason.DRIFT_MEASURE: Reason.DRIFT_MEASURE,
}
_ASIDE = (
    Reason.DRIFT_EMPTIED,
    Reason.DRIFT_NO_BASELINE,
    Reason.DRIFT_NO_VALUES,
    Reason.DRIFT_NESTED,
    Reason.DRIFT_IDENTIFIER,
    Reason.DRIFT_WITHHELD,
)


@dataclass(frozen=True)
class _Found:
    """Something to say, what it weighs, and how far it is over its limit, for the order."""

    severity: Severity
    result: Result
    weight: float = 0.0


def decide(section: Monitor, facts: MonitorFacts, *, model: str, at: str, version: str = "") -> Sighting:
    """What a look means: the record with its severity, its findings (the worst first) and the numbers of the trend.

    `at` is when it was taken. Data that cannot be read is a finding. A window too small to tell says so and is neither good
    nor bad: what does not depend on its size (schema, lateness, volume) is judged all the same.
    """
    found = _unreadable(section, facts) if facts.problem is not None else _all(section, facts)
    loud = sorted((each for each in found if each.severity is not Severity.NONE), key=lambda e: (-RANK[e.severity], -e.weight))
    severity = loud[0].severity if loud else Severity.NONE
    return Sighting(
        model=model,
        version=version,
        at=at,
        start=facts.start,
        end=facts.end,
        rows=facts.rows,
        severity=severity,
        result=_whole(section, facts, loud, [each.result for each in found if each.severity is Severity.NONE]),
        numbers=_numbers(section, facts),
    )


def fails(section: Monitor, sighting: Sighting) -> bool:
    """Whether a sighting is above what the policy allows."""
    return RANK[sighting.severity] >= RANK[Severity(section.fails_at)]


def adjusted(p_values: Sequence[float]) -> list[float]:
    """P-values for the number of tests: where those of at most alpha are taken, at most alpha of them are false on average.

    The step-up procedure of Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995. Where nothing
    changed, alpha also bounds the chance of any finding; it holds for tests that depend positively on each other too
    (Benjamini and Yekutieli, Annals of Statistics 29, 2001).
    """
    order = sorted(range(len(p_values)), key=lambda at: -p_values[at])
    result, least = [0.0] * len(p_values), 1.0
    for back, at in enumerate(order):
        least = min(least, p_values[at] * (len(p_values) / (len(p_values) - back)))
        result[at] = least
    return result


def _whole(section: Monitor, facts: MonitorFacts, loud: list[_Found], quiet: list[Result]) -> Result:
    """The tree: findings, then what was looked at and is well, each up to a length."""
    children = [*(each.result for each in loud[:MOST_LISTED]), *quiet[:MOST_LISTED]]
    few = next((each for each in quiet if each.reason is Reason.MONITOR_TOO_FEW), None)
    if not loud and few is not None:
        return Result(name=NAME, status=Status.SKIPPED, reason=few.reason, values=few.values, children=children)
    if not loud:
        judged = sum(is_judged(section, each) for each in facts.columns)
        values: dict[str, Value] = {"rows": facts.rows, "judged": judged}
        return Result(name=NAME, status=Status.PASSED, reason=Reason.MONITOR_QUIET, values=values, children=children)
    if len(loud) == 1:
        return combine(NAME, children)
    status = loud[0].result.status
    values = {"count": len(loud), "severity": loud[0].severity.value}
    return Result(name=NAME, status=status, reason=Reason.MONITOR_FINDINGS, values=values, children=children)


def _finding(
    section: Monitor, severity: Severity, name: str, reason: Reason, values: dict[str, Value], weight: float = 0.0
) -> _Found:
    status = Status.FAILED if RANK[severity] >= RANK[Severity(section.fails_at)] else Status.WARNED
    said = values | {"severity": severity.value}
    return _Found(severity, Result(name=name, status=status, reason=reason, values=said), weight)


def _unreadable(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    values: dict[str, Value] = {"data": section.source, "detail": facts.problem_detail or "—"}
    return [_finding(section, section.weight("unreadable"), "data", Reason.MONITOR_UNREADABLE, values)]


def _all(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    found = [*_left_out(facts), *_schema(section, facts), *_times(section, facts), *_volume(section, facts)]
    if (facts.rows or 0) < section.least:
        values: dict[str, Value] = {"rows": facts.rows, "least": section.least}
        few = Result(name="rows", status=Status.SKIPPED, reason=Reason.MONITOR_TOO_FEW, values=values)
        return [*found, _Found(Severity.NONE, few)]
    return [*found, *_distributions(section, facts)]


def _left_out(facts: MonitorFacts) -> list[_Found]:
    """What was not looked at, in one line: that is neither good nor bad, and never silent."""
    if not facts.left_out:
        return []
    values: dict[str, Value] = {"detail": facts.rows_problem, "parts": ", ".join(facts.left_out)}
    return [_Found(Severity.NONE, Result(name=ROWS, status=Status.SKIPPED, reason=Reason.MONITOR_ROWS_GONE, values=values))]


def _schema(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    """Columns that came, went, or hold something of another kind; and limits for a column that is nowhere."""
    severity = section.weight("schema")
    found: list[_Found] = []
    for each in facts.columns:
        values: dict[str, Value] = {"column": each.drift.column, "measure": NAMES[each.drift.measure]}
        if each.drift.problem in _BREAKS:
            found.append(_finding(section, severity, each.drift.column, _BREAKS[each.drift.problem], values))
        elif each.drift.skipped is Reason.DRIFT_COLUMN_NEW and each.drift.column != section.time:
            found.append(_finding(section, Severity.LOW, each.drift.column, Reason.MONITOR_NEW, values))
    known = {each.drift.column for each in facts.columns}
    return found + [
        _finding(section, severity, name, Reason.MONITOR_NO_SUCH_COLUMN, {"column": name})
        for name, rule in section.columns.items()
        if name not in known and not rule.ignore
    ]


def _times(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    """Whether the data is late, and rows whose time cannot be."""
    found = []
    if section.late_after is not None and facts.age_days is not None:
        limit = section.late_after.total_seconds() / _DAY
        values: dict[str, Value] = {"age": _days(facts.age_days), "limit": _days(limit), "newest": facts.end}
        if facts.age_days > limit:
            found.append(_finding(section, section.weight("late"), "late data", Reason.MONITOR_LATE, values, 1.0))
        else:
            found.append(_Found(Severity.NONE, _passed("late data", Reason.MONITOR_FRESH, values)))
    if facts.future:
        values = {"count": facts.future, "column": section.time}
        found.append(_finding(section, Severity.LOW, "future rows", Reason.MONITOR_FUTURE, values))
    if facts.untimed > section.nulls:
        values = {"share": f"{facts.untimed:.1%}", "column": section.time}
        found.append(_finding(section, section.weight("missing"), f"{section.time}: missing", Reason.MONITOR_UNTIMED, values))
    return found


def _volume(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    if facts.per_day is None or facts.per_day_reference is None or facts.per_day_reference == 0:
        return []
    share = facts.per_day / facts.per_day_reference
    values: dict[str, Value] = {"per_day": facts.per_day, "reference": facts.per_day_reference, "share": f"{share:.0%}"}
    if section.volume <= share <= 1 / section.volume:
        return [_Found(Severity.NONE, _passed("volume", Reason.MONITOR_VOLUME_STEADY, values))]
    return [_finding(section, section.weight("volume"), "volume", Reason.MONITOR_VOLUME, values)]


def _distributions(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    """Drift of columns, missing values and all columns together: one family of tests, whose p-values are adjusted at once."""
    moved = [each for each in facts.columns if is_judged(section, each) and each.p_moved is not None]
    emptier = [each for each in facts.columns if each.p_missing is not None]
    together = [facts.apart] if facts.apart is not None else []
    asked = _asked(section, facts)
    p_values = adjusted(
        [
            *(each.p_moved for each in moved if each.p_moved is not None),
            *(each.p_missing for each in emptier if each.p_missing is not None),
            *(each.p for each in together),
            *(each.p for _, each in asked if each.p is not None),
        ]
    )
    sure = [p <= section.alpha for p in p_values]
    found = [_column(section, each.drift, sure[at]) for at, each in enumerate(moved)]
    found += [
        _missing(section, each.drift)
        for at, each in enumerate(emptier, len(moved))
        if sure[at] and _change(each.drift) > section.nulls
    ]
    for apart in together:
        values: dict[str, Value] = {"auc": apart.auc, "limit": section.domain_auc, "rows": apart.rows}
        if sure[len(moved) + len(emptier)] and apart.auc >= section.domain_auc:
            severity = section.weight("multivariate")
            found.append(_finding(section, severity, "all columns", Reason.MONITOR_APART, values))
        else:
            found.append(_Found(Severity.NONE, _passed("all columns", Reason.MONITOR_TOGETHER, values)))
    answers = iter(sure[len(moved) + len(emptier) + len(together) :])
    found += [_judged(section, kind, each, each.p is not None and next(answers)) for kind, each in asked]
    found += _unlabelled(section, facts)
    return found + [said for each in facts.columns if not is_judged(section, each) for said in _aside(each.drift)]


def _asked(section: Monitor, facts: MonitorFacts) -> list[tuple[Kind, Question]]:
    """Every limit on how well the model does, with its kind of finding."""
    if section.predictions is None:
        return []
    measured = questions(section.predictions, facts.performance)
    estimated = questions(section.predictions, facts.estimates, Reason.MONITOR_ESTIMATED_WORSE)
    return [*(("performance", each) for each in measured), *(("estimate", each) for each in estimated)]


def _judged(section: Monitor, kind: Kind, asked: Question, sure: bool) -> _Found:
    """One limit: passed and not by chance, or kept, or not to be told."""
    name = f"{kind}: {asked.name}"
    if asked.certain or (asked.over and sure):
        return _finding(section, section.weight(kind), name, asked.reason, asked.values, asked.beyond)
    if asked.p is None:
        return _Found(Severity.NONE, Result(name=name, status=Status.SKIPPED, reason=asked.reason, values=asked.values))
    return _Found(Severity.NONE, _passed(name, _KEPT[kind], asked.values))


def _unlabelled(section: Monitor, facts: MonitorFacts) -> list[_Found]:
    """That too few labels have arrived to say how well the model does."""
    if section.predictions is None or facts.labelled is None or facts.labelled >= section.least:
        return []
    values: dict[str, Value] = {"rows": facts.labelled, "least": section.least}
    return [
        _Found(Severity.NONE, Result(name="performance", status=Status.SKIPPED, reason=Reason.MONITOR_UNLABELLED, values=values))
    ]


def _column(section: Monitor, column: ColumnDrift, sure: bool) -> _Found:
    """One column whose distance is known: moved far, moved, or neither, by the least distance that its profile allows."""
    warn, fail = thresholds(section.as_drift, column.column, column.measure)
    value = column.value or 0.0
    certain = value - column.bound
    values: dict[str, Value] = {
        "column": column.column,
        "measure": NAMES[column.measure],
        "value": value,
        "warn": warn,
        "fail": fail,
    }
    if sure and certain >= fail:
        severity = section.weight("drift")
        return _finding(section, severity, column.column, Reason.MONITOR_MOVED_FAR, values, value / fail)
    if sure and certain >= warn:
        return _finding(section, Severity.LOW, column.column, Reason.MONITOR_MOVED, values, value / fail)
    reason = Reason.MONITOR_STEADY if value < warn or sure else Reason.MONITOR_CHANCE
    return _Found(Severity.NONE, _passed(column.column, reason, values))


def _missing(section: Monitor, column: ColumnDrift) -> _Found:
    values: dict[str, Value] = {
        "column": column.column,
        "before": f"{column.nulls_base:.1%}",
        "after": f"{column.nulls_head:.1%}",
    }
    name, severity = f"{column.column}: missing", section.weight("missing")
    return _finding(section, severity, name, Reason.MONITOR_MISSING, values, _change(column))


def _aside(column: ColumnDrift) -> list[_Found]:
    """A column that has no distance to judge, and why; nothing of what is a finding of its own."""
    reason = column.problem or column.skipped or (Reason.MONITOR_TIME if column.kind == "time" else Reason.DRIFT_NO_VALUES)
    if reason not in (*_ASIDE, Reason.MONITOR_TIME):
        return []
    values: dict[str, Value] = {"column": column.column, "measure": NAMES[column.measure]}
    return [_Found(Severity.NONE, Result(name=column.column, status=Status.SKIPPED, reason=reason, values=values))]


def is_judged(section: Monitor, column: MonitoredColumn) -> bool:
    """Whether a column has a distance that the policy wants to know."""
    drift = column.drift
    if drift.problem is not None or drift.skipped is not None or drift.value is None:
        return False
    return drift.kind != "time" or drift.column in section.columns


def _passed(name: str, reason: Reason, values: dict[str, Value]) -> Result:
    return Result(name=name, status=Status.PASSED, reason=reason, values=values)


def _change(column: ColumnDrift) -> float:
    return abs(column.nulls_head - column.nulls_base)


def _days(days: float) -> str:
    """An age as people say it."""
    return f"{days:.1f} days" if days >= 1 else f"{days * 24:.1f} hours"


def _numbers(section: Monitor, facts: MonitorFacts) -> dict[str, float]:
    """What the trend shows; a number that could not be known is not there."""
    if facts.problem is not None:
        return {}
    known = {"rows": facts.rows, "age_days": facts.age_days, "rows_per_day": facts.per_day}
    if (facts.rows or 0) >= section.least:
        judged = [each.drift for each in facts.columns if is_judged(section, each)]
        times = [(each.value or 0.0) / thresholds(section.as_drift, each.column, each.measure)[1] for each in judged]
        known |= {
            "columns_judged": len(judged),
            "furthest": max(times, default=0.0),
            "missing_change": max((_change(each.drift) for each in facts.columns), default=0.0),
            "domain_auc": facts.apart.auc if facts.apart else None,
        }
        known |= {f"performance_{each.metric}": each.value for each in facts.performance}
        known |= {f"estimate_{each.metric}": each.value for each in facts.estimates}
    return {name: float(value) for name, value in known.items() if value is not None}
