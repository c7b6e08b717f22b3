"""The leave to promote, and what came of it, are read strictly."""

from datetime import UTC, datetime

import pytest

from policy import digests
from policy.authorization import LIMIT, Authorization, Outcome, authorization, outcome
from policy.problems import UserProblem
from tests.policy.test_digests import SUBJECT

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEAVE = Authorization(
    subject=SUBJECT, bind="commit", digest=digests.digest(SUBJECT), expected=2, approvers=(1, 2), lock=1, run=4711, at=AT
)
DONE = Outcome(digest=LEAVE.digest, state="promoted", before=2, now=LEAVE.version, at=AT)


def test_what_was_written_is_read_again() -> None:
    assert authorization(LEAVE.model_dump_json().encode()) == LEAVE
    assert outcome(DONE.model_dump_json().encode(), LEAVE) == DONE


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": SUBJECT.model_copy(update={"environment": "production-2"})},
        {"subject": SUBJECT.model_copy(update={"version": "13"})},
        {"bind": "tree"},
        {"digest": "0" * 64},
    ],
)
def test_a_leave_whose_digest_is_not_its_subjects_is_none(changed: dict[str, object]) -> None:
    with pytest.raises(UserProblem, match="digest"):
        authorization(LEAVE.model_copy(update=changed).model_dump_json().encode())


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, LEAVE.model_dump_json().replace('"lock":1', '"lock":0').encode()]
)
def test_anything_else_is_no_leave(raw: bytes) -> None:
    with pytest.raises(UserProblem, match="cannot be read"):
        authorization(raw)


def test_an_unknown_key_is_no_part_of_a_leave() -> None:
    with pytest.raises(UserProblem):
        authorization(LEAVE.model_dump_json().replace('"lock":1', '"lock":1,"more":2').encode())


def test_ga_03_what_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(UserProblem, match="bytes"):
        authorization(b" " * (LIMIT + 1))


def test_an_outcome_of_another_decision_is_refused() -> None:
    with pytest.raises(UserProblem, match="another"):
        outcome(DONE.model_copy(update={"digest": "0" * 64}).model_dump_json().encode(), LEAVE)
