"""Requests for tests: two environments, seven people, and a day in November."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from policy import document
from policy.approvals import Decision, Promotion, Request, decide
from policy.digests import Subject, code
from policy.document import Policy
from policy.result import Status
from policy.roles import Standing
from policy.rulings import Evidence
from policy.votes import Involved, Kind, People, Vote
from tests.policy.test_digests import SUBJECT

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PEOPLE = {
    1: Standing(1, "alice", "write", frozenset({"model-risk"})),
    2: Standing(2, "bob", "write", frozenset({"model-risk"})),
    3: Standing(3, "carol", "maintain", frozenset({"ml-lead"})),
    4: Standing(4, "dan", "maintain", frozenset({"ml-lead"})),
    5: Standing(5, "erin", "admin", frozenset({"ml-lead", "model-risk"})),
    6: Standing(6, "frank", "write"),
    7: Standing(7, "grace", "write"),
}
GREEN = Evidence(verdict=Status.PASSED)
STAGED = Promotion("staging", "12", NOW - 3 * DAY)
CODE = code(SUBJECT)


def policy(rules: str = "[{role: ml-lead}, {role: model-risk}]", more: str = "") -> Policy:
    """A policy whose production asks for these rules, with more keys such as `expires: 7 days`."""
    return document.read(
        "version: 1\n"
        'roles: {ml-lead: [carol, dan, erin], model-risk: [alice, bob, erin], on-call: ["@acme/on-call"]}\n'
        "environments:\n"
        "  staging: {approved_if: [{role: ml-lead}]}\n"
        f"  production:\n    approved_if: {rules}\n" + "".join(f"    {line}\n" for line in more.splitlines())
    )


def vote(person: int, kind: Kind = "approve", comment: int | None = None, **more: Any) -> Vote:
    """A vote for what is asked for, by one of the people."""
    said = CODE if kind in ("approve", "break-glass") else ""
    default = {"author": person, "login": PEOPLE[person].login, "code": said, "at": NOW - HOUR / 2}
    return Vote(kind, comment if comment is not None else 100 + person, **{**default, **more})


def decided(
    *votes: Vote,
    policy: Policy | None = None,
    subject: Subject = SUBJECT,
    evidence: Evidence = GREEN,
    people: dict[int, Standing] | None = None,
    involved: Sequence[Involved] | None = (),
    unknown: frozenset[int] = frozenset(),
    promotions: Sequence[Promotion] = (STAGED,),
    now: datetime = NOW,
    **request: Any,
) -> Decision:
    """The decision about a request that was opened two hours ago."""
    policy = policy or _DEFAULT
    asked = replace(Request(subject, NOW - 2 * HOUR, votes=votes), **request)
    standings = People(PEOPLE if people is None else people, involved, unknown)
    return decide(asked, policy.environments, policy.roles, evidence, standings, promotions, now)


def logins(decision: Decision) -> list[str]:
    """Who is counted, in the order of names."""
    return sorted(each.login for each in decision.counted)


_DEFAULT = policy()
