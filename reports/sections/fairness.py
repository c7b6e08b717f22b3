"""Fairness: the gaps between the groups of a column, and the groups."""

from policy.facts import Facts
from policy.facts.evaluation import FairnessFact, GroupFact
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import Markdown, code, put
from reports.section import ICONS, Row, Section, columns
from reports.sections.parts import part, prose, status_of


def fairness(facts: Facts, verdict: Verdict) -> list[Section]:
    """The gaps in a sentence each, then the groups, those with the largest rates first."""
    found = facts.evaluation.fairness if facts.evaluation else []
    status = status_of(part(verdict, "fairness"))
    rows = [_group(each, group, status) for each in found for group in sorted(each.groups, key=_rate)]
    return [
        Section(
            "fairness",
            "Fairness, group by group",
            columns=columns("group", "rows>", "favoured>", "true positives>", "false positives>"),
            rows=tuple(rows),
            paragraphs=tuple(_gaps(each) for each in found),
            brief=numbers.count(len(rows)),
            cap=30,
        )
    ]


def _rate(group: GroupFact) -> float:
    return -(group.selection_rate if group.selection_rate is not None else -1.0)


def _group(fairness_fact: FairnessFact, group: GroupFact, status: Status) -> Row:
    rates = (group.selection_rate, group.true_positive_rate, group.false_positive_rate)
    cells = (code(f"{fairness_fact.column}={group.value}"), Markdown(numbers.count(group.rows)))
    return Row(status, (*cells, *[Markdown(numbers.rate(rate)) for rate in rates]))


def _gaps(fact: FairnessFact) -> Markdown:
    if fact.problem is not None:
        return put(f"{ICONS[Status.FAILED]} {{}}: {{}}", code(fact.column), prose(fact.problem, fact.detail))
    parity = _moved(fact.demographic_parity_base, fact.demographic_parity)
    odds = _moved(fact.equalised_odds_base, fact.equalised_odds)
    return put(
        f"{{}}: demographic parity difference {parity}, equalised odds difference {odds}; "
        f"a score of {numbers.number(fact.threshold)} or more is favourable.",
        code(fact.column),
    )


def _moved(base: float | None, head: float | None) -> str:
    shown = numbers.compared(base, head)
    return shown.head if base is None else f"{shown.base} → {shown.head}"


def largest_gap(facts: Facts, judged: Result | None) -> list[Markdown]:
    """Each column with its largest gap: `origin`: largest gap 0.03."""
    phrases = []
    for fact in facts.evaluation.fairness if facts.evaluation and judged else []:
        gaps = [gap for gap in (fact.demographic_parity, fact.equalised_odds) if gap is not None]
        if gaps:
            phrases.append(put(f"{{}}: largest gap {numbers.number(max(gaps), 2)}", code(fact.column, 40)))
    return phrases
