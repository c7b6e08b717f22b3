"""What a decision rests on, as the ledger keeps it, and the decision made again from that. Pure.

It holds no name and no account's number, because it cannot be taken out later: people are numbered within one entry, and of what
they wrote only what the rules look at is kept. Who they were stands in the personal halves of the entries.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pydantic import JsonValue

from policy import digests, ledger, merging
from policy.approvals import Decision, Promotion, Request, decide
from policy.digests import Subject
from policy.environments import Environment, Environments
from policy.ledger import Decision as Kind
from policy.ledger import Entry, Rederive, canonical
from policy.reasons import Reason
from policy.result import Status
from policy.roles import Roles, Standing
from policy.rulings import Evidence
from policy.votes import Involved, People, Vote, words

_EVIDENCE = ("risk", "files", "lines")
_STATUSES = ("verdict", "drift", "fairness")


@dataclass(frozen=True)
class Grounds:
    """Everything that `policy.approvals.decide` is given."""

    request: Request
    environments: Environments
    roles: Roles
    evidence: Evidence
    people: People
    promotions: Sequence[Promotion]
    now: datetime

    def decide(self) -> Decision:
        """The decision."""
        return decide(self.request, self.environments, self.roles, self.evidence, self.people, self.promotions, self.now)


def glass_vote(votes: Sequence[Vote], decision: Decision) -> Vote | None:
    """The vote by which glass is broken, where it is."""
    void = {(each.vote.comment, each.vote.kind) for each in decision.void}
    found = [each for each in votes if each.kind == "break-glass" and (each.comment, each.kind) not in void]
    return min(found, key=lambda each: each.comment, default=None) if decision.glass is not None else None


def heard(votes: Sequence[Vote], decision: Decision) -> list[Vote]:
    """The votes that made a decision what it is: approvals, objections, and the one that breaks glass."""
    glass = glass_vote(votes, decision)
    return [*decision.counted, *decision.objections, *([glass] if glass else [])]


def kept(grounds: Grounds, decision: Decision) -> dict[str, JsonValue]:
    """What the ledger keeps of it: of the votes those that were heard. Raises KeyError for an environment that is not there."""
    request, subject = grounds.request, grounds.request.subject
    environment = grounds.environments[subject.environment]
    votes = heard(request.votes, decision)
    people = _Numbers()
    standings = {each.author: grounds.people.standings.get(each.author or 0) for each in votes}
    logins = {each.login.lower(): id for id, each in grounds.people.standings.items()}
    involved = None
    if grounds.people.involved is not None:
        parts = {_part(each, logins, people) for each in grounds.people.involved if not each.unknown}
        involved = [[part, number] for part, number in sorted(parts)]
    told: dict[str, Any] = {
        "subject": subject.model_dump(mode="json"),
        "environment": _environment(environment),
        "opened": request.opened.isoformat(),
        "asked": request.asked.isoformat() if request.asked else None,
        "waivers": request.waivers,
        "votes": [_vote(each, people) for each in votes],
        "standings": [[people.of(id or 0), sorted(each.roles)] for id, each in standings.items() if each is not None],
        "unknown": sorted({people.of(each.author or 0) for each in votes if each.author in grounds.people.unknown}),
        "involved": involved,
        "strangers": len(grounds.people.strangers),
        "evidence": _evidence(grounds.evidence),
        "promotions": [
            [e.environment, e.version, e.at.isoformat(), sorted(people.of(id) for id in e.approvers), e.glass, e.reviewed]
            for e in grounds.promotions
        ],
        "now": grounds.now.isoformat(),
    }
    return told


def again(inputs: Mapping[str, Any]) -> Decision:
    """The decision that comes of what the ledger kept. Raises as `read` does."""
    return read(inputs).decide()


def read(inputs: Mapping[str, Any]) -> Grounds:
    """What the ledger kept. Raises ValueError, KeyError, TypeError or AttributeError for what is no such thing."""
    subject = Subject.model_validate(inputs["subject"])
    involved = inputs["involved"]
    if involved is not None:
        involved = [Involved(part, id=number) for part, number in involved]
        involved += [Involved("author", email=f"{index}@stranger") for index in range(inputs["strangers"])]
    evidence = dict(inputs["evidence"])
    for name in _STATUSES:
        evidence[name] = Status(evidence[name]) if evidence[name] is not None else None
    evidence["tiers"] = frozenset(evidence["tiers"]) if evidence["tiers"] is not None else None
    request = Request(
        subject=subject,
        opened=datetime.fromisoformat(inputs["opened"]),
        asked=datetime.fromisoformat(inputs["asked"]) if inputs["asked"] else None,
        votes=[_said(each) for each in inputs["votes"]],
        waivers=inputs["waivers"],
    )
    return Grounds(
        request=request,
        environments={subject.environment: _parsed(canonical(inputs["environment"]))},
        roles={},
        evidence=Evidence(**evidence),
        people=People(
            {number: Standing(number, _login(number), roles=frozenset(roles)) for number, roles in inputs["standings"]},
            involved,
            frozenset(inputs["unknown"]),
        ),
        promotions=[
            Promotion(environment, version, datetime.fromisoformat(at), frozenset(by), glass, reviewed)
            for environment, version, at, by, glass, reviewed in inputs["promotions"]
        ],
        now=datetime.fromisoformat(inputs["now"]),
    )


@lru_cache(maxsize=64)
def _parsed(environment: bytes) -> Environment:
    """The rules of an environment, which are the same in most entries that follow each other. Raises ValueError."""
    return Environment.model_validate(json.loads(environment))


def table(*, whole: bool = True) -> dict[Kind, Rederive]:
    """How the decisions of one ledger are derived again, in its order: it remembers what was approved.

    Where it is not looked at from its first entry on, not `whole`, a promotion may rest on an approval before: that says nothing.

    The votes of one leave rest on the same, whole: that is decided once for the entries that follow each other.
    """
    approved: dict[tuple[int, str], ledger.Subject] = {}
    derived = _Derived()

    def approval(entry: Entry) -> str | None:
        try:
            found = derived.of(entry.inputs)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return f"what its approval rests on cannot be read ({type(error).__name__})"
        what = _disapproved(entry, found)
        if what is None:
            approved[entry.repository, found.digest] = entry.subject
        return what

    def promotion(entry: Entry) -> str | None:
        digest = entry.inputs.get("approved")
        about = approved.get((entry.repository, str(digest)))
        if not isinstance(digest, str) or (about is None and whole):
            return "nothing before it approves what was promoted"
        if about is not None and about != entry.subject:
            return "it says that something else was promoted than what was approved"
        if entry.digests.decision_code != digest[: digests.CODE_LENGTH]:
            return "its code is not that of what was approved"
        return None

    return {Kind.APPROVED: approval, Kind.PROMOTED: promotion, Kind.WAIVED: _waiver, Kind.MERGED: _merge}


class _Derived:
    """The decision that inputs come to; for the same inputs as before, the same."""

    def __init__(self) -> None:
        self._last: tuple[Mapping[str, Any], Decision] | None = None

    def of(self, inputs: Mapping[str, Any]) -> Decision:
        """Raises as `read` does."""
        # Equal is not the same yet: to Python 1 is True.
        if self._last and self._last[0] == inputs and canonical(self._last[0]) == canonical(inputs):
            return self._last[1]
        found = again(inputs)
        self._last = inputs, found
        return found


def _disapproved(entry: Entry, found: Decision) -> str | None:
    """Why an entry's approval is not what its inputs come to."""
    subject = found.subject
    if not found.approved:
        return f"what it rests on comes to {found.state} and not to an approval"
    about = (entry.subject.model, entry.subject.version, entry.subject.environment, entry.subject.number, entry.repository)
    if about != (subject.model, subject.version, subject.environment, subject.request, subject.repository):
        return "it says that it is about something else than what was approved"
    if entry.digests.decision_code != found.code:
        return f"its code is {entry.digests.decision_code[:20]!r}, and what was approved has {found.code}"
    votes: Any = entry.inputs["votes"]  # as `again` read it
    said = {each["comment"] for each in votes}
    if not entry.comments or any(each.id not in said for each in entry.comments):
        return "the comment that it names has no part in the approval"
    return None


def _waiver(entry: Entry) -> str | None:
    """A waiver ends neither before it begins nor later than the policy of then let it."""
    told = entry.inputs
    try:
        days = (date.fromisoformat(str(told["until"])) - date.fromisoformat(str(told["today"]))).days
        most = int(str(told["most"]))
    except (KeyError, ValueError):
        return "how long it waives cannot be read"
    return None if 0 <= days <= most else f"it waives for {days} days, and the policy allowed {most}"


def _merge(entry: Entry) -> str | None:
    """A retraining is merged by itself only as it may be. Where a crash came between, only its comment tells that it might."""
    try:
        standing = entry.inputs.get("standing")
        why = Reason.MERGE_GOES if standing is None else merging.again(standing)
    except ValueError:
        return "how it stood when it was merged cannot be read"
    if standing is None and not entry.comments:
        return "nothing tells how it stood when it was merged"
    return None if why is Reason.MERGE_GOES else f"it was merged, and as it stood it might not: {why.value}"


class _Numbers:
    """Numbers people from 1 in the order in which they turn up."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def of(self, id: int) -> int:
        """The number that stands for an account."""
        return self._seen.setdefault(id, len(self._seen) + 1)

    def nobody(self) -> int:
        """A number for somebody who is no account that is known."""
        return self.of(-len(self._seen) - 1)


def _login(number: int) -> str:
    return f"person-{number}"


def _part(each: Involved, logins: Mapping[str, int], people: _Numbers) -> tuple[str, int]:
    id = each.id if each.id is not None else logins.get(each.login.lower())
    return each.part, people.of(id) if id is not None else people.nobody()


def _vote(vote: Vote, people: _Numbers) -> dict[str, JsonValue]:
    return {
        "kind": vote.kind,
        "comment": vote.comment,
        "by": people.of(vote.author or 0),
        "code": vote.code,
        "words": words(vote.because),
        "edited": vote.edited,
        "at": vote.at.isoformat() if vote.at else None,
    }


def _said(data: Mapping[str, Any]) -> Vote:
    return Vote(
        kind=data["kind"],
        comment=data["comment"],
        author=data["by"],
        login=_login(data["by"]),
        code=data["code"],
        because=" ".join(f"word{index}" for index in range(min(data["words"], 200))),
        edited=data["edited"],
        at=datetime.fromisoformat(data["at"]) if data["at"] else None,
    )


def _environment(environment: Environment) -> dict[str, JsonValue]:
    """With its defaults as they are today, so that another version's change nothing."""
    told = environment.model_dump(mode="json", exclude_none=True, exclude={"approved_if", "remind", "lead", "on_merge"})
    # What a rule leaves out is part of what kind it is.
    return {**told, "approved_if": [each.model_dump(mode="json", exclude_unset=True) for each in environment.approved_if]}


def _evidence(evidence: Evidence) -> dict[str, JsonValue]:
    told: dict[str, Any] = {name: getattr(evidence, name) for name in _EVIDENCE}
    for name in _STATUSES:
        status = getattr(evidence, name)
        told[name] = str(status) if status is not None else None
    told["tiers"] = sorted(str(each) for each in evidence.tiers) if evidence.tiers is not None else None
    told["changed"] = [*evidence.changed] if evidence.changed is not None else None
    return told
