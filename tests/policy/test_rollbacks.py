"""A rollback takes one word of somebody who may, and goes only to what ran there before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import rollbacks
from policy.approvals import Promotion, State
from policy.digests import Subject
from policy.environments import Environment
from policy.reasons import Reason
from policy.roles import Standing
from policy.rollbacks import Ground, Word, before, decide, place, target
from policy.rulings import Ruled

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "approved_if": [{"role": "lead"}],
    "freeze": ["2026-05-01 - 2026-06-01"],
    "break_glass": {"role": "risk", "words": 3},
}
PLACE = Environment.model_validate(GIVEN)
WORD = Word(7, 5, "alice", "production answers nothing", NOW - timedelta(minutes=1))
WHO = Standing(5, "alice", "read", frozenset({"risk"}))
SUBJECT = Subject(
    repository=1, model="m", version="2", environment="production", commit="c", tree="t", lock="l", data={}, artifact="a",
    params="p", facts="f", report="r", policy="y", request=9, body="b",
)  # fmt: skip


def ran(*versions: int | str, environment: str = "production") -> list[Promotion]:
    """Promotions one after another; `"2"` in quotes is a rollback to 2."""
    start = NOW - timedelta(days=len(versions))
    return [
        Promotion(environment, str(each), start + timedelta(days=at), rollback=isinstance(each, str))
        for at, each in enumerate(versions)
    ]


GROUND = Ground(WHO, ran(1, 2, 3), 3, NOW, frozenset({1, 2, 3}))


def reason(
    word: Word | None = WORD, ground: Ground = GROUND, environment: Environment | None = PLACE, version: str = "2"
) -> Reason:
    found = decide(SUBJECT.model_copy(update={"version": version}), word, environment, ground)
    assert not found.approved and found.glass is None
    return found.rules.reason


def test_one_word_is_enough_whatever_freezes() -> None:
    found = decide(SUBJECT, WORD, PLACE, GROUND)
    assert found.state is State.APPROVED and found.rules.state is Ruled.APPROVED
    assert found.glass and (found.glass.id, found.glass.because) == (5, "production answers nothing")
    assert found.glass.review_by == WORD.at + timedelta(days=2) and not found.unreviewed


def test_who_may_go_back_can_be_others_than_those_who_break_glass() -> None:
    apart = {**GIVEN, "rollback": {"role": "duty", "words": 4}}
    on_duty = replace(GROUND, who=replace(WHO, roles=frozenset({"duty"})))
    assert reason(environment=Environment.model_validate(apart)) is Reason.VOTE_NO_ROLE
    longer = replace(WORD, because="production answers nothing now")
    for each in (apart, {key: value for key, value in apart.items() if key != "break_glass"}):
        found = decide(SUBJECT, longer, Environment.model_validate(each), on_duty)
        assert found.approved and found.glass and found.glass.review_by == WORD.at + timedelta(days=2)
    assert reason(WORD, on_duty, Environment.model_validate(apart)) is Reason.GLASS_WORDS


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        (None, Reason.ROLLBACK_NO_WORD),
        (replace(WORD, edited=True), Reason.VOTE_EDITED),
        (replace(WORD, type="Bot"), Reason.VOTE_BOT),
        (replace(WORD, author=6), Reason.VOTE_UNKNOWN),
        (replace(WORD, because="no no no"), Reason.GLASS_WORDS),
        (replace(WORD, version=1), Reason.ROLLBACK_OTHER),
    ],
)
def test_az_02_a_word_that_is_none_moves_nothing(word: Word | None, wanted: Reason) -> None:
    assert reason(word) is wanted


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"who": None}, Reason.VOTE_UNKNOWN),
        ({"who": replace(WHO, roles=frozenset({"lead"}))}, Reason.VOTE_NO_ROLE),
        ({"used": True}, Reason.ROLLBACK_USED),
        ({"kept": frozenset({1, 3})}, Reason.ROLLBACK_CHANGED),
        ({"promotions": []}, Reason.ROLLBACK_NOTHING),
        ({"promotions": ran(1, 2, 3, environment="staging")}, Reason.ROLLBACK_NOTHING),
        ({"promotions": ran(1, 3)}, Reason.ROLLBACK_NEVER),
        ({"promotions": ran(1, 2), "runs": 2}, Reason.ROLLBACK_RUNS),
        ({"promotions": ran(2, 1, 3)}, Reason.ROLLBACK_OTHER),
    ],
)
def test_az_10_who_may_not_and_what_never_ran_there_is_refused(change: dict[str, Any], wanted: Reason) -> None:
    assert reason(ground=replace(GROUND, **change)) is wanted


def test_a_word_runs_out_and_then_the_request_is_over() -> None:
    found = decide(SUBJECT, WORD, PLACE, replace(GROUND, now=NOW + timedelta(hours=1)))
    assert found.state is State.EXPIRED and found.rules.reason is Reason.GLASS_OVER


def test_without_an_environment_or_its_way_for_emergencies_nobody_may() -> None:
    assert reason(environment=None) is Reason.ENVIRONMENT_UNKNOWN
    assert reason(environment=PLACE.model_copy(update={"break_glass": None})) is Reason.GLASS_NONE


def test_a_time_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        reason(ground=replace(GROUND, now=datetime(2026, 5, 4)))


def test_an_earlier_emergency_that_nobody_reviewed_is_told() -> None:
    past = [replace(each, glass=True) for each in GROUND.promotions]
    assert decide(SUBJECT, WORD, PLACE, replace(GROUND, promotions=past)).unreviewed


def test_after_a_crash_that_moved_the_alias_the_same_word_still_holds() -> None:
    assert decide(SUBJECT, WORD, PLACE, replace(GROUND, runs=2)).approved


def test_what_is_named_may_be_older_than_the_one_before() -> None:
    found = decide(SUBJECT.model_copy(update={"version": "1"}), replace(WORD, version=1), PLACE, GROUND)
    assert found.approved


@pytest.mark.parametrize(
    ("history", "runs", "wanted"),
    [
        ((1, 2, 3), 3, 2),
        ((1, 2, 3, "2"), 2, 1),
        ((1, 2, 3, "2", 4), 4, 2),
        ((1, 2, 3), None, 3),
        ((1, 2, 3), 9, 3),
        ((1, 2, 1), 1, 2),
        ((1, 2, 3, "1"), 1, None),
        ((1,), 1, None),
        ((), 1, None),
    ],
)
def test_the_version_before_is_never_one_that_was_rolled_back(history: tuple[Any, ...], runs: int | None, wanted: int) -> None:
    assert before(ran(*history), "production", runs) == wanted


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.integers(1, 5))
def test_the_version_before_is_one_that_ran_there_and_does_not_now(history: list[int], runs: int) -> None:
    found = before(ran(*history), "production", runs)
    assert found is None or (found in history and found != runs)


def test_the_last_environment_is_meant_where_none_is_named() -> None:
    known = {"staging": PLACE, "production": PLACE}
    assert (place(known, None), place(known, "staging"), place(known, "prod"), place({}, None)) == (
        "production",
        "staging",
        None,
        None,
    )
    assert target(WORD, ran(1, 2), "production", 2) == 1 and target(replace(WORD, version=4), [], "production", 2) == 4
    assert rollbacks.conditions(None, PLACE, "production", None, GROUND)[0].reason is Reason.ROLLBACK_NO_WORD
