"""The table of parts: how each came out, and how it stands against the base, in a phrase each."""

from collections.abc import Callable

from policy.facts import Facts
from policy.reasons import Reason
from policy.result import Result, Status, Tier
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join, put
from reports.section import RANK
from reports.sections.drift import judged_by, judged_columns, most_moved, moved
from reports.sections.fairness import largest_gap
from reports.sections.gates import compared_gates, movement, name
from reports.sections.parts import LOUD, checks, plural
from reports.sections.training import summary
from reports.sentences import why

_COUNTED = (Reason.PART_FAILED, Reason.PART_WARNED, Reason.HOLDS)


def part_result(part: Result, facts: Facts) -> Markdown:
    """How a part came out: the cause where there is one, otherwise what was checked."""
    judged = list(checks(part))
    bad = [check for check in judged if check.status is part.status]
    if part.status in LOUD:
        if part.name == "evaluation" and bad and all(check.comparison for check in bad):
            verb = "fails" if part.status is Status.FAILED else "needs a look"
            gates = sum(check.comparison is not None for check in judged)
            return Markdown(f"{numbers.count(len(bad))} of {plural(gates, 'gate')} {verb if len(bad) == 1 else verb[:-1]}")
        if part.name == "drift" and (words := moved(part)):
            return words
        if part.reason not in _COUNTED or not bad:
            return why(part)
        rest = len(bad) - 1
        return why(bad[0]) + Markdown(f"; and {numbers.count(rest)} more" if rest else "")
    if part.status is Status.SKIPPED:
        return why(part)
    return _HOLDS.get(part.name, _plain)(part, facts) or why(part)


def _plain(part: Result, facts: Facts) -> Markdown:
    return why(part)


def _data_holds(part: Result, facts: Facts) -> Markdown:
    contracts = [each.contract for each in facts.data if each.contract]
    if not contracts:
        return Markdown("the same as at the base") if facts.data and all(each.unchanged for each in facts.data) else EMPTY
    rows = plural(sum(contract.rows for contract in contracts), "row")
    return Markdown(f"{'contract holds' if len(contracts) == 1 else f'{len(contracts)} contracts hold'} on {rows}")


def _drift_holds(part: Result, facts: Facts) -> Markdown:
    if part.children and all(each.reason is Reason.DRIFT_UNCHANGED for each in part.children):
        return why(part.children[0])
    total = sum(map(judged_by, part.children))
    return Markdown(f"none of {plural(total, 'column')} moved") if total else EMPTY


def _training_holds(part: Result, facts: Facts) -> Markdown:
    if facts.training and facts.training.stages:
        return Markdown(summary(facts.training))
    return Markdown("every stage is current") if facts.pipeline and facts.pipeline.stages else EMPTY


def _evaluation_holds(part: Result, facts: Facts) -> Markdown:
    gates = sum(check.comparison is not None for check in checks(part))
    better = sum(check.tier is Tier.IMPROVED for check in checks(part))
    if not gates:
        return EMPTY
    return Markdown(f"{plural(gates, 'gate')} {'holds' if gates == 1 else 'hold'}{f', {better} improved' if better else ''}")


def _fairness_holds(part: Result, facts: Facts) -> Markdown:
    gaps = sum(1 for _ in checks(part))
    return Markdown(f"{plural(gaps, 'gap')} within {'its limit' if gaps == 1 else 'their limits'}") if part.children else EMPTY


_HOLDS: dict[str, Callable[[Result, Facts], Markdown]] = {
    "data": _data_holds,
    "drift": _drift_holds,
    "training": _training_holds,
    "evaluation": _evaluation_holds,
    "fairness": _fairness_holds,
}


def part_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    """How a part stands against the base."""
    if part.status is Status.SKIPPED or part.name not in _AGAINST:
        return EMPTY
    return _AGAINST[part.name](part, facts, verdict)


def _data_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    diffs = [each.diff for each in facts.data if each.diff]
    if not diffs:
        return Markdown("unchanged" if facts.data and all(each.unchanged for each in facts.data) else "")
    keyed = [diff for diff in diffs if diff.removed is not None]
    if not keyed:
        return Markdown(f"{numbers.signed(sum(diff.rows_head - diff.rows_base for diff in diffs))} rows")
    removed, added, changed = (sum(getattr(diff, kind) or 0 for diff in keyed) for kind in ("removed", "added", "changed"))
    return Markdown(f"{numbers.count(removed)} removed, {numbers.count(added)} added, {numbers.count(changed)} changed")


def _drift_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    leaves = [leaf for _, judged in judged_columns(facts, verdict) for leaf in judged.values()]
    moved = most_moved(facts, verdict)
    if not moved:
        return EMPTY
    total = sum(leaf.status in LOUD for leaf in leaves)
    rest = f" and {numbers.count(total - len(moved))} more" if total > len(moved) else ""
    return join(moved) + Markdown(rest)


def _training_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    if facts.training is None or not facts.training.stages:
        return EMPTY
    budget = facts.training.budget_seconds
    of = "" if budget is None else f" of {numbers.duration(budget)}"
    return Markdown(f"{numbers.duration(facts.training.wall_seconds)}{of}")


def _evaluation_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    found = [
        gate for gate in sorted(compared_gates(verdict), key=_notable) if gate.comparison and gate.comparison.head is not None
    ]
    return movement(found[0]) if found else EMPTY


def _notable(gate: Result) -> tuple[int, bool]:
    return RANK[gate.status], gate.tier is not Tier.IMPROVED


def _fairness_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    return join(largest_gap(facts, part)[:2])


def _governance_against(part: Result, facts: Facts, verdict: Verdict) -> Markdown:
    return put("read from {}", code(facts.revision.base_name, 40)) if facts.policy.read_from == "base" else EMPTY


_AGAINST: dict[str, Callable[[Result, Facts, Verdict], Markdown]] = {
    "data": _data_against,
    "drift": _drift_against,
    "training": _training_against,
    "evaluation": _evaluation_against,
    "fairness": _fairness_against,
    "governance": _governance_against,
}


def praise(verdict: Verdict) -> list[Markdown]:
    """What got better for certain, in a phrase: at most one gate by name."""
    better = [gate for gate in compared_gates(verdict) if gate.tier is Tier.IMPROVED]
    if not better or (comparison := better[0].comparison) is None:
        return []
    shown = numbers.compared(
        comparison.base, comparison.head, comparison.change, comparison.low, comparison.high, comparison.allowed
    )
    rest = f" and {numbers.count(len(better) - 1)} more" if len(better) > 1 else ""
    return [put(f"{{}} improved by {{}}{rest}", name(better[0], comparison), Markdown(shown.change))]
