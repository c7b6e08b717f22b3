"""What a policy makes of a fixture's case, and where that is not what was expected. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from policy.approvals import Decision, Promotion, Request, decide
from policy.digests import Bind, Subject, code
from policy.document import Policy
from policy.fixtures import SAID, Changeable, Expected, Fixture, Person, Said
from policy.problems import UserProblem
from policy.result import Status, Tier
from policy.roles import Standing
from policy.rulings import Evidence, Ruled, Ruling
from policy.votes import Involved, Kind, People, Vote

_KINDS: dict[str, Kind] = {"approve": "approve", "reject": "reject", "revoke": "revoke", "break-glass": "break-glass"}


@dataclass(frozen=True)
class Difference:
    """Something that came out in another way than was expected."""

    what: str
    wanted: str
    found: str


def simulate(fixture: Fixture, policy: Policy, also: Sequence[str] = ()) -> Decision:
    """The decision of a fixture's case; `also` is what would be said besides, such as `alice:/approve`.

    Raises UserProblem where that cannot be read, or somebody has a role that the policy does not know.
    """
    for login, person in fixture.people.items():
        for role in person.roles or ():
            if role not in policy.roles:
                raise UserProblem(
                    f"no role is called {role!r}", f"people.{login}.roles", f"Name one of {', '.join(policy.roles)}"
                )
    spoken = [*fixture.said, *(said(each) for each in also)]
    ids = _ids(fixture, policy, spoken)
    now = _now(fixture)
    subject = _subject(fixture, policy)
    bind: Bind = policy.environments[fixture.environment].bind if fixture.environment in policy.environments else "commit"
    before = [_changed(subject, each.before) for each in spoken]
    request = Request(
        subject=subject,
        opened=_at(fixture.opened, now),
        asked=None if fixture.asked is None else _at(fixture.asked, now),
        earlier=[each for each in before if each != subject],
        votes=[_vote(each, number, code(before[number], bind), fixture, ids, now) for number, each in enumerate(spoken)],
        waivers=fixture.waivers,
    )
    promotions = [
        Promotion(e.environment, e.version, _at(e.at, now), frozenset(ids[login.lower()] for login in e.by), e.glass, e.reviewed)
        for e in fixture.promotions
    ]
    people = _people(fixture, policy, ids)
    return decide(request, policy.environments, policy.roles, _evidence(fixture, policy), people, promotions, now)


def differences(expected: Expected, decision: Decision) -> list[Difference]:
    """Where a decision is not what was expected; nothing where it is."""
    found = [Difference("state", expected.state.value, decision.state.value)] if expected.state is not decision.state else []
    rules = list(_all(decision.rules.children))
    for name, wanted in expected.rules.items():
        found += _compared("rule", name, wanted, [each for each in rules if _is_called(each, name)], rules)
    for name, wanted in expected.conditions.items():
        named = [each for each in decision.conditions if each.name == name]
        found += _compared("condition", name, wanted, named, decision.conditions)
    reasons = {each.vote.login.lower(): each.reason.value for each in decision.void}
    for login, reason in expected.void.items():
        if reasons.get(login.lower()) != reason:
            found.append(Difference(f"void vote of {login}", reason, reasons.get(login.lower(), "none that is void")))
    for what, people, present in (
        ("counted", expected.counted, [each.login for each in decision.counted]),
        ("could", expected.could, decision.could),
    ):
        if people is not None and {each.lower() for each in people} != {each.lower() for each in present}:
            found.append(Difference(what, _people_of(people), _people_of(present)))
    return found


def _compared(kind: str, name: str, wanted: Ruled, named: Sequence[Ruling], known: Sequence[Ruling]) -> Iterator[Difference]:
    if not named:
        yield Difference(
            f"{kind} {name}", wanted.value, f"no such {kind}; there are {', '.join(e.name for e in known) or 'none'}"
        )
    elif any(each.state is not wanted for each in named):
        yield Difference(f"{kind} {name}", wanted.value, ", ".join(dict.fromkeys(each.state.value for each in named)))


def _all(rulings: Sequence[Ruling]) -> Iterator[Ruling]:
    for each in rulings:
        yield each
        yield from _all(each.children)


def _is_called(ruling: Ruling, name: str) -> bool:
    return ruling.name == name.replace(" x ", " × ") or ruling.values.get("role") == name


def _people_of(logins: Sequence[str]) -> str:
    return ", ".join(sorted(logins, key=str.lower)) or "nobody"


def said(text: str) -> Said:
    """What `alice:/approve` says. Raises UserProblem where that is nothing."""
    try:
        return Said.model_validate(text)
    except ValidationError:
        raise UserProblem(f"{text!r} says nothing", "--as", "Write who says what, such as `--as alice:/approve`") from None


def _now(fixture: Fixture) -> datetime:
    if isinstance(fixture.now, timedelta):  # a fixture that was read never has it
        raise ValueError("`now` is a time")
    return fixture.now


def _at(moment: datetime | timedelta, now: datetime) -> datetime:
    return moment if isinstance(moment, datetime) else now - moment


def _ids(fixture: Fixture, policy: Policy, said: Sequence[Said]) -> dict[str, int]:
    """A numeric id for each login that occurs anywhere; the ones that the fixture gives stay as they are."""
    given = {login.lower(): person.id for login, person in fixture.people.items() if person.id is not None}
    named = [member for members in policy.roles.values() for member in members if not member.startswith("@")]
    everybody = [*fixture.people, *(each.by for each in said), *(login for e in fixture.promotions for login in e.by), *named]
    free = (number for number in range(1, 10**6) if number not in set(given.values()))
    return {login: given[login] if login in given else next(free) for login in dict.fromkeys(each.lower() for each in everybody)}


def _people(fixture: Fixture, policy: Policy, ids: dict[str, int]) -> People:
    known = {login.lower(): person for login, person in fixture.people.items()}
    names = {login.lower(): login for login in fixture.people}
    standings: dict[int, Standing] = {}
    involved = [Involved("author", email=each) for each in fixture.strangers]
    unknown: set[int] = set()
    for login, id in ids.items():
        person = known.get(login, Person())
        # A renamed account occurs twice: what the fixture says of either login is of the one person.
        before = standings[id].roles if id in standings else frozenset()
        standings[id] = Standing(id, names.get(login, login), "write", before | _roles(login, person, policy))
        involved += [Involved(part, id=id) for part in person.did]
        if person.unknown:
            unknown.add(id)
    for id in unknown:
        del standings[id]
    return People({id: each for id, each in standings.items() if not _bot(each.login, known)}, involved, frozenset(unknown))


def _bot(login: str, known: dict[str, Person]) -> bool:
    return known.get(login.lower(), Person()).bot


def _roles(login: str, person: Person, policy: Policy) -> frozenset[str]:
    if person.roles is not None:
        return frozenset(person.roles)
    mine = {login, *(team.lower() for team in person.teams)}
    return frozenset(role for role, members in policy.roles.items() if mine & {member.lower() for member in members})


def _vote(said: Said, number: int, right: str, fixture: Fixture, ids: dict[str, int], now: datetime) -> Vote:
    found = SAID.fullmatch(said.say)
    if found is None:  # a fixture that was read never has it
        raise ValueError(said.say)
    kind = _KINDS[found["kind"]]
    needs_code = kind in ("approve", "break-glass") or bool(said.before)
    person = next((each for login, each in fixture.people.items() if login.lower() == said.by.lower()), Person())
    return Vote(
        kind=kind,
        comment=number + 1,
        author=ids[said.by.lower()],
        login=said.by,
        type="Bot" if person.bot else "User",
        code=found["code"] or (right if needs_code else ""),
        because=(found["because"] or "").strip("\"'"),
        edited=said.edited,
        deleted=said.deleted,
        at=now if said.at is None else _at(said.at, now),
    )


def _subject(fixture: Fixture, policy: Policy) -> Subject:
    """Something to approve, whose parts are digests of their names."""
    made = {name: hashlib.sha256(name.encode()).hexdigest() for name in _DIGESTS}
    return Subject(
        repository=1,
        model=policy.model.name if policy.model else "model",
        version=fixture.version,
        environment=fixture.environment,
        data={"data": hashlib.sha256(b"data").hexdigest()},
        request=1,
        **made,
    )


_DIGESTS = ("commit", "tree", "lock", "artifact", "params", "facts", "report", "policy", "body")


def _changed(subject: Subject, parts: dict[Changeable, str]) -> Subject:
    """The subject as it was when these parts were others."""
    return subject.model_copy(update={part: {"data": value} if part == "data" else value for part, value in parts.items()})


def _evidence(fixture: Fixture, policy: Policy) -> Evidence:
    facts = fixture.facts
    declared = policy.model.risk if policy.model else None
    files = facts.files if facts.files is not None else None if facts.changed is None else len(facts.changed)
    return Evidence(
        verdict=None if facts.verdict is None else Status(facts.verdict),
        risk=facts.risk or declared,
        changed=facts.changed,
        drift=None if facts.drift is None else Status(facts.drift),
        fairness=None if facts.fairness is None else Status(facts.fairness),
        tiers=None if facts.tiers is None else frozenset(Tier(each) for each in facts.tiers),
        files=files,
        lines=facts.lines,
    )
