"""What rules come to: a tree that says for each of them approved, pending and by whom it could be given, skipped or error. Pure.

A rule that does not apply drops out of `any` and `all`. One of which nobody can tell whether it applies is an error, and never
helps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product

from policy.environments import Leaf, Place, Risk, Rule, When
from policy.globs import matches
from policy.matching import assign, filled
from policy.reasons import Reason
from policy.result import Result, Status, Tier, Value
from policy.verdict import Verdict


class Ruled(StrEnum):
    """How a rule stands. `skipped` is neither good nor bad; `error` keeps everything back until somebody mends it."""

    APPROVED = "approved"
    PENDING = "pending"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True)
class Ruling:
    """One rule or condition: how it stands and why, who gave it, who could still give it, and what it consists of."""

    name: str
    state: Ruled
    reason: Reason
    values: Mapping[str, Value] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    could: tuple[str, ...] = ()
    children: tuple["Ruling", ...] = ()

    @property
    def result(self) -> Result:
        """The same as a tree of results, for checks and pages; what is pending is a warning there."""
        children = [each.result for each in self.children]
        return Result(name=self.name, status=STATUS[self.state], reason=self.reason, values=dict(self.values), children=children)


STATUS = {
    Ruled.APPROVED: Status.PASSED,
    Ruled.PENDING: Status.WARNED,
    Ruled.SKIPPED: Status.SKIPPED,
    Ruled.ERROR: Status.FAILED,
}


@dataclass(frozen=True)
class Evidence:
    """What rules may depend on. None is not known, which is neither a yes nor a no."""

    verdict: Status | None = None
    risk: Risk | None = None
    changed: Sequence[str] | None = None
    drift: Status | None = None
    fairness: Status | None = None
    tiers: frozenset[Tier] | None = None
    files: int | None = None
    lines: int | None = None

    @staticmethod
    def of(verdict: Verdict, changed: Sequence[str], lines: int | None = None, risk: Risk | None = None) -> "Evidence":
        """From a verdict, the changed files, how many lines changed in them, and the tier of risk."""
        parts = {part.name: part.status for part in verdict.result.children}
        tiers = frozenset(leaf.tier for leaf in verdict.result.leaves() if leaf.tier is not None)
        return Evidence(
            verdict=verdict.result.status,
            risk=risk,
            changed=changed,
            drift=parts.get("drift"),
            fairness=parts.get("fairness"),
            tiers=tiers,
            files=len(changed),
            lines=lines,
        )


def holds(when: When, evidence: Evidence) -> tuple[bool | None, str]:
    """Whether a condition holds, or None where that is not known; and the part of it that says so, in words.

    What is known not to hold settles it, whatever else is not known.
    """
    found = list(_predicates(when, evidence))
    for wanted in (False, None):
        for answer, words in found:
            if answer is wanted:
                return answer, words
    return True, " and ".join(words for _, words in found)


def _predicates(when: When, evidence: Evidence) -> Iterable[tuple[bool | None, str]]:
    for word, wanted, present in (
        ("risk", when.risk, evidence.risk),
        ("drift", when.drift, evidence.drift),
        ("verdict", when.verdict, evidence.verdict),
        ("fairness", when.fairness, evidence.fairness),
    ):
        if wanted is not None:
            yield (None if present is None else present in wanted), f"{word} is {_is(present)}"
    if when.changed is not None:
        paths = evidence.changed
        hit = next((path for path in paths or () if any(matches(pattern, path) for pattern in when.changed)), None)
        yield (None if paths is None else hit is not None), _changed(paths, hit)
    if when.tier is not None:
        tiers = evidence.tiers
        words = "tiers are unknown" if tiers is None else f"tiers are {', '.join(sorted(tiers)) or 'none'}"
        yield (None if tiers is None else bool(tiers & set(when.tier))), words
    for word, limit, count in (("files", when.files_over, evidence.files), ("lines", when.lines_over, evidence.lines)):
        if limit is not None:
            yield (None if count is None else count > limit), f"{_is(count)} {word} changed"


def _is(value: str | int | None) -> str:
    return "unknown" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _changed(paths: Sequence[str] | None, hit: str | None) -> str:
    if paths is None:
        return "changed files are unknown"
    return f"{hit} changed" if hit else "none of these files changed"


@dataclass(frozen=True)
class Voter:
    """Somebody with roles."""

    login: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Hands:
    """Who approved, who could still, by numeric id; and others that the roles name, as they are written there."""

    given: Mapping[int, Voter]
    free: Mapping[int, Voter] = field(default_factory=dict)
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    one_role: bool = True
    more: int = 0
    """How many more people are needed than the rules ask for, each with any of their roles."""


def judge(rules: Sequence[Rule], evidence: Evidence, hands: Hands) -> Ruling:
    """What the rules come to. Approved only where every rule that applies is, and at least one does."""
    # Where some rule is an error nothing is approved, yet the others still say who gave them.
    found = _ways_of_all(rules, (), evidence, []) or _ways_of_all(rules, (), evidence, None)
    filling = _best(found or [], hands)
    children = [_ruling(rule, (index,), evidence, hands, filling) for index, rule in enumerate(rules)]
    if found and hands.more:
        children.append(_more(hands, filling))
    state = all_of(children)
    if state is Ruled.SKIPPED:
        return Ruling("rules", Ruled.ERROR, Reason.RULES_NONE, children=tuple(children))
    return _whole("rules", state, children)


def all_of(children: Iterable[Ruling]) -> Ruled:
    """The state of rules that are all needed."""
    states = {each.state for each in children} - {Ruled.SKIPPED}
    return next((each for each in (Ruled.ERROR, Ruled.PENDING, Ruled.APPROVED) if each in states), Ruled.SKIPPED)


def any_of(children: Iterable[Ruling]) -> Ruled:
    """The state of rules one of which is enough."""
    states = {each.state for each in children} - {Ruled.SKIPPED}
    return next((each for each in (Ruled.APPROVED, Ruled.PENDING, Ruled.ERROR) if each in states), Ruled.SKIPPED)


_Ways = list[list[Leaf]] | None
"""Ways to fulfil what applies: none at all where that is an error; None where nothing applies."""


def _ways_of_all(rules: Sequence[Rule], at: Place, evidence: Evidence, unknown: _Ways) -> _Ways:
    """The ways to fulfil all of these; `unknown` are those of a rule of which nobody can tell whether it applies."""
    parts = (_ways(rule, (*at, index), evidence, unknown) for index, rule in enumerate(rules))
    found = [each for each in parts if each is not None]
    return [[leaf for part in chosen for leaf in part] for chosen in product(*found)] if found else None


def _ways(rule: Rule, at: Place, evidence: Evidence, unknown: _Ways) -> _Ways:
    if rule.role is not None:
        return [[(at, rule)]]
    if rule.any is not None:
        parts = (_ways(part, (*at, "any", index), evidence, unknown) for index, part in enumerate(rule.any))
        found = [each for each in parts if each is not None]
        return [way for each in found for way in each] if found else None
    if rule.when is not None:
        applies, _ = holds(rule.when, evidence)
        if not applies:
            return None if applies is False else unknown
    return _ways_of_all(rule.parts, (*at, "all" if rule.all is not None else "then"), evidence, unknown)


@dataclass(frozen=True)
class _Filling:
    """One way, and who fills which of its places."""

    way: Sequence[Leaf] = ()
    people: Mapping[Place, tuple[int, ...]] = field(default_factory=dict)
    more: tuple[int, ...] = ()
    missing: int = 0


def _best(found: Sequence[Sequence[Leaf]], hands: Hands) -> _Filling:
    """The way of which least is missing; the first of several."""
    return min((_fill(way, hands) for way in found), key=lambda each: each.missing, default=_Filling())


def _fill(way: Sequence[Leaf], hands: Hands) -> _Filling:
    if not hands.one_role:
        people = {at: tuple(_holders(rule.role, hands.given)[: rule.count]) for at, rule in way}
        needed = max(rule.count for _, rule in way)
        more = tuple(_any(way, hands.given)[needed : needed + hands.more])
    else:
        places = _places(way, hands.given) + [_any(way, hands.given)] * hands.more
        assigned = assign(places)
        people, start = {}, 0
        for at, rule in way:
            people[at] = tuple(each for each in assigned[start : start + rule.count] if each is not None)
            start += rule.count
        more = tuple(each for each in assigned[start:] if each is not None)
    missing = sum(rule.count - len(people[at]) for at, rule in way) + hands.more - len(more)
    return _Filling(way, people, more, missing)


def _places(way: Sequence[Leaf], voters: Mapping[int, Voter]) -> list[list[int]]:
    return [_holders(rule.role, voters) for _, rule in way for _ in range(rule.count)]


def _holders(role: str | None, voters: Mapping[int, Voter]) -> list[int]:
    return sorted(id for id, each in voters.items() if role in each.roles)


def _any(way: Sequence[Leaf], voters: Mapping[int, Voter]) -> list[int]:
    wanted = {rule.role for _, rule in way}
    return sorted(id for id, each in voters.items() if each.roles & wanted)


def _ruling(rule: Rule, at: Place, evidence: Evidence, hands: Hands, filling: _Filling) -> Ruling:
    if rule.role is not None:
        return _leaf(rule, at, hands, filling)
    kind = "any" if rule.any is not None else "all" if rule.all is not None else "then"
    if rule.when is not None:
        applies, words = holds(rule.when, evidence)
        if not applies:
            state, reason = (Ruled.SKIPPED, Reason.RULE_SKIPPED) if applies is False else (Ruled.ERROR, Reason.RULE_UNKNOWN)
            return Ruling(title(rule), state, reason, {"what": words})
    children = [_ruling(each, (*at, kind, index), evidence, hands, filling) for index, each in enumerate(rule.parts)]
    if kind != "any":
        return _whole(title(rule), all_of(children), children)
    state = any_of(children)
    if state is Ruled.APPROVED:
        children = [each if each.state in (Ruled.APPROVED, Ruled.SKIPPED) else _unneeded(each) for each in children]
    return _whole(title(rule), state, children)


def _unneeded(ruling: Ruling) -> Ruling:
    return replace(ruling, state=Ruled.SKIPPED, reason=Reason.RULE_NOT_NEEDED, values={}, could=(), by=(), children=())


def _whole(name: str, state: Ruled, children: Sequence[Ruling]) -> Ruling:
    could = tuple(dict.fromkeys(each for child in children if child.state is Ruled.PENDING for each in child.could))
    by = tuple(dict.fromkeys(each for child in children for each in child.by))
    return Ruling(name, state, _REASONS[state], {}, by, could if state is Ruled.PENDING else (), tuple(children))


_REASONS = {
    Ruled.APPROVED: Reason.RULES_APPROVED,
    Ruled.PENDING: Reason.RULES_PENDING,
    Ruled.SKIPPED: Reason.RULES_SKIPPED,
    Ruled.ERROR: Reason.RULES_ERROR,
}


def _leaf(rule: Rule, at: Place, hands: Hands, filling: _Filling) -> Ruling:
    role = rule.role or ""
    chosen = at in filling.people
    given = filling.people[at] if chosen else tuple(_holders(role, hands.given)[: rule.count - 1])
    by = tuple(hands.given[id].login for id in given)
    values: dict[str, Value] = {"role": role, "count": rule.count, "given": len(by), "missing": rule.count - len(by)}
    if len(by) == rule.count:
        return Ruling(title(rule), Ruled.APPROVED, Reason.RULE_APPROVED, {**values, "people": ", ".join(by)}, by)
    could = _could(rule, hands, filling) if chosen else [hands.free[id].login for id in _holders(role, hands.free)]
    could = list(dict.fromkeys([*could, *_others(role, hands, could)]))
    reason = Reason.RULE_PENDING if could else Reason.RULE_NOBODY
    return Ruling(title(rule), Ruled.PENDING, reason, {**values, "people": ", ".join(could)}, by, tuple(could))


def _others(role: str, hands: Hands, could: Sequence[str]) -> Sequence[str]:
    """Who else the policy names: people of whom nothing is known yet; teams where nobody is known who could."""
    return [each for each in hands.named.get(role, ()) if not (could and each.startswith("@"))]


def _could(rule: Rule, hands: Hands, filling: _Filling) -> list[str]:
    """Who could fill a place of a rule that is open, also by taking a place from which somebody else moves on to this one."""
    if not hands.one_role:
        return [hands.free[id].login for id in _holders(rule.role, hands.free)]
    taken = [(at, each) for at, each in filling.way if filling.people[at]]
    found: list[str] = []
    for id, voter in sorted(hands.free.items()):
        everybody = {**hands.given, id: voter}
        places = [_holders(each.role, everybody) for at, each in taken for _ in filling.people[at]]
        if filled([*places, _holders(rule.role, everybody)]) > len(places):
            found.append(voter.login)
    return found


def _more(hands: Hands, filling: _Filling) -> Ruling:
    """The approvers that stand in for those who may have written a part of it themselves."""
    by = tuple(hands.given[id].login for id in filling.more)
    values: dict[str, Value] = {"count": hands.more, "given": len(by), "missing": hands.more - len(by)}
    if len(by) == hands.more:
        return Ruling("unknown authors", Ruled.APPROVED, Reason.AUTHORS_MORE_GIVEN, {**values, "people": ", ".join(by)}, by)
    could = tuple(hands.free[id].login for id in _any(filling.way, hands.free))
    values["people"] = ", ".join(could) or "nobody"
    return Ruling("unknown authors", Ruled.PENDING, Reason.AUTHORS_MORE, values, by, could)


def title(rule: Rule) -> str:
    """A rule as the end of the sentence "approved if ..."."""
    if rule.role is not None:
        return f"{rule.count} × {rule.role}"
    if rule.when is not None:
        return f"when {_condition(rule.when)}"
    return "any of" if rule.any is not None else "all of"


def _condition(when: When) -> str:
    lists = {key: getattr(when, key) for key in ("risk", "changed", "drift", "verdict", "tier", "fairness")}
    pieces = [f"{key} {' or '.join(str(each) for each in wanted)}" for key, wanted in lists.items() if wanted is not None]
    pieces += [f"more than {n:,} {word}" for word, n in (("files", when.files_over), ("lines", when.lines_over)) if n is not None]
    return ", ".join(pieces)
