"""The gates that judge metrics: the table that stands open, and a folded one where there are many.

Gates over every value of a column are one line as long as they pass: who reads a comment wants to know which one does not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from policy.facts import Facts
from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, put, text
from reports.section import ICONS, RANK, Column, Row, Section, columns
from reports.sections.parts import LOUD, plural
from reports.sentences import why

_VISIBLE = 12
"""Gates that stand open in the comment; where more than these fail or warn, up to `_LOUD` of them do."""
_LOUD = 25
_FEWEST = 3
"""Passing gates on values of one column that become one line."""


def compared_gates(verdict: Verdict) -> list[Result]:
    """Every check with numbers to compare, in the order of the policy."""
    return [leaf for leaf in verdict.result.leaves() if leaf.comparison is not None]


def gates(facts: Facts, verdict: Verdict) -> list[Section]:
    """The gates, worst first; those that a line speaks for are folded below."""
    found = sorted(compared_gates(verdict), key=lambda each: RANK[each.status])
    level = common_confidence(found)
    heads = _heads(facts, level)
    families = _families(found)
    sizes = Counter(map(_family, found))
    members = {id(member) for family in families.values() for member in family}
    rows, folded, told = [], [], set[str]()
    for gate in found:
        if id(gate) not in members:
            rows.append(_row(gate, level))
            continue
        folded.append(_row(gate, level))
        if (of := _family(gate)) not in told:
            told.add(of)
            rows.append(_family_row(families[of], sizes[of] - len(families[of])))
    loud = sum(each.status in LOUD for each in rows)
    visible = min(max(loud, _VISIBLE), _LOUD)
    rest = (*rows[visible:], *folded)
    return [
        Section("gates", "Gates", columns=heads, rows=tuple(rows[:visible]), folded=False, cap=_LOUD),
        Section(
            "more_gates",
            "The other gates" if rows[visible:] else "Slices with a gate",
            columns=heads,
            rows=rest,
            brief=numbers.count(len(rest)),
            cap=200,
        ),
    ]


def _family(gate: Result) -> str:
    """What the gates of one rule over every value of a column have in common; empty for any other gate."""
    comparison = gate.comparison
    if comparison is None or comparison.slice is None:
        return ""
    column, _, value = comparison.slice.partition("=")
    return "\0".join((comparison.metric, column, comparison.allowed, _since(gate, comparison))) if value else ""


def _families(found: Iterable[Result]) -> dict[str, list[Result]]:
    """The passing gates of every rule that has enough of them."""
    families: dict[str, list[Result]] = defaultdict(list)
    for gate in found:
        if gate.status is Status.PASSED and gate.tier is not Tier.INCONCLUSIVE and (of := _family(gate)):
            families[of].append(gate)
    return {of: members for of, members in families.items() if len(members) >= _FEWEST}


def _family_row(members: list[Result], others: int) -> Row:
    """`roc_auc` on 8 values of `carrier`: the worst and the best change."""
    comparison = members[0].comparison
    if comparison is None:
        raise ValueError(f"{members[0].name} has nothing to compare")
    column = code(comparison.slice.partition("=")[0] if comparison.slice else "")
    amount = numbers.count(len(members))
    where = f"{amount} other values of {{}}" if others else f"each {{}} ({amount})"
    named = put("{} on {}", code(comparison.metric), put(where, column))
    better = sum(member.tier is Tier.IMPROVED for member in members)
    outcome = f"{ICONS[Status.PASSED]} {amount} pass{f', {numbers.count(better)} of them improved' if better else ''}"
    cells = (named, EMPTY, EMPTY, Markdown(_range(members)), _allowed(comparison), Markdown(outcome))
    return Row(Status.PASSED, cells)


def _range(members: list[Result]) -> str:
    """From the smallest to the largest change."""
    changes = [each.comparison.change for each in members if each.comparison and each.comparison.change is not None]
    if not changes:
        return numbers.MISSING
    ends = (min(changes), max(changes))
    decimals = next((each for each in range(3, 9) if all(not end or round(end, each) for end in ends)), 9)
    low, high = (numbers.fixed(end, decimals, sign=True) if end else "0" for end in ends)
    return low if low == high else f"{low} to {high}"


def common_confidence(found: Iterable[Result]) -> float | None:
    """The confidence that most gates are judged at; the others say theirs."""
    levels = Counter(each.comparison.confidence for each in found if each.comparison and each.comparison.confidence)
    return levels.most_common(1)[0][0] if levels else None


def _heads(facts: Facts, level: float | None) -> tuple[Column, ...]:
    interval = f"change ({numbers.share(level)} interval)^" if level else "change^"
    heads = columns("gate", "base>", "this>", interval, "allowed", "result")
    return (heads[0], Column(code(facts.revision.base_name, 30), "right"), *heads[2:])


def shown_numbers(comparison: Comparison) -> numbers.Compared:
    """The numbers of a gate, the same in every place that shows them."""
    return numbers.compared(
        comparison.base, comparison.head, comparison.change, comparison.low, comparison.high, comparison.allowed
    )


def _row(gate: Result, level: float | None) -> Row:
    comparison = gate.comparison
    if comparison is None:
        raise ValueError(f"{gate.name} has nothing to compare")
    shown = shown_numbers(comparison)
    change = Markdown(shown.change.replace(" ", _STAYS))
    cells = (name(gate, comparison), Markdown(shown.base), Markdown(shown.head), change, _allowed(comparison))
    return Row(gate.status, (*cells, _outcome(gate, comparison, level)))


_STAYS = "\u00a0"
"""A blank at which no line is broken: an interval in two pieces is no interval."""


def _allowed(comparison: Comparison) -> Markdown:
    shown = text(comparison.allowed, 120).source
    return Markdown(shown.replace("≥ ", f"≥{_STAYS}").replace("≤ ", f"≤{_STAYS}"))


def name(gate: Result, comparison: Comparison) -> Markdown:
    """`roc_auc` on `carrier=HA` since `champion`."""
    shown = (
        code(comparison.metric) if comparison.slice is None else put("{} on {}", code(comparison.metric), code(comparison.slice))
    )
    since = _since(gate, comparison)
    return put("{} since {}", shown, code(since, 40)) if since else shown


def _since(gate: Result, comparison: Comparison) -> str:
    where = "" if comparison.slice is None else f" on {comparison.slice}"
    _, _, reference = gate.name.removeprefix(f"{comparison.metric}{where}").partition(" since ")
    return reference


def _outcome(gate: Result, comparison: Comparison, level: float | None) -> Markdown:
    word = f"{ICONS[gate.status]} {gate.tier or _verb(gate)}"
    if gate.reason is Reason.WAIVED:
        return put(
            f"{word}, waived by {{}} until {{}}", code(str(gate.values.get("by")), 40), code(str(gate.values.get("until")), 12)
        )
    if gate.tier is Tier.UNUSABLE:
        return put(f"{word}: {{}}", why(gate))
    notes = []
    if comparison.slice is not None and comparison.rows is not None:
        notes.append(plural(comparison.rows, "row").replace(" ", _STAYS))
    if comparison.confidence and comparison.confidence != level:
        notes.append(f"{numbers.share(comparison.confidence)} interval")
    return Markdown(", ".join([word, *notes]))


def _verb(gate: Result) -> str:
    return {Status.FAILED: "fails", Status.WARNED: "warns"}.get(gate.status, "holds")


def movement(gate: Result) -> Markdown:
    """One gate in a phrase: `roc_auc` 0.741 → 0.729."""
    comparison = gate.comparison
    if comparison is None:
        return code(gate.name)
    shown = shown_numbers(comparison)
    return put("{} {} → {}", name(gate, comparison), Markdown(shown.base), Markdown(shown.head))


def gate_names(found: Iterable[Result], limit: int) -> Iterator[Markdown]:
    """The names of a few gates, at most `limit` of them."""
    for gate, _ in zip(found, range(limit), strict=False):
        yield code(gate.name) if gate.comparison is None else name(gate, gate.comparison)
