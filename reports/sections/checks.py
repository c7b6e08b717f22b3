"""Every check that is not a metric gate, in its own words: those that need somebody, and those that hold."""

from policy.facts import Facts
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, put, text
from reports.section import ICONS, Row, Section, columns, worst_first
from reports.sections.drift import moved
from reports.sections.parts import LOUD
from reports.sentences import advice, why

TITLES = {
    "data": "Data",
    "drift": "Drift",
    "training": "Training",
    "evaluation": "Evaluation",
    "fairness": "Fairness",
    "governance": "Policy",
}


def loud_checks(verdict: Verdict) -> list[tuple[Result, Result]]:
    """Every (part, check) that failed or warned, worst first. Drift is judged by data set; its columns have their own table."""
    found = [(part, check) for part in verdict.result.children for check in _checks(part) if check.status in LOUD]
    return sorted(found, key=lambda each: LOUD.index(each[1].status))


def _checks(part: Result) -> list[Result]:
    if part.name == "drift":
        return part.children or [part]
    return part.leaves()


_VISIBLE = 12
"""Checks that stand open in the comment."""


def checks(facts: Facts, verdict: Verdict) -> list[Section]:
    """What needs somebody, what could not be computed, and what holds."""
    loud = [(part, check) for part, check in loud_checks(verdict) if check.comparison is None]
    rows = tuple(_loud(part, check) for part, check in loud)
    rest = rows[_VISIBLE:]
    heads = columns("part", "what", "what to do")
    return [
        Section("checks", "What needs a look", columns=heads, rows=rows[:_VISIBLE], folded=False),
        Section("more_checks", "What else needs a look", columns=heads, rows=rest, brief=numbers.count(len(rest)), cap=200),
        _errors(facts),
        _quiet(verdict),
    ]


def _loud(part: Result, check: Result) -> Row:
    title = Markdown(TITLES.get(part.name, "Other"))
    where = put(" ({})", code(f"{check.file}:{check.line}")) if check.file and check.line else EMPTY
    drifted = moved(check) if part.name == "drift" else EMPTY
    said = put("{}: {}", code(check.name), drifted) if drifted else why(check)
    next_step = Markdown("see *Drift, column by column*") if drifted else advice(check)
    return Row(check.status, (title, put(f"{ICONS[check.status]} {{}}{{}}", said, where), next_step))


def _errors(facts: Facts) -> Section:
    rows = [
        Row(
            Status.FAILED,
            (Markdown(TITLES[error.part]), text(error.what), code(error.where) if error.where else EMPTY, text(error.next)),
        )
        for error in facts.errors
    ]
    heads = columns("part", "what", "where", "what to do")
    return Section("errors", "Errors", columns=heads, rows=tuple(rows), brief=numbers.count(len(rows)), cap=30)


_SILENT = frozenset(
    {
        *(Reason.NOT_CONFIGURED, Reason.NOTHING_TO_CHECK, Reason.NOT_REACHED, Reason.WORST_SLICE, Reason.WORST_SLICES),
        *(Reason.SINCE_BASELINE, Reason.STAGE_EXECUTED, Reason.STAGE_RESTORED, Reason.DATA_UNCHANGED, Reason.POLICY_UNCHANGED),
    }
)
"""Reasons that the table of parts, the footer, or the section of slices, baselines, stages or data already gives."""


def _quiet(verdict: Verdict) -> Section:
    found = [
        (part, check)
        for part in verdict.result.children
        if part.name != "drift"
        for check in part.leaves()
        if check.status not in LOUD and check.comparison is None and check.reason not in _SILENT
    ]
    rows = [
        Row(check.status, (ICONS[check.status], Markdown(TITLES.get(part.name, "Other")), code(check.name), why(check)))
        for part, check in found
    ]
    heads = columns("^", "part", "check", "why")
    title = "Checks that hold, and what was left out"
    return Section("holds", title, columns=heads, rows=worst_first(rows), brief=numbers.count(len(rows)), cap=30)
