"""What is open comes out of the ledger with owner and days, the most overdue first, and goes when it is seen to."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.ledger import Decision
from policy.pulse.risks import NOBODY, REMOVED, Kind, Risk, Urgency, register
from tests.policy.pulse.diary import Diary, at

ENVIRONMENTS = document.read("""\
version: 1
roles: {ml-lead: [carol], model-risk: [alice]}
environments:
  production: {approved_if: [{role: ml-lead}], break_glass: {role: model-risk, review_within: 2 days}}
""").environments
WAIVER: dict[str, Any] = {"gate": "roc_auc", "inputs": {"until": "2026-01-20"}}
GLASS: dict[str, Any] = {"inputs": {"glass": True, "approved": "d1"}}


def found(diary: Diary, day: float, over: tuple[int, ...] = ()) -> list[Risk]:
    return register(diary.kept, ENVIRONMENTS, at(day), over)


def test_a_waiver_is_open_then_ends_soon_then_is_overdue_then_forgotten() -> None:
    diary = Diary().add(Decision.WAIVED, 1, **WAIVER)
    (risk,) = found(diary, 2)
    assert (risk.kind, risk.about, risk.owner, risk.number) == (Kind.WAIVER, "roc_auc", "mona", 12)
    assert risk.since == at(1) and risk.until == datetime(2026, 1, 21, tzinfo=UTC)
    assert [risk.urgency(at(day)) for day in (2, 14, 19.9, 20)] == [Urgency.OPEN, Urgency.SOON, Urgency.SOON, Urgency.OVERDUE]
    assert found(diary, 49) and not found(diary, 51)


def test_the_last_waiver_of_a_check_counts_and_one_that_cannot_be_read_is_none() -> None:
    diary = Diary().add(Decision.WAIVED, 1, **WAIVER).add(Decision.WAIVED, 2, gate="roc_auc", inputs={"until": "2026-02-20"})
    (risk,) = found(diary, 3)
    assert risk.until == datetime(2026, 2, 21, tzinfo=UTC)
    assert found(Diary().add(Decision.WAIVED, 1, gate="x", inputs={"until": "soon"}), 2) == []


def test_who_was_taken_out_of_the_ledger_is_not_named() -> None:
    assert [each.owner for each in found(Diary(named=False).add(Decision.WAIVED, 1, **WAIVER), 2)] == [REMOVED]


def test_an_emergency_waits_for_its_review_with_whoever_may_break_glass() -> None:
    diary = Diary().promoted(1).promoted(2, 2, **GLASS)
    (risk,) = found(diary, 3)
    assert (risk.kind, risk.owner, risk.until) == (Kind.REVIEW, "the role model-risk", at(4))
    assert risk.late(at(5)) == timedelta(days=1)
    assert found(diary.add(Decision.REVIEWED, 6, number=20, inputs={"approved": "other"}), 7)
    assert found(diary.add(Decision.REVIEWED, 6, number=20, inputs={"approved": "d1"}), 7) == []


def test_a_rollback_waits_for_its_review_too() -> None:
    (risk,) = found(Diary().add(Decision.ROLLED_BACK, 2, **GLASS), 3)
    assert "was gone back to in production" in risk.about


def test_an_incident_is_overdue_until_a_promotion_puts_it_right_or_its_issue_is_closed() -> None:
    diary = Diary().add(Decision.INCIDENT, 1, 3, 30)
    (risk,) = found(diary, 2)
    assert risk.about == "flight-delay@production points to version 3, which was not promoted"
    assert risk.urgency(at(2)) is Urgency.OVERDUE and risk.until is None
    assert found(diary, 2, over=(30,)) == []
    assert found(diary.promoted(3, environment="staging"), 4) and found(diary.promoted(3), 4) == []


def test_a_lock_is_open_until_it_is_given_back() -> None:
    diary = Diary().add(Decision.LOCKED, 1)
    assert [(each.kind, each.about, each.owner) for each in found(diary, 2)] == [(Kind.LOCK, "production", "mona")]
    assert found(diary.add(Decision.UNLOCKED, 3), 4) == []


def test_where_nobody_may_go_back_nobody_is_named() -> None:
    (risk,) = register(Diary().promoted(2, **GLASS).kept, {}, at(3))
    assert risk.owner == NOBODY and risk.until is None


def test_what_was_entered_later_is_not_known_yet() -> None:
    assert found(Diary().add(Decision.LOCKED, 5), 4) == []


@given(
    st.lists(st.sampled_from([Decision.WAIVED, Decision.LOCKED, Decision.INCIDENT, Decision.PROMOTED]), max_size=12), st.randoms()
)
def test_the_most_overdue_stands_first_then_what_ends_soonest(decisions: list[Decision], chance: random.Random) -> None:
    diary = Diary()
    for index, decision in enumerate(decisions):
        inputs = {"until": f"2026-01-{chance.randint(10, 31)}", "glass": True, "approved": str(index)}
        diary.add(decision, index, gate=f"g{index}", number=index, environment=f"e{index}", inputs=inputs)
    now = at(15)
    risks = register(diary.kept, ENVIRONMENTS, now)
    late = [each.late(now) for each in risks]
    overdue = [each for each in late if each is not None]
    assert overdue == sorted(overdue, reverse=True) and late[: len(overdue)] == overdue
    ends = [each.until for each in risks[len(overdue) :] if each.until]
    assert ends == sorted(ends) and len({each.key for each in risks}) == len(risks)
