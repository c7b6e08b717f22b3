"""Which votes count: what people said on a request, held against who they are now and what they had a part in. Pure.

One person has one voice, known by the numeric id of the account: the last thing they validly said. Doubt only ever takes away:
what is edited, deleted, about something else, or of somebody whose roles are not known gives no approval, and lifts no objection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from policy import digests
from policy.digests import Subject
from policy.environments import BreakGlass
from policy.reasons import Reason
from policy.result import Value
from policy.roles import Standing, is_bot

Kind = Literal["approve", "reject", "revoke", "break-glass"]
Part = Literal["author", "committer", "co-author", "pusher", "requester", "starter", "merger", "reviewer", "earlier-approver"]
ALWAYS: tuple[Part, ...] = ("author", "committer", "co-author", "pusher", "requester", "starter")
"""The parts in a change that keep somebody from approving it wherever they are known; `pusher` and `starter` are read where the
policy asks for them."""


@dataclass(frozen=True)
class Vote:
    """One thing that somebody said, in a comment of its own. `at` is GitHub's time, and only ever used to see that it ran out."""

    kind: Kind
    comment: int
    author: int | None
    login: str
    type: str = "User"
    code: str = ""
    because: str = ""
    edited: bool = False
    edited_by: str = ""
    deleted: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Involved:
    """Somebody who had a part in what is asked for: known by id, else by login, else (id and login unknown) by e-mail alone."""

    part: Part
    id: int | None = None
    login: str = ""
    email: str = ""

    @property
    def unknown(self) -> bool:
        """Whether it may be anybody."""
        return self.id is None and not self.login


@dataclass(frozen=True)
class Void:
    """A vote that does not count, and why."""

    vote: Vote
    reason: Reason
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """Who is who at this moment, and who had a part in the change (None: that could not be found out).

    `unknown` are ids of people whose roles could not be found out.
    """

    standings: Mapping[int, Standing]
    involved: Sequence[Involved] | None
    unknown: frozenset[int] = frozenset()

    @property
    def strangers(self) -> list[str]:
        """The e-mails of those who may be anybody, each once whatever its case."""
        return sorted({each.email.lower() for each in self.involved or () if each.unknown})

    def part_of(self, id: int, login: str) -> Part | None:
        """What part somebody has in the change, or None."""
        for each in self.involved or ():
            if each.id == id or (each.id is None and each.login and each.login.lower() == login.lower()):
                return each.part
        return None


@dataclass(frozen=True)
class Heard:
    """What is left of a timeline: approvals and objections that count, one a person, and everything that does not."""

    approvals: Mapping[int, Vote]
    objections: Mapping[int, Vote]
    glass: Vote | None
    void: tuple[Void, ...]


@dataclass(frozen=True)
class Terms:
    """What a vote is held against.

    `digest` is that of the subject, `earlier` are its forms before by theirs, `roles` those that the rules name; `glass_used` is
    when glass was last broken here.
    """

    subject: Subject
    digest: str
    roles: frozenset[str]
    people: People
    now: datetime
    glass: BreakGlass | None = None
    glass_used: datetime | None = None
    earlier: Mapping[str, Subject] = field(default_factory=dict)


def hear(votes: Iterable[Vote], terms: Terms) -> Heard:
    """Go through a timeline in the order in which GitHub numbered its comments, whatever the order in which it comes."""
    approvals: dict[int, Vote] = {}
    objections: dict[int, Vote] = {}
    glasses: dict[int, Vote] = {}
    void: list[Void] = []
    for vote in sorted(votes, key=_order):
        found = _unusable(vote)
        if found is not None or vote.author is None:
            void.append(found or Void(vote, Reason.VOTE_NOBODY))
            continue
        person = vote.author
        if vote.kind == "revoke":
            _taken_back(vote, person, approvals, glasses, void)
            if vote.edited:
                void.append(Void(vote, Reason.VOTE_EDITED, _edit(vote)))
            else:
                objections.pop(person, None)
        elif vote.kind == "reject":
            if (found := _no_objection(vote, terms)) is not None:
                void.append(found)
            else:
                _taken_back(vote, person, approvals, glasses, void)
                objections[person] = vote
        elif (found := _no_approval(vote, person, terms)) is not None:
            void.append(found)
        else:
            before = approvals.pop(person, None) if vote.kind == "approve" else glasses.pop(person, None)
            if before is not None:
                void.append(Void(before, Reason.VOTE_AGAIN, {"login": vote.login}))
            if vote.kind == "approve":
                objections.pop(person, None)
            (approvals if vote.kind == "approve" else glasses)[person] = vote
    glass = min(glasses.values(), key=lambda each: each.comment, default=None)
    return Heard(approvals, objections, glass, tuple(sorted(void, key=lambda each: _order(each.vote))))


def taken_back(votes: Iterable[Vote], void: Iterable[Void]) -> list[tuple[Vote, list[Vote]]]:
    """Each `/revoke` that took back something that counted until then, and what that was; `void` is what `hear` found."""
    why = {(each.vote.comment, each.vote.kind): each.reason for each in void}
    said: dict[int, list[Vote]] = {}
    found: list[tuple[Vote, list[Vote]]] = []
    for vote in sorted(votes, key=_order):
        mine, reason = said.setdefault(vote.author or 0, []), why.get((vote.comment, vote.kind))
        if vote.kind == "revoke" and reason in (None, Reason.VOTE_EDITED):
            # One that was edited lifts no objection.
            back = [each for each in mine if each.kind != "reject" or not vote.edited]
            said[vote.author or 0] = [each for each in mine if each not in back]
            found += [(vote, back)] if back else []
        elif vote.kind != "revoke" and reason in (None, Reason.VOTE_REVOKED):
            if vote.kind == "approve":
                mine[:] = [each for each in mine if each.kind != "reject"]
            mine.append(vote)
    return found


def _order(vote: Vote) -> tuple[int, int]:
    """The order of votes; of several in one comment, an objection is the last word."""
    return vote.comment, _LAST.index(vote.kind)


_LAST: tuple[Kind, ...] = ("approve", "break-glass", "revoke", "reject")


def _taken_back(vote: Vote, person: int, approvals: dict[int, Vote], glasses: dict[int, Vote], void: list[Void]) -> None:
    """What somebody said before, taken back by what they say now."""
    reason = Reason.VOTE_REVOKED if vote.kind == "revoke" else Reason.VOTE_TURNED
    before = [kept.pop(person) for kept in (approvals, glasses) if person in kept]
    void += [Void(each, reason, {"login": vote.login}) for each in before]


def _unusable(vote: Vote) -> Void | None:
    """Why nothing of this kind is ever heard."""
    if vote.deleted:
        return Void(vote, Reason.VOTE_DELETED, {"login": vote.login})
    if is_bot(vote.login, vote.type):
        return Void(vote, Reason.VOTE_BOT, {"login": vote.login})
    return None


def _no_objection(vote: Vote, terms: Terms) -> Void | None:
    """Why an objection does not stand. An edited one, or of somebody whose roles are not known, does: that is the safe side."""
    if vote.code and not digests.names(vote.code, terms.digest):
        return _other(vote, terms)
    if vote.author in terms.people.unknown:
        return None
    standing = terms.people.standings.get(vote.author or 0)
    if standing is None or not standing.roles:
        return Void(vote, Reason.VOTE_NO_ROLE, {"login": vote.login, "roles": _listed(terms.roles)})
    return None


def _no_approval(vote: Vote, person: int, terms: Terms) -> Void | None:
    """Why an approval, or the breaking of glass, does not count."""
    if vote.edited:
        return Void(vote, Reason.VOTE_EDITED, _edit(vote))
    if not digests.names(vote.code, terms.digest):
        return _other(vote, terms)
    if (part := terms.people.part_of(person, vote.login)) is not None:
        return Void(vote, Reason.VOTE_OWN_WORK, {"login": vote.login, "what": PARTS[part]})
    if person in terms.people.unknown:
        return Void(vote, Reason.VOTE_UNKNOWN, {"login": vote.login})
    if vote.kind == "break-glass":
        return _no_glass(vote, person, terms)
    standing = terms.people.standings.get(person)
    if standing is None or not standing.roles & terms.roles:
        return Void(vote, Reason.VOTE_NO_ROLE, {"login": vote.login, "roles": _listed(terms.roles)})
    return None


def _no_glass(vote: Vote, person: int, terms: Terms) -> Void | None:
    """Why the way for emergencies is closed to somebody."""
    glass, standing = terms.glass, terms.people.standings.get(person)
    if glass is None:
        return Void(vote, Reason.GLASS_NONE)
    if standing is None or glass.role not in standing.roles:
        return Void(vote, Reason.VOTE_NO_ROLE, {"login": vote.login, "roles": glass.role})
    if (count := words(vote.because)) < glass.words:
        return Void(vote, Reason.GLASS_WORDS, {"login": vote.login, "count": count, "least": glass.words})
    if vote.at is None or terms.now - vote.at > glass.lasts:
        return Void(vote, Reason.GLASS_OVER, {"login": vote.login, "what": span(glass.lasts)})
    if terms.glass_used is not None and terms.now - terms.glass_used < glass.cool_down:
        return Void(vote, Reason.GLASS_COOLING, {"since": f"{terms.glass_used:%Y-%m-%d %H:%M}", "what": span(glass.cool_down)})
    return None


def _other(vote: Vote, terms: Terms) -> Void:
    """A vote about something else, with what changed since where that is known."""
    if not vote.code:
        return Void(vote, Reason.VOTE_NO_CODE, {"login": vote.login})
    values: dict[str, Value] = {"login": vote.login, "code": vote.code}
    for wanted, before in terms.earlier.items():
        if digests.names(vote.code, wanted):
            return Void(vote, Reason.VOTE_LAPSED, {**values, "what": ", ".join(digests.changes(before, terms.subject))})
    return Void(vote, Reason.VOTE_OTHER_CODE, values)


def _edit(vote: Vote) -> dict[str, Value]:
    return {"login": vote.login, "by": vote.edited_by or "somebody"}


def _listed(roles: Iterable[str]) -> str:
    return " or ".join(sorted(roles))


def words(reason: str) -> int:
    """The different words of a reason; what has no letter is none."""
    return len({each.lower() for each in reason.split() if any(character.isalpha() for character in each)})


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit, such as `2 days`."""
    seconds = int(length.total_seconds())
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit} {name}{'s' if seconds != unit else ''}"
    return f"{seconds} seconds"


PARTS: dict[Part, str] = {
    "author": "wrote a part of it",
    "committer": "committed a part of it",
    "co-author": "wrote a part of it with somebody",
    "pusher": "pushed last",
    "requester": "asked for it",
    "starter": "started its run",
    "merger": "merged a part of it",
    "reviewer": "reviewed a part of it",
    "earlier-approver": "approved it for the environment before",
}
"""What somebody did, as the end of a sentence."""
