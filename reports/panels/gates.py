"""The gates, each with the picture of its change: where it lies, how sure that is, and what is allowed."""

from collections import Counter

from markupsafe import Markup

from policy.facts import Facts
from policy.result import Comparison, Result, Status, Tier
from policy.verdict import Verdict
from reports import numbers
from reports.html import mark, name, plain, why
from reports.panels.block import Block, Head, Line, heads, text
from reports.pictures import EMPTY, Whisker, whisker
from reports.section import RANK
from reports.sections.gates import compared_gates
from reports.sections.parts import plural

_LEGEND = (
    "Each row has a scale of its own. The dot is this change with its interval (a square where there is none), "
    "the thin line is the base, the tinted side is what the policy forbids."
)


def gates(facts: Facts, verdict: Verdict, *, draw: bool) -> Block:
    """Every gate that has numbers, worst first."""
    found = sorted(compared_gates(verdict), key=lambda each: RANK[each.status])
    bad = sum(each.status is Status.FAILED for each in found)
    level = _common([each.comparison.confidence for each in found if each.comparison])
    base = Head(name(facts.revision.base_name, 30), "right")
    titles = heads(
        "gate", "this>", f"change ({numbers.share(level)} interval)^" if level else "change^", "interval*", "allowed", "result"
    )
    shown = (titles[0], base, *(titles[1:] if draw else (*titles[1:3], *titles[4:])))
    return Block(
        key="gates",
        title="Gates",
        brief=f"{bad} of {plural(len(found), 'gate')} fail" if bad else plural(len(found), "gate"),
        status=found[0].status if found else Status.SKIPPED,
        heads=shown,
        lines=tuple(_line(each, level, draw) for each in found),
        caption=_LEGEND if draw and found else "",
    )


def _common(levels: list[float | None]) -> float | None:
    """The confidence that most gates are judged at; the others say theirs."""
    known = Counter(level for level in levels if level is not None)
    return known.most_common(1)[0][0] if known else None


def _line(gate: Result, level: float | None, draw: bool) -> Line:
    comparison = gate.comparison
    if comparison is None:
        raise ValueError(f"{gate.name} has nothing to compare")
    shown = numbers.compared(
        comparison.base, comparison.head, comparison.change, comparison.low, comparison.high, comparison.allowed
    )
    cells = (_name(gate, comparison), text(shown.base), text(shown.head), _change(shown.change))
    drawn = (_picture(gate, comparison, shown.change),) if draw else ()
    return Line(gate.status, (*cells, *drawn, _allowed(comparison), _outcome(gate, comparison, level)))


def _name(gate: Result, comparison: Comparison) -> Markup:
    if gate.name.startswith(f"{comparison.metric} since "):
        since = gate.name.removeprefix(f"{comparison.metric} since ")
        return Markup('{} <span class="where">since {}</span>').format(name(comparison.metric), name(since))
    if comparison.slice is None:
        return name(comparison.metric)
    return Markup('{} <span class="where">on {}</span>').format(name(comparison.metric), name(comparison.slice))


def _allowed(comparison: Comparison) -> Markup:
    """The limits; a sign stays with its number."""
    return Markup("{}").format(plain(comparison.allowed, 120).replace("≥ ", "≥\u00a0").replace("≤ ", "≤\u00a0"))


def _change(words: str) -> Markup:
    change, opened, interval = words.partition(" (")
    return Markup('{} <span class="where">({}</span>').format(change, interval) if opened else text(change)


def _outcome(gate: Result, comparison: Comparison, level: float | None) -> Markup:
    words = gate.tier.value if gate.tier else {Status.FAILED: "fails", Status.WARNED: "warns"}.get(gate.status, "holds")
    notes = []
    if comparison.rows is not None:
        notes.append(plural(comparison.rows, "row"))
    if comparison.confidence and comparison.confidence != level:
        notes.append(f"{numbers.share(comparison.confidence)} interval")
    detail = why(gate) if gate.tier is Tier.UNUSABLE else text(", ".join(notes))
    steady = "" if gate.tier is Tier.UNUSABLE else " steady"
    return Markup('{} {} <span class="where{}">{}</span>').format(mark(gate.status), words, steady, detail)


def _picture(gate: Result, comparison: Comparison, change: str) -> Markup:
    """The change on an axis of values at head: base plus change, so that floors and margins share one axis."""
    base, head = comparison.base, comparison.head
    if head is None:
        return Markup('<span class="where">no value to draw</span>')
    low, high = _ends(comparison)
    drawn = Whisker(head, low, high, base, comparison.least, comparison.most, gate.status.value)
    subject = comparison.metric if comparison.slice is None else f"{comparison.metric} on {comparison.slice}"
    limit = f"; allowed {comparison.allowed}" if comparison.allowed else ""
    return whisker(drawn, f"{subject}: change {change}{limit}") or EMPTY


def _ends(comparison: Comparison) -> tuple[float | None, float | None]:
    """The interval of the change, moved to the head's value."""
    if comparison.head is None or comparison.change is None or comparison.low is None or comparison.high is None:
        return None, None
    start = comparison.head - comparison.change
    return start + comparison.low, start + comparison.high
