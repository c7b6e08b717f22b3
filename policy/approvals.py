"""Whether a version may be promoted: a pure function of what people said, the policy, the evidence, who they are now, and when.

Nothing is remembered and nothing is approved by default: the same input gives the same decision, and what is missing keeps it
back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from policy import digests
from policy.digests import Subject
from policy.environments import After, Environment, leaves
from policy.reasons import Reason
from policy.result import Result, Status, Value
from policy.roles import Roles, is_bot, teams, users
from policy.rulings import STATUS, Evidence, Hands, Ruled, Ruling, Voter, judge
from policy.votes import ALWAYS, Heard, Involved, People, Terms, Void, Vote, hear, span
from policy.windows import within

MOST_STRANGERS = 10
"""E-mails of no account for which more approvers can stand in; with more of them nothing is approved."""


class State(StrEnum):
    """How a request stands as a whole."""

    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FROZEN = "frozen"
    BLOCKED = "blocked"


_FIRST = (State.EXPIRED, State.REJECTED, State.FROZEN)
"""What a request is called where several things keep it back; then blocked, pending, and blocked by time alone."""


@dataclass(frozen=True)
class Promotion:
    """A version that was put into an environment. `approvers` are numeric ids; `glass`: by the way for emergencies.

    `rollback`: that way went back to what ran there before.
    """

    environment: str
    version: str
    at: datetime
    approvers: frozenset[int] = frozenset()
    glass: bool = False
    reviewed: bool = False
    rollback: bool = False


@dataclass(frozen=True)
class Request:
    """What is asked for. `asked` is since when in this form (None: since it was opened); `earlier` are the forms before it."""

    subject: Subject
    opened: datetime
    asked: datetime | None = None
    earlier: Sequence[Subject] = ()
    votes: Sequence[Vote] = ()
    waivers: int | None = 0
    """How many waivers are open; None where that is not known."""


@dataclass(frozen=True)
class Glass:
    """An emergency that somebody answers for. It asks for an issue in which it is reviewed, by this time."""

    by: str
    id: int
    because: str
    review_by: datetime


@dataclass(frozen=True)
class Decision:
    """What came of a request, and why: the rules as a tree, the conditions beside them, and what each vote was worth."""

    subject: Subject
    code: str
    """What a vote must name."""
    state: State
    rules: Ruling
    conditions: tuple[Ruling, ...] = ()
    counted: tuple[Vote, ...] = ()
    objections: tuple[Vote, ...] = ()
    void: tuple[Void, ...] = ()
    glass: Glass | None = None
    unreviewed: bool = False
    """Whether an emergency here still waits for its review: shown red, whatever the state."""
    could: tuple[str, ...] = field(default=())
    """Who can still give what is missing."""
    digest: str = ""
    """Of everything that is approved, whole; empty where there is no such environment."""

    @property
    def approved(self) -> bool:
        """Whether it may be promoted now."""
        return self.state is State.APPROVED

    @property
    def result(self) -> Result:
        """The whole as a tree of results, for checks and pages."""
        children = [self.rules.result, *(each.result for each in self.conditions)]
        if self.approved:
            status = Status.WARNED if self.glass or self.unreviewed else Status.PASSED
        else:
            status = STATUS[Ruled.PENDING if self.state is State.PENDING else Ruled.ERROR]
        values: dict[str, Value] = {"model": self.subject.model, "version": self.subject.version}
        values["environment"] = self.subject.environment
        return Result(name="approval", status=status, reason=STATES[self.state], values=values, children=children)


STATES = {
    State.APPROVED: Reason.REQUEST_APPROVED,
    State.PENDING: Reason.REQUEST_PENDING,
    State.REJECTED: Reason.REQUEST_REJECTED,
    State.EXPIRED: Reason.REQUEST_EXPIRED,
    State.FROZEN: Reason.REQUEST_FROZEN,
    State.BLOCKED: Reason.REQUEST_BLOCKED,
}


def decide(
    request: Request,
    environments: Mapping[str, Environment],
    roles: Roles,
    evidence: Evidence,
    people: People,
    promotions: Sequence[Promotion],
    now: datetime,
) -> Decision:
    """Decide a request under the policy of the base.

    `people` is who everybody is now, `promotions` all that happened before, `now` the server's time; times know their offset.
    """
    if now.utcoffset() is None:
        raise ValueError("a time without its offset says nothing")
    subject = request.subject
    environment = environments.get(subject.environment)
    if environment is None:
        nothing = Ruling("rules", Ruled.ERROR, Reason.ENVIRONMENT_UNKNOWN, {"environment": subject.environment})
        return Decision(subject, digests.code(subject), State.BLOCKED, nothing)
    past = sorted(promotions, key=lambda each: each.at)
    people = _with_parts(people, environment, past, subject)
    named = frozenset(rule.role or "" for _, rule in leaves(environment.approved_if))
    forward = [each for each in past if each.environment == subject.environment and each.glass and not each.rollback]
    glasses = [each for each in past if each.environment == subject.environment and each.glass]
    digest = digests.digest(subject, environment.bind)
    terms = Terms(
        subject=subject,
        digest=digest,
        roles=named,
        people=people,
        now=now,
        glass=environment.break_glass,
        glass_used=forward[-1].at if forward else None,
        earlier={digests.digest(each, environment.bind): each for each in request.earlier},
    )
    heard = hear(request.votes, terms)
    rules = judge(environment.approved_if, evidence, _hands(heard, people, named, roles, environment))
    firm = list(_firm(request, environment, evidence, people, heard, glasses, now))
    soft = list(_soft(request, environment, past, now))
    if heard.glass is not None:
        rules, soft = _passed(rules, heard.glass), [(state, _passed(each, heard.glass)) for state, each in soft]
    reviews = _review(environment, glasses, now)
    return Decision(
        subject=subject,
        code=digest[: digests.CODE_LENGTH],
        state=_state(rules, [*firm, *soft]),
        rules=rules,
        conditions=(*(each for _, each in [*firm, *soft]), *reviews),
        counted=tuple(heard.approvals.values()),
        objections=tuple(heard.objections.values()),
        void=heard.void,
        glass=_glass(heard.glass, environment, now),
        unreviewed=any(not each.reviewed for each in glasses),
        could=rules.could,
        digest=digest,
    )


def _state(rules: Ruling, conditions: Sequence[tuple[State, Ruling]]) -> State:
    """What a request is called: the gravest of what keeps it back."""
    unmet = [(state, each) for state, each in conditions if each.state in _UNMET]
    found = {state for state, _ in unmet}
    first = next((state for state in _FIRST if state in found), None)
    if first is not None:
        return first
    if rules.state is Ruled.ERROR or any(each.state is Ruled.ERROR for _, each in unmet):
        return State.BLOCKED
    if rules.state is Ruled.PENDING:
        return State.PENDING
    return State.BLOCKED if unmet else State.APPROVED


_UNMET = (Ruled.ERROR, Ruled.PENDING)


def _with_parts(people: People, environment: Environment, past: Sequence[Promotion], subject: Subject) -> People:
    """The parts in the change that keep somebody from approving it here."""
    if people.involved is None:
        return people
    parts = [each for each in people.involved if each.part in ALWAYS or each.part in environment.forbid]
    if environment.after and "earlier-approver" in environment.forbid:
        before = [e for e in past if (e.environment, e.version) == (environment.after.environment, subject.version)]
        parts += [Involved("earlier-approver", id=id) for each in before for id in sorted(each.approvers)]
    return People(people.standings, parts, people.unknown)


def _hands(heard: Heard, people: People, named: frozenset[str], roles: Roles, environment: Environment) -> Hands:
    given = {id: Voter(vote.login, people.standings[id].roles) for id, vote in heard.approvals.items()}
    free = {
        id: Voter(each.login, each.roles)
        for id, each in people.standings.items()
        if each.roles & named and id not in given and people.part_of(id, each.login) is None and not is_bot(each.login, "User")
    }
    known = {each.login.lower() for each in people.standings.values()} | {each.login.lower() for each in people.involved or ()}
    others = {
        role: [
            *(login for login in users(roles.get(role, [])) if login not in known),
            *(f"@{organisation}/{slug}" for organisation, slug in teams(roles.get(role, []))),
        ]
        for role in sorted(named)
    }
    more = min(len(people.strangers), MOST_STRANGERS) if environment.unknown_authors == "one-more" else 0
    return Hands(given, free, others, environment.one_person_one_role, more)


_Named = tuple[State, Ruling]


def _firm(
    request: Request,
    environment: Environment,
    evidence: Evidence,
    people: People,
    heard: Heard,
    glasses: Sequence[Promotion],
    now: datetime,
) -> Iterator[_Named]:
    """What holds even in an emergency."""
    if evidence.verdict is None:
        yield State.BLOCKED, Ruling("verdict", Ruled.ERROR, Reason.APPROVAL_NO_VERDICT)
    elif evidence.verdict is Status.FAILED:
        yield State.BLOCKED, Ruling("verdict", Ruled.ERROR, Reason.APPROVAL_RED)
    else:
        yield State.BLOCKED, Ruling("verdict", Ruled.APPROVED, Reason.APPROVAL_GREEN)
    if environment.expires is not None:
        end = request.opened + environment.expires
        state, reason = (Ruled.ERROR, Reason.APPROVAL_EXPIRED) if now >= end else (Ruled.APPROVED, Reason.APPROVAL_OPEN)
        yield State.EXPIRED, Ruling("expiry", state, reason, {"until": _told(end)})
    for vote in heard.objections.values():
        reason = Reason.OBJECTION_BECAUSE if vote.because else Reason.OBJECTION
        yield State.REJECTED, Ruling("objection", Ruled.ERROR, reason, {"login": vote.login, "because": vote.because})
    if people.involved is None:
        yield State.BLOCKED, Ruling("authors", Ruled.ERROR, Reason.AUTHORS_NOT_FOUND)
    strangers = people.strangers
    if len(strangers) > (MOST_STRANGERS if environment.unknown_authors == "one-more" else 0):
        shown = [*strangers[:MOST_STRANGERS], *(["..."] if len(strangers) > MOST_STRANGERS else [])]
        values: dict[str, Value] = {"emails": ", ".join(shown)}
        yield State.BLOCKED, Ruling("unknown authors", Ruled.ERROR, Reason.AUTHORS_UNKNOWN, values)


def _soft(request: Request, environment: Environment, past: Sequence[Promotion], now: datetime) -> Iterator[_Named]:
    """What somebody may answer for in an emergency."""
    here = request.subject.environment
    if environment.after is not None:
        yield State.BLOCKED, _stood(environment.after, request.subject.version, past, now)
    if environment.freeze:
        window = within(environment.freeze, environment.time_zone, now)
        values: dict[str, Value] = {"window": window or "", "zone": environment.time_zone}
        found = (Ruled.PENDING, Reason.FREEZE) if window else (Ruled.APPROVED, Reason.NO_FREEZE)
        yield State.FROZEN, Ruling("freeze", *found, values)
    if environment.wait is not None:
        since = max(request.opened, request.asked or request.opened)
        yield State.BLOCKED, _over("wait", since, environment.wait, now, Reason.WAITING)
    last = next((each for each in reversed(past) if each.environment == here), None)
    if environment.cool_down is not None and last is not None:
        yield State.BLOCKED, _over("cool-down", last.at, environment.cool_down, now, Reason.COOLING)
    if environment.max_waivers is not None:
        count = request.waivers
        many = count is None or count > environment.max_waivers
        reason = Reason.WAIVERS_UNKNOWN if count is None else Reason.WAIVERS_MANY if many else Reason.WAIVERS_FEW
        values = {"count": count, "most": environment.max_waivers}
        yield State.BLOCKED, Ruling("waivers", Ruled.ERROR if many else Ruled.APPROVED, reason, values)
    overdue = [each for each in past if each.environment == here and each.glass and not each.reviewed]
    length = environment.review_within
    if length is not None and overdue and now >= overdue[0].at + length:
        values = {"version": overdue[0].version, "until": _told(overdue[0].at + length)}
        yield State.BLOCKED, Ruling("review", Ruled.ERROR, Reason.REVIEW_OVERDUE, values)


def _stood(after: After, version: str, past: Sequence[Promotion], now: datetime) -> Ruling:
    """Whether this version stands in the environment before, and has for long enough."""
    before, length = after.environment, after.span
    there = [each for each in past if each.environment == before]
    values: dict[str, Value] = {"environment": before, "version": version}
    if not there or there[-1].version != version:
        return Ruling(f"after {before}", Ruled.ERROR, Reason.NOT_BEFORE, values)
    start = len(there) - 1
    while start and there[start - 1].version == version:  # promoted again, it stood all the time
        start -= 1
    end = there[start].at + length
    if now < end:
        return Ruling(
            f"after {before}", Ruled.PENDING, Reason.NOT_LONG_BEFORE, {**values, "until": _told(end), "what": span(length)}
        )
    return Ruling(f"after {before}", Ruled.APPROVED, Reason.BEFORE, {**values, "since": _told(there[start].at)})


def _over(name: str, since: datetime, length: timedelta, now: datetime, reason: Reason) -> Ruling:
    """Whether a length of time is over."""
    end = since + length
    if now < end:
        return Ruling(name, Ruled.PENDING, reason, {"what": span(length), "until": _told(end)})
    return Ruling(name, Ruled.APPROVED, Reason.TIME_OVER, {"what": span(length), "until": _told(end)})


def _review(environment: Environment, glasses: Sequence[Promotion], now: datetime) -> Iterator[Ruling]:
    """Emergencies whose review is not due yet: they keep nothing back, and are shown."""
    if environment.review_within is None:
        return
    for each in glasses:
        due = each.at + environment.review_within
        if not each.reviewed and now < due:
            yield Ruling("review", Ruled.PENDING, Reason.REVIEW_WANTED, {"version": each.version, "until": _told(due)})


def _passed(ruling: Ruling, vote: Vote) -> Ruling:
    """What an emergency steps over; what holds anyhow stays as it is."""
    if ruling.state in (Ruled.APPROVED, Ruled.SKIPPED):
        return ruling
    return Ruling(ruling.name, Ruled.SKIPPED, Reason.GLASS_PASSES, {"login": vote.login}, ruling.by, (), ruling.children)


def _glass(vote: Vote | None, environment: Environment, now: datetime) -> Glass | None:
    if vote is None or environment.break_glass is None:
        return None
    return Glass(vote.login, vote.author or 0, vote.because, (vote.at or now) + environment.break_glass.review_within)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}"
