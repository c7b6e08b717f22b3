"""The section of `assay.yml` about environments: in which order a model passes through them, and what each asks of people.

Whatever is missing, empty or impossible to fulfil is an error: nothing is ever approved because a rule was left out.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from policy.durations import Duration, parse, written
from policy.globs import Glob
from policy.matching import filled
from policy.models import Section
from policy.roles import RoleName, Roles, teams, users
from policy.windows import TimeZone, Window

MOST_WAYS = 64
"""The most ways in which the rules of an environment can come out, by what `any` leaves open."""
MOST_PEOPLE = 100
"""The most people that the rules of an environment may ask for, in all of their parts together."""
_REVIEW = timedelta(days=2)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def _slug(name: str) -> str:
    if not _SLUG.fullmatch(name) or "--" in name or name == "all":
        raise ValueError("name it with at most 40 small letters, digits and single dashes, such as production; `all` is taken")
    return name


EnvironmentName = Annotated[str, AfterValidator(_slug)]
"""Part of the names of locks, tags and branches, where no two may be one; `all` is the lock on everything."""

Risk = Literal["low", "medium", "high"]
Outcome = Literal["passed", "warned", "failed", "skipped"]
Tiers = Literal["pass", "improved", "inconclusive", "regressed", "unusable"]
Involvement = Literal["pusher", "starter", "merger", "reviewer", "earlier-approver"]
OnOutsideMove = Literal["report", "revert"]


@dataclass(frozen=True)
class After:
    """The environment that comes before, and how long the version must have stood in it."""

    environment: str
    span: timedelta = timedelta()


def _after(text: Any) -> After:
    if isinstance(text, After):
        return text
    name, word, span = text.partition(" for ") if isinstance(text, str) else ("", "", "")
    if not name or (word and not span):
        raise ValueError("write the name of an environment, or `staging for 2 days`")
    return After(name, parse(span) if span else timedelta())


def _said(after: After) -> str:
    return f"{after.environment} for {written(after.span)}" if after.span else after.environment


_Before = Annotated[
    After,
    BeforeValidator(_after),
    PlainSerializer(_said, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[a-z0-9-]+( for [0-9.]+ ?[a-z]+)?$"}),
]


class When(Section):
    """What a rule may depend on. All keys that are given must hold; what is not known makes the rule an error, never a pass."""

    risk: Annotated[list[Risk], Field(min_length=1)] | None = None
    """The model is of one of these tiers of risk, as `model.risk` says."""
    changed: Annotated[list[Glob], Field(min_length=1)] | None = None
    """A changed file matches one of these patterns, such as `contracts/**`."""
    drift: Annotated[list[Outcome], Field(min_length=1)] | None = None
    """How the part about drift came out."""
    verdict: Annotated[list[Outcome], Field(min_length=1)] | None = None
    """How the whole verdict came out."""
    tier: Annotated[list[Tiers], Field(min_length=1)] | None = None
    """At least one metric gate came out so."""
    fairness: Annotated[list[Outcome], Field(min_length=1)] | None = None
    """How the part about fairness came out."""
    files_over: Annotated[int, Field(ge=0, strict=True)] | None = None
    """More files than this changed."""
    lines_over: Annotated[int, Field(ge=0, strict=True)] | None = None
    """More lines than this were added or removed."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name what it depends on, such as `risk: [high]`")
        return self


class Rule(Section):
    """One rule. It completes the sentence "approved if ...", and is one of: a `role`, `any` of rules, `all` of rules, `when`."""

    role: RoleName | None = None
    """People with this role approve."""
    count: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    """How many of them."""
    any: Annotated[list["Rule"], Field(min_length=1)] | None = None
    """One of these rules is enough."""
    all: Annotated[list["Rule"], Field(min_length=1)] | None = None
    """Each of these rules is needed."""
    when: When | None = None
    """Ask for `then` only where this holds; elsewhere the rule drops out."""
    then: Annotated[list["Rule"], Field(min_length=1)] | None = None
    """The rules that `when` asks for, each of them."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in ("role", "any", "all", "when") if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError("a rule is exactly one of `role`, `any`, `all` and `when`")
        if (self.when is None) != (self.then is None):
            raise ValueError("`when` and `then` stand together")
        if self.role is None and "count" in self.model_fields_set:
            raise ValueError("`count` counts the people of a `role`; write it beside one")
        return self

    @property
    def parts(self) -> "Sequence[Rule]":
        """The rules that this one consists of; none for a role."""
        return self.any or self.all or self.then or ()


class BreakGlass(Section):
    """The way past rules, freezes and waiting in an emergency. It is marked red until somebody has reviewed it."""

    role: RoleName
    """Who may. Whoever has a part in the change may not, and never a bot."""
    words: Annotated[int, Field(ge=3, le=100, strict=True)] = 5
    """The least words of the reason."""
    cool_down: Duration = Field(default="1 day", validate_default=True)
    """How long after it nobody may do it again."""
    lasts: Duration = Field(default="1 hour", validate_default=True)
    """How long it is good for; after that it has to be said again."""
    review_within: Duration = Field(default="2 days", validate_default=True)
    """How long the review may take; after that nothing else is approved here."""


class Rollback(Section):
    """Who may go back to what ran before, at one word. It is marked red until somebody has reviewed it."""

    role: RoleName
    """Who may, never a bot."""
    words: Annotated[int, Field(ge=3, le=100, strict=True)] = 5
    """The least words of the reason."""
    lasts: Duration = Field(default="1 hour", validate_default=True)
    """How long the word is good for; after that it has to be said again."""


class Lead(Section):
    """Who is told when nobody answers the reminder."""

    role: RoleName
    """The role whose members are told."""
    after: Duration
    """How long after the request."""


class Environment(Section):
    """Where a model runs, and what a promotion to it needs. Environments stand in the order in which a model passes them."""

    approved_if: Annotated[list[Rule], Field(min_length=1)]
    """The rules, each of which is needed."""
    after: _Before | None = None
    """The environment that this version must stand in before: `staging`, or `staging for 2 days`."""
    forbid: list[Involvement] = []
    """Who else cannot approve. Never can: authors, committers and co-authors of any commit since the last promotion, who asks,
    and bots. `pusher`: who pushed last what the version came with. `starter`: who started or repeated the run of `assay-main.yml`
    that it came of, which merging does too, or had it trained by a comment. `merger`: who merged one of these commits.
    `reviewer`: who approved it as a pull request. `earlier-approver`: who approved this version for the environment before.
    Where GitHub does not tell who pushed or started it, nothing is approved."""
    unknown_authors: Literal["one-more", "refuse"] = "one-more"
    """What to do about a commit whose e-mail belongs to no account, so that its author may be among the approvers: ask for one
    approver more for each such e-mail, or refuse."""
    one_person_one_role: bool = True
    """Whether a person who has two roles fills only one of them."""
    bind: Literal["commit", "tree"] = "commit"
    """What of the code an approval is for: the commit, or its files alone, so that a rebase that changes none keeps it."""
    expires: Duration | None = None
    """How long after it was opened a request is over."""
    wait: Duration | None = None
    """How long the same thing must have been asked for before it is approved, so that others can object."""
    cool_down: Duration | None = None
    """How long after a promotion there is no other."""
    freeze: list[Window] = []
    """When nothing is promoted: `Fri 16:00 - Mon 08:00` each week, `2026-12-20 - 2027-01-02` once."""
    time_zone: TimeZone = "UTC"
    """Whose clocks `freeze` is read by."""
    max_waivers: Annotated[int, Field(ge=0, strict=True)] | None = None
    """The most waivers that may be open."""
    break_glass: BreakGlass | None = None
    """The way in an emergency; without it there is none."""
    rollback: Rollback | None = None
    """Who may go back by `/rollback`. Without it whoever `break_glass` names, and without that nobody."""
    remind: Duration | None = None
    """How long after the request those who can still approve are reminded."""
    lead: Lead | None = None
    """Who is told after that."""
    on_merge: Literal["nothing", "request"] = "nothing"
    """Whether a merge asks for the promotion by itself."""
    on_outside_move: OnOutsideMove = "report"
    """What to do where the registry's alias of this name was moved by no promotion: open an issue about it, or also set it back
    to what was promoted last."""

    @property
    def back(self) -> BreakGlass | Rollback | None:
        """By which rule somebody may go back to what ran before."""
        return self.rollback or self.break_glass

    @property
    def review_within(self) -> timedelta | None:
        """How long the review of an emergency may take; None where there can be none."""
        return self.break_glass.review_within if self.break_glass else _REVIEW if self.rollback else None

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.wait is not None and self.expires is not None and self.wait >= self.expires:
            raise ValueError("a request expires before its `wait` is over; make `expires` longer")
        return self


Environments = dict[EnvironmentName, Environment]

Place = tuple[str | int, ...]
"""The keys that lead to something in the text."""
Leaf = tuple[Place, Rule]


def ways(rules: Sequence[Rule], at: Place = ()) -> list[list[Leaf]]:
    """Every way to fulfil all of these rules: the roles needed together, with their places; `when` is taken to hold."""
    return [[leaf for part in chosen for leaf in part] for chosen in product(*(_ways(r, (*at, i)) for i, r in enumerate(rules)))]


def _ways(rule: Rule, at: Place) -> list[list[Leaf]]:
    if rule.any is not None:
        return [way for index, each in enumerate(rule.any) for way in _ways(each, (*at, "any", index))]
    if rule.parts:
        return ways(rule.parts, (*at, "all" if rule.all is not None else "then"))
    return [[(at, rule)]]


def leaves(rules: Sequence[Rule], at: Place = ()) -> Iterator[Leaf]:
    """Every rule that names a role, with its place, whatever it depends on."""
    for index, rule in enumerate(rules):
        if rule.role is not None:
            yield (*at, index), rule
        kind = "any" if rule.any is not None else "all" if rule.all is not None else "then"
        yield from leaves(rule.parts, (*at, index, kind))


def _count(rules: Sequence[Rule]) -> int:
    """How many ways there are, counted without walking them."""
    total = 1
    for rule in rules:
        total *= sum(_count([each]) for each in rule.any) if rule.any is not None else _count(rule.parts)
    return total


def contradictions(environments: Mapping[str, Environment], roles: Roles) -> Iterator[tuple[Place, str, str]]:
    """What no environment may say: where it stands, what is wrong, and what would be right."""
    names = list(environments)
    for index, (name, each) in enumerate(environments.items()):
        at: Place = ("environments", name)
        if each.after and each.after.environment not in names[:index]:
            known = each.after.environment in names
            what = (
                f"{each.after.environment!r} does not come before it"
                if known
                else f"no environment is called {each.after.environment!r}"
            )
            yield (*at, "after"), what, f"name one of {', '.join(names[:index])}" if index else "leave it out in the first one"
        named = list(leaves(each.approved_if, (*at, "approved_if")))
        wrong = [*_roles([((*place, "role"), rule.role or "") for place, rule in named], roles)]
        yield from wrong
        alone = (("break_glass", each.break_glass), ("rollback", each.rollback), ("lead", each.lead))
        others = [((*at, key, "role"), part.role) for key, part in alone if part]
        yield from _roles(others, roles)
        if _count(each.approved_if) > MOST_WAYS:
            yield (
                (*at, "approved_if"),
                "there are too many ways to fulfil these rules",
                f"write `any` so that {MOST_WAYS} are enough",
            )
        elif sum(rule.count for _, rule in named) > MOST_PEOPLE:
            yield (*at, "approved_if"), "these rules ask for too many people", f"ask for at most {MOST_PEOPLE} in all of them"
        elif not wrong:
            yield from _out_of_reach(each, (*at, "approved_if"), roles)


def _roles(named: Sequence[tuple[Place, str]], roles: Roles) -> Iterator[tuple[Place, str, str]]:
    for place, role in named:
        if role not in roles:
            close = difflib.get_close_matches(role, roles, n=1)
            yield place, f"no role is called {role!r}", f"did you mean `{close[0]}`?" if close else "add it to `roles`"
        elif not roles[role]:
            yield place, f"nobody has the role {role!r}", f"name people or teams in `roles.{role}`"


def _out_of_reach(each: Environment, at: Place, roles: Roles) -> Iterator[tuple[Place, str, str]]:
    """Rules that ask for more people than there are; a team may have any number."""
    short = False
    for place, rule in leaves(each.approved_if, at):
        people = roles[rule.role or ""]
        if not teams(people) and rule.count > len(users(people)):
            short = True
            yield (
                (*place, "count"),
                f"{rule.count} people of the role {rule.role!r} are asked for, and {len(users(people))} have it",
                (f"name more in `roles.{rule.role}`, or ask for fewer"),
            )
    if not short and each.one_person_one_role and not any(_reachable(way, roles) for way in ways(each.approved_if)):
        yield (
            at,
            "together these rules ask for more people than their roles name, as each fills one role",
            ("name more people, ask for fewer, or set `one_person_one_role: false`"),
        )


def _reachable(way: Sequence[Leaf], roles: Roles) -> bool:
    numbers: dict[str, int] = {}
    many = sum(rule.count for _, rule in way)
    places: list[list[int]] = []
    for _, rule in way:
        members = roles[rule.role or ""]
        people = [*users(members), *(f"@{team}/{number}" for team in teams(members) for number in range(many))]
        places += [[numbers.setdefault(person, len(numbers)) for person in people]] * rule.count
    return filled(places) == len(places)
