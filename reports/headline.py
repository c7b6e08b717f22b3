"""The verdict in a sentence that names what decided it, and what a person can do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from policy.facts import DataFacts, Facts
from policy.facts.record import RequestFacts
from policy.reasons import Reason
from policy.result import Result, Status
from policy.verdict import Verdict
from reports import numbers
from reports.markdown import EMPTY, Markdown, code, join, put
from reports.section import ICONS
from reports.sections.checks import loud_checks
from reports.sections.gates import gate_names, name, shown_numbers
from reports.sections.parts import LOUD, plural
from reports.sections.phrases import praise
from reports.sentences import advice, value, why


@dataclass(frozen=True, slots=True)
class Headline:
    """The verdict in a line, and what to do next in another."""

    status: Status
    icon: Markdown
    sentence: Markdown
    next: Markdown


_OPENINGS = {
    Status.FAILED: "Not ready to merge",
    Status.WARNED: "Can be merged, but have a look",
    Status.PASSED: "Ready to merge",
    Status.SKIPPED: "Ready to merge",
}
_EXPERIMENTS = {
    Status.FAILED: "does not hold what the policy asks",
    Status.WARNED: "holds what the policy asks, but have a look",
    Status.PASSED: "holds what the policy asks",
    Status.SKIPPED: "holds what the policy asks",
}
"""What a command's run found says nothing about a merge."""
_MOST_NAMED = 2
"""Columns, rules, gates or pieces of advice that a line names; the others are counted."""


def headline(facts: Facts, verdict: Verdict, opening: str | None = None) -> Headline:
    """The first two lines of every report. `opening`, words of ours, stands in for the usual one, such as `Ready to merge: `."""
    status = verdict.result.status
    begun = _opening(facts, status) if opening is None else Markdown(opening)
    icon = ICONS[Status.PASSED if status is Status.SKIPPED else status]
    if status not in LOUD:
        sentence = begun + join([why(verdict.result), *praise(verdict)], "; ")
        done = Markdown("nothing; whoever reviews it may merge." if experiment(facts) is None else _keep(facts))
        return Headline(status, icon, sentence, done)
    found = [each for each in loud_checks(verdict) if each[1].status is status]
    if not found:
        return Headline(status, icon, begun + why(verdict.result), _advised(verdict.result, facts, verdict) + Markdown("."))
    return Headline(status, icon, begun + _causes(found, facts), _next(found, facts, verdict))


def experiment(facts: Facts) -> RequestFacts | None:
    """The command that asked for it, where that was for something else than the check of a change."""
    return facts.request if facts.request is not None and facts.request.command != "check" else None


def _opening(facts: Facts, status: Status) -> Markdown:
    asked = experiment(facts)
    if asked is None:
        return Markdown(f"{_OPENINGS[status]}: ")
    named = [put("{} {} → {}", code(each.key, 40), code(each.before, 20), code(each.after, 20)) for each in facts.overrides[:3]]
    rest = len(facts.overrides) - len(named)
    more = [Markdown(f"{rest} more")] if rest > 0 else []
    against = [put("against {}", code(asked.reference, 40))] if asked.reference else []
    told = join([*named, *more, *against])
    said = put("{} with {}", code(f"/{asked.command}"), told) if named else put("{} {}", code(f"/{asked.command}"), told)
    return put(f"{{}} {_EXPERIMENTS[status]}: ", said if told else code(f"/{asked.command}"))


def _keep(facts: Facts) -> str:
    return "say the same with `--commit` to keep it." if facts.overrides else "nothing."


_Found = tuple[Result, Result]
"""A part, and a check of it."""


def _causes(found: Sequence[_Found], facts: Facts) -> Markdown:
    part, first = found[0]
    if part.name == "drift" and (columns := _columns([check for part, check in found if part.name == "drift"])):
        return _drifted(columns) + _others([each for each in found if each[0].name != "drift"])
    said = _lost(first) if first.reason is Reason.REGRESSED else _contract(first, facts) or why(first)
    return said + _others(found[1:])


def _others(rest: Sequence[_Found]) -> Markdown:
    """What else decided it: by name where a few did, otherwise counted."""
    if not rest:
        return EMPTY
    checks = [check for _, check in rest]
    fails, fail = ("fails", "fail") if checks[0].status is Status.FAILED else ("needs a look", "need a look")
    if all(check.comparison for check in checks):
        if len(checks) > _MOST_NAMED:
            return Markdown(f"; {numbers.count(len(checks))} more gates {fail}")
        return put(f"; {{}} {fails if len(checks) == 1 else fail} too", join(gate_names(checks, _MOST_NAMED), " and "))
    if len(checks) == 1:
        return Markdown("; and ") + _alone(*rest[0])
    names = list(dict.fromkeys(check.name for check in checks))
    named = join([code(each, 40) for each in names]) if len(names) <= _MOST_NAMED + 1 else EMPTY
    counted = f"; {numbers.count(len(checks))} more checks {fail}"
    return put(f"{counted} ({{}})", named) if named else Markdown(counted)


def _alone(part: Result, check: Result) -> Markdown:
    columns = _columns([check]) if part.name == "drift" else []
    return _drifted(columns) if columns else why(check)


def _lost(gate: Result) -> Markdown:
    """`roc_auc` lost 0.018 (0.013 … 0.023), more than the 0.005 you allow."""
    comparison = gate.comparison
    if comparison is None or (comparison.low or 0.0) * (comparison.high or 0.0) < 0:
        return why(gate)  # without signs, an interval on both sides of zero would be a lie
    # The same digits as in the table of gates, without the signs: the verb has them.
    shown, verb = shown_numbers(comparison).change, "lost" if comparison.better == "higher" else "rose by"
    amount, opened, interval = shown.translate(_NO_SIGNS).partition(" (")
    low, between, high = interval.rstrip(")").partition(" … ")
    ends = f" ({high} … {low})" if comparison.better == "higher" else f" ({low} … {high})"
    margin = value("margin", gate.values.get("margin"))
    return put(
        f"{{}} {verb} {amount}{ends if opened and between else ''}, more than the {{}} you allow", name(gate, comparison), margin
    )


_NO_SIGNS = str.maketrans("", "", f"+{numbers.MINUS}")


def _contract(check: Result, facts: Facts) -> Markdown:
    """`data/flights.parquet` breaks its contract: `distance` `greater_than(0)` and 2 more rules. Empty for any other check."""
    data = _broken(check, facts)
    if data is None or data.contract is None:
        return EMPTY
    rules = [each for each in data.contract.failures if not each.warning] or data.contract.failures
    named = [
        put("{} is not {}", code(each.column, 40), _rule(each.rule)) if each.column else _rule(each.rule)
        for each in sorted(rules, key=lambda each: (each.whole, -each.count))[:_MOST_NAMED]
    ]
    rest = len(rules) - len(named)
    return put("{} breaks its contract: {}", code(data.path, 60), _listed(named, rest, "rule"))


def _rule(rule: str) -> Markdown:
    """The rule by its name where its arguments are long: `isin(…)`."""
    name, opened, _ = rule.partition("(")
    return code(f"{name}(…)" if opened and len(rule) > _SHORT_RULE else rule, _SHORT_RULE + 4)


_SHORT_RULE = 24


def _broken(check: Result, facts: Facts) -> DataFacts | None:
    if check.reason is not Reason.CONTRACT_FAILURES:
        return None
    said = check.values.get("contract")
    found = [each for each in facts.data if each.contract and each.contract.contract == said and each.contract.failures]
    return found[0] if len(found) == 1 else None


def _listed(named: Sequence[Markdown], rest: int, word: str) -> Markdown:
    """`a` and `b`; or `a`, `b` and 2 more rules."""
    if rest:
        return join(named) + Markdown(f" and {numbers.count(rest)} more {word}{'' if rest == 1 else 's'}")
    return join(named, " and ")


def _columns(data_sets: Sequence[Result]) -> list[Result]:
    """The columns that drifted, as far as data sets are judged by theirs; those that moved far first."""
    loud = [
        leaf
        for each in data_sets
        if each.reason in _SPOKEN_BY_COLUMNS or each.reason in _OF_COLUMNS
        for column in each.children
        for leaf in column.leaves()
        if leaf.status in LOUD
    ]
    return sorted(loud, key=lambda leaf: (leaf.reason is not Reason.DRIFT_MOVED_FAR, -_amount(leaf)))


_SPOKEN_BY_COLUMNS = frozenset({Reason.PART_FAILED, Reason.PART_WARNED})
_OF_COLUMNS = frozenset({Reason.DRIFT_MOVED, Reason.DRIFT_MOVED_FAR, Reason.DRIFT_NEW_CATEGORIES, Reason.DRIFT_NULLS})


def _amount(leaf: Result) -> float:
    found = leaf.values.get("value")
    return float(found) if isinstance(found, int | float) else 0.0


def _drifted(columns: Sequence[Result]) -> Markdown:
    """`temp` and `dewp` moved far, and 3 more columns drifted."""
    names = list(dict.fromkeys(_column(leaf) for leaf in columns))
    if len(names) == 1:
        return why(columns[0])
    far = list(dict.fromkeys(_column(leaf) for leaf in columns if leaf.reason is Reason.DRIFT_MOVED_FAR))
    lead = far[: _MOST_NAMED + 1] if len(far) <= _MOST_NAMED + 1 else far[:_MOST_NAMED]
    others = len(names) - len(far)
    drifted = f"and {numbers.count(others)} more {'column' if others == 1 else 'columns'} drifted" if others else ""
    if not far:
        few = names[:_MOST_NAMED]
        return put("{} drifted", _listed([code(each, 40) for each in few], len(names) - len(few), "column"))
    moved = put("{} moved far", _listed([code(each, 40) for each in lead], len(far) - len(lead), "column"))
    return join([moved, Markdown(drifted)]) if drifted else moved


def _column(leaf: Result) -> str:
    return str(leaf.values.get("column") or leaf.name)


def _next(found: Sequence[_Found], facts: Facts, verdict: Verdict) -> Markdown:
    """The advice of the first causes, each once."""
    columns = _columns([check for part, check in found if part.name == "drift"])
    wanted: list[Markdown] = []
    told: set[Reason] = set()
    for part, check in found:
        if part.name == "drift" and columns:
            wanted += _look_at(columns)
        elif check.reason is not Reason.REGRESSED or check.reason not in told:
            wanted.append(_advised(check, facts, verdict))  # what helps one metric that got worse helps the others
        told.add(check.reason)
    wanted = list(dict.fromkeys(each for each in wanted if each))
    if not wanted:
        return put("run {} where you work, and look at what it says.", code(f"assay check --base {facts.revision.base_name}", 80))
    rest = len(wanted) - _MOST_NAMED
    more = f"; {plural(rest, 'more step')} stand{'s' if rest == 1 else ''} in the table" if rest > 0 else ""
    return join(wanted[:_MOST_NAMED], "; then ") + Markdown(f"{more}.")


def _look_at(columns: Sequence[Result]) -> list[Markdown]:
    """What to do about columns that drifted: one step for those that moved, one for new categories, and so on."""
    steps: dict[Reason, list[str]] = {}
    for leaf in columns:
        reason: Reason = Reason.DRIFT_MOVED if leaf.reason is Reason.DRIFT_MOVED_FAR else leaf.reason
        steps.setdefault(reason, []).append(_column(leaf))
    said = []
    for reason, names in steps.items():
        unique = list(dict.fromkeys(names))
        listed = _listed([code(each, 40) for each in unique[:_MOST_NAMED]], len(unique[_MOST_NAMED:]), "column")
        pattern = _STEPS.get(reason)
        said.append(put(pattern, listed) if pattern else next(advice(leaf) for leaf in columns if leaf.reason is reason))
    return said


_STEPS = {
    Reason.DRIFT_MOVED: "see where the new values of {} come from, and whether the model should learn from them",
    Reason.DRIFT_NEW_CATEGORIES: "check that the model knows what to do with the new categories of {}",
    Reason.DRIFT_NULLS: "see why values of {} are missing",
}


def _advised(check: Result, facts: Facts, verdict: Verdict) -> Markdown:
    """What to do about one check; of a check that only counts others, what to do about the first of them."""
    if check.reason is Reason.REGRESSED and check.comparison is not None:
        return _regain(check, facts, verdict)
    if check.reason in _SPOKEN_BY_COLUMNS:
        return next((advised for leaf in check.causes() if leaf is not check and (advised := advice(leaf))), EMPTY)
    return advice(check)


def _regain(gate: Result, facts: Facts, verdict: Verdict) -> Markdown:
    comparison = gate.comparison
    if comparison is None:
        return advice(gate)
    margin = "may_lose" if comparison.better == "higher" else "may_gain"
    undo = put("undo what made {} worse", name(gate, comparison))
    meant = put("; if the loss is meant, widen {} in {} first", code(margin), code(facts.policy.path, 60))
    for leaf in verdict.result.leaves():
        if leaf.reason is Reason.WORST_SLICES and leaf.values.get("metric") == comparison.metric and comparison.slice is None:
            loser, change = value("loser", leaf.values.get("loser")), value("change", leaf.values.get("change"))
            return put("find out why {} lost most ({}), or {}", loser, change, undo) + meant
    return undo + meant
