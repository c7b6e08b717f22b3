"""What every report tells, in one place: the headline, the table of parts, the sections, the footer.

Comment, summary and page lay the same story out, so they cannot disagree. All text in it is safe Markdown; all of it comes
from facts and verdict.
"""

from dataclasses import dataclass, replace

from policy.facts import Facts
from policy.facts.record import RevisionFacts
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import card_change, numbers
from reports.headline import Headline, experiment, headline
from reports.markdown import EMPTY, Markdown, code, put, row
from reports.section import ICONS, RANK, Section
from reports.sections.checks import TITLES, checks
from reports.sections.data import data
from reports.sections.drift import drift
from reports.sections.fairness import fairness
from reports.sections.gates import gates
from reports.sections.lineage import lineage, short
from reports.sections.metrics import metrics
from reports.sections.newest import newest
from reports.sections.phrases import part_against, part_result
from reports.sections.training import training


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line of the table that is read first."""

    name: str
    status: Status
    icon: Markdown
    title: Markdown
    result: Markdown
    against: Markdown


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a report says, worst first, before anything is cut.

    `sections` are in the order in which they are read, without the empty ones. `quiet` is true where nothing that the policy
    watches changed: then headline and footer are all there is to say.
    """

    headline: Headline
    parts: tuple[PartRow, ...]
    base: Markdown
    sections: tuple[Section, ...]
    footer: Markdown
    quiet: bool

    @property
    def table(self) -> Markdown:
        """The parts as a GFM table."""
        head = row((EMPTY, Markdown("part"), Markdown("result"), put("against {}", self.base)))
        rows = [row((each.icon, put("**{}**", each.title), each.result, each.against)) for each in self.parts]
        return Markdown("\n".join([head, "| :-: | --- | --- | --- |", *rows]))

    def section(self, key: str) -> Section | None:
        """The section of that key; None where it is empty."""
        return next((each for each in self.sections if each.key == key), None)

    def with_sections(self, sections: tuple[Section, ...]) -> "Story":
        """The same story, its sections cut."""
        return replace(self, sections=sections)


def _base(revision: RevisionFacts) -> Markdown:
    """The base by its name and commit; by its commit alone where it has no other name."""
    where = short(revision.base)
    return where if revision.base.startswith(revision.base_name) else put("{} @ {}", code(revision.base_name, 40), where)


def tell(facts: Facts, verdict: Verdict, *, examples: int = 3) -> Story:
    """The whole story. `examples` is how many of the (at most ten) example rows stand beside a finding."""
    revision = facts.revision
    return Story(
        headline=headline(facts, verdict),
        parts=tuple(
            _part(each, facts, verdict) for each in sorted(verdict.result.children, key=_place) if _is_worth_a_line(each)
        ),
        base=_base(revision),
        sections=tuple(each for each in _sections(facts, verdict, examples) if not each.is_empty),
        footer=_footer(facts),
        quiet=facts.nothing_to_check and verdict.result.status in (Status.PASSED, Status.SKIPPED),
    )


def _sections(facts: Facts, verdict: Verdict, examples: int) -> list[Section]:
    """What stands open first, then the folds: those in which something fails, those with a warning, the others."""
    needs, more_needs, errors, holds = checks(facts, verdict)
    found = [
        *gates(facts, verdict),
        *newest(facts),
        needs,
        more_needs,
        errors,
        *metrics(facts, verdict),
        *drift(facts, verdict),
        *data(facts, verdict, shown=examples),
        *training(facts, verdict),
        *fairness(facts, verdict),
        card_change.section(facts),
        holds,
        *lineage(facts, verdict),
    ]
    found = [each.without_empty_columns() for each in found]
    return sorted(found, key=lambda each: (each.folded, RANK[each.status]))


_ORDER = tuple(TITLES)


def _place(part: Result) -> int:
    """Always the same order, so that who reads many comments finds a part where it was; what is not known comes last."""
    return _ORDER.index(part.name) if part.name in _ORDER else len(_ORDER)


def _is_worth_a_line(part: Result) -> bool:
    """Whether a part stands in the table. The policy does so only where there is something to say of it."""
    return part.name != "governance" or part.status is not Status.PASSED


def _part(part: Result, facts: Facts, verdict: Verdict) -> PartRow:
    return PartRow(
        name=part.name,
        status=part.status,
        icon=ICONS[part.status],
        title=Markdown(TITLES.get(part.name, "Other")),
        result=part_result(part, facts),
        against=part_against(part, facts, verdict),
    )


def _footer(facts: Facts) -> Markdown:
    revision, policy = facts.revision, facts.policy
    edits = "this change edits it" if policy.changed_by_head else "this change does not alter it"
    from_where = code(revision.base_name, 40) if policy.read_from == "base" else Markdown("the change itself")
    if experiment(facts) is not None:
        told = f"Policy: {{}} · {numbers.duration(facts.seconds)} on {{}}, for a command; it says nothing about a merge"
        return put(told, code(policy.path, 60), short(revision.head))
    return put(
        f"Policy: {{}} on {{}}; {edits} · checked {{}}{' and what is not committed' if revision.dirty else ''} "
        f"in {numbers.duration(facts.seconds)} · {{}} shows the same on your machine",
        code(policy.path, 60),
        from_where,
        short(revision.head),
        code(f"assay check --base {revision.base_name}", 80),
    )
