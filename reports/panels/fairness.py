"""Fairness: the rates of every group on one line, so that a gap is a distance."""

from dataclasses import replace

from markupsafe import Markup

from policy.facts import Facts
from policy.facts.evaluation import FairnessFact, GroupFact
from policy.result import Status
from policy.verdict import Verdict
from reports import numbers
from reports.html import name
from reports.panels.block import Block, Line, from_section, heads, text
from reports.pictures import rates
from reports.section import Section
from reports.sections.parts import part, status_of

_LEGEND = "From 0 to 1: the circle is the share favoured, the square the true positives, the triangle the false positives."


def fairness(facts: Facts, verdict: Verdict, section: Section | None, *, draw: bool) -> Block:
    """Groups with their rates; the gaps are told by the story's section."""
    told = from_section(section) if section else Block("fairness", "Groups")
    found = facts.evaluation.fairness if facts.evaluation else []
    titles = heads("group", "rows>", "favoured>", "true positives>", "false positives>", "rates*")
    lines = tuple(_line(each, group, draw) for each in found for group in each.groups)
    return replace(
        told,
        title="Groups",
        status=status_of(part(verdict, "fairness"), Status.SKIPPED),
        brief="",
        heads=titles if draw else titles[:-1],
        lines=lines,
        caption=_LEGEND if draw and lines else "",
    )


def _line(fact: FairnessFact, group: GroupFact, draw: bool) -> Line:
    shown = [group.selection_rate, group.true_positive_rate, group.false_positive_rate]
    title = f"{fact.column}={group.value}"
    words = ("favoured", "true positives", "false positives")
    drawn: tuple[Markup, ...] = ()
    if draw:
        described = ", ".join(f"{word} {numbers.share(rate)}" for word, rate in zip(words, shown, strict=True))
        drawn = (rates(list(zip(words, shown, strict=True)), f"{title}: {described}"),)
    cells = (name(title), text(numbers.count(group.rows)), *(text(numbers.rate(rate)) for rate in shown))
    return Line(Status.PASSED, (*cells, *drawn))
