"""Champion and challenger on production's newest labelled rows: evidence beside the gates."""

from collections.abc import Iterator

from policy.facts import Facts
from policy.facts.evaluation import MetricFact
from policy.facts.newest import NewestFacts
from policy.newest import LEVEL, Outcome, between, outcome
from policy.result import Status
from reports import numbers
from reports.markdown import Markdown, code, put, text
from reports.section import ICONS, Row, Section, columns
from reports.sections.parts import prose

_STATUS = {Outcome.WORSE: Status.WARNED, Outcome.UNKNOWN: Status.SKIPPED}


def newest(facts: Facts) -> list[Section]:
    """What both said of the same rows; nothing where nobody asked."""
    found = facts.newest
    if found is None:
        return []
    return [
        Section(
            "newest",
            "On production's newest labelled rows, which no gate judges",
            columns=columns("^", "metric", "champion>", "challenger>", f"change, {numbers.share(LEVEL)} interval>", "which is"),
            rows=tuple(_row(each) for each in found.metrics),
            paragraphs=tuple(_said(found)),
            folded=False,
        )
    ]


def _row(fact: MetricFact) -> Row:
    how, bounds = outcome(fact), between(fact)
    shown = numbers.compared(fact.base, fact.head, None, *(bounds or ()))
    problem = fact.problem_head or fact.problem_base
    said = prose(problem, fact.detail) if problem else put("**{}**", Markdown(how.value))
    status = _STATUS.get(how, Status.PASSED)
    cells = (ICONS[status], code(fact.metric), Markdown(shown.base), Markdown(shown.head), Markdown(shown.change), said)
    return Row(status, cells)


def _said(found: NewestFacts) -> Iterator[Markdown]:
    if found.problem:
        yield put("🟡 Champion and challenger could not be compared: {}.", text(found.problem.rstrip(".")))
        return
    when = put(" from {} to {}", text(found.start, 40), text(found.end, 40)) if found.start and found.end else Markdown("")
    learned = (
        "Rows that a model learned from flatter it, and nobody said which those are (`learned_from`)."
        if found.left_out is None
        else f"{numbers.count(found.left_out)} rows that either may have learned from are left out."
    )
    yield put("{} rows{}, scored by both. {}", Markdown(numbers.count(found.rows)), when, Markdown(learned))
