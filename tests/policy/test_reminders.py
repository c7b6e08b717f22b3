"""Reminders go to those who can still approve, and then to the lead; never where nothing waits for people."""

from datetime import datetime

from policy.approvals import Decision
from policy.reminders import Reminder, due
from tests.policy.situations import DAY, HOUR, NOW, decided, policy, vote

POLICY = policy(more="remind: 1 day\nlead: {role: on-call, after: 2 days}\nexpires: 7 days")
OPENED = NOW - 3 * DAY


def reminders(decision: Decision, now: datetime = NOW, opened: datetime = OPENED) -> list[Reminder]:
    return due(POLICY.environments["production"], POLICY.roles, decision, opened, now)


def test_those_who_can_still_approve_are_reminded_and_then_the_lead() -> None:
    waiting = decided(vote(3), policy=POLICY)
    missing = Reminder("missing", ("alice", "bob", "erin"), OPENED + DAY)
    assert reminders(waiting, OPENED + DAY - HOUR) == []
    assert reminders(waiting, OPENED + DAY) == [missing]
    assert reminders(waiting, OPENED + 2 * DAY) == [missing, Reminder("lead", ("@acme/on-call",), OPENED + 2 * DAY)]


def test_nobody_is_reminded_of_what_is_approved_rejected_or_over() -> None:
    assert reminders(decided(vote(1), vote(3), policy=POLICY)) == []
    assert reminders(decided(vote(1, "reject"), policy=POLICY)) == []
    assert reminders(decided(policy=POLICY, opened=NOW - 8 * DAY)) == []


def test_without_the_keys_nobody_is_reminded() -> None:
    plain = policy()
    assert due(plain.environments["production"], plain.roles, decided(), OPENED, NOW) == []
