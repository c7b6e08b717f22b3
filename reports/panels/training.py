"""What ran: a bar a stage, and the last words of a stage that failed."""

from dataclasses import replace

from markupsafe import Markup

from policy.facts import Facts
from policy.facts.training import StageRun
from policy.result import Status
from reports import numbers
from reports.html import inline, mark, name
from reports.markdown import EMPTY as NOTHING
from reports.markdown import Markdown
from reports.panels.block import Block, Line, from_section, heads, text
from reports.pictures import EMPTY, bar
from reports.section import Section
from reports.sections.training import reasons

_STATUS = {"failed": Status.FAILED, "stopped": Status.FAILED, "not_reached": Status.WARNED}


def training(facts: Facts, section: Section | None, *, draw: bool) -> Block:
    """The stages in the order in which they ran. Notes and logs are those of the story's section."""
    found = facts.training
    told = from_section(section) if section else Block("training", "Stages")
    stages = found.stages if found else []
    longest = max((stage.wall_seconds or 0.0 for stage in stages), default=0.0)
    titles = heads("stage", "outcome", "because", "time>", "*", "CPU time>", "peak memory>")
    why = reasons(facts)
    budget = ""
    if found and stages:
        of = f" of {numbers.duration(found.budget_seconds)} allowed" if found.budget_seconds else ""
        budget = f"{numbers.duration(found.wall_seconds)}{of}"
    return replace(
        told,
        title="Stages",
        brief=" · ".join(each for each in (told.brief, budget) if each),
        heads=titles if draw else (*titles[:4], *titles[5:]),
        lines=tuple(_line(stage, why.get(stage.name, NOTHING), longest, draw) for stage in stages),
    )


def _line(stage: StageRun, because: Markdown, longest: float, draw: bool) -> Line:
    status = _STATUS.get(stage.outcome, Status.PASSED)
    outcome = mark(status) + text(f" {stage.outcome.replace('_', ' ')}")
    drawn: tuple[Markup, ...] = ()
    if draw:
        title = f"{stage.name}: {numbers.duration(stage.wall_seconds)}"
        css = "tone failed" if status is Status.FAILED else "base" if stage.outcome != "executed" else "head"
        drawn = (bar(stage.wall_seconds or 0.0, longest, title, css=css) if stage.wall_seconds else EMPTY,)
    told = (text(numbers.duration(stage.wall_seconds)), *drawn, text(numbers.duration(stage.cpu_seconds)))
    return Line(status, (name(stage.name), outcome, inline(because.source), *told, text(numbers.size(stage.peak_bytes))))
