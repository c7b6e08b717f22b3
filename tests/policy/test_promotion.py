"""What is done after a promotion, and whether a version still is what was approved."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.authorization import LEASE
from policy.document import PolicyProblem
from policy.promotion import address, covered, differences, untimely
from tests.policy.test_authorization import AT, LEAVE
from tests.policy.test_digests import SUBJECT
from tests.policy.test_origin import ORIGINS, SOME


def section(text: str) -> str:
    return f"version: 1\npromote: {text}\n"


def test_a_command_takes_ten_minutes_at_most_unless_told_otherwise() -> None:
    found = document.read(section("{run: ./deploy.sh, env: [DEPLOY_TOKEN]}")).promote
    assert found is not None
    assert (found.run, found.timeout, found.env) == ("./deploy.sh", timedelta(minutes=10), ["DEPLOY_TOKEN"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "run"),
        ("{run: ''}", "run"),
        ("{run: x, timeout: 2 hours}", "at most 20 min"),
        ("{run: x, timeout: 0 s}", "at most 20 min"),
        ("{run: x, env: ['A B']}", "name of a variable"),
        ("{run: x, env: [ASSAY_MODEL]}", "are ours"),
    ],
)
def test_what_cannot_be_done_is_refused_and_told(text: str, said: str) -> None:
    with pytest.raises(PolicyProblem, match=said):
        document.read(section(text))


def test_the_parts_that_an_approval_covers_are_told_where_they_differ() -> None:
    parts = covered(SOME)
    approved = SUBJECT.model_copy(update=parts)
    assert differences(approved, parts) == []
    other = {**parts, "data": {"data/raw.csv": f"md5:{'9' * 32}"}, "artifact": f"md5:{'8' * 32}"}
    assert differences(approved, other) == ["data data/raw.csv 66666666 → 99999999", "model 55555555 → 88888888"]


@given(ORIGINS, ORIGINS)
def test_only_what_is_the_same_in_every_part_differs_in_none(one: object, other: object) -> None:
    first, second = covered(one), covered(other)  # type: ignore[arg-type]
    assert (differences(SUBJECT.model_copy(update=first), second) == []) == (first == second)


@pytest.mark.parametrize(
    ("later", "good"), [(timedelta(), True), (LEASE, True), (LEASE + timedelta(seconds=1), False), (-timedelta(hours=1), False)]
)
def test_a_leave_is_good_for_half_an_hour(later: timedelta, good: bool) -> None:
    assert (untimely(LEAVE, AT + later) == "") is good


def test_a_leave_without_a_time_zone_is_none() -> None:
    assert "time zone" in untimely(LEAVE.model_copy(update={"at": datetime(2026, 11, 25, 12)}), AT)


@given(st.text(max_size=200))
def test_an_address_is_one_that_can_be_shown_or_none(output: str) -> None:
    assert address(output) is None
    found = address(f"url={output}")
    assert found is None or (found.startswith("http") and found.isprintable())


def test_the_last_address_counts() -> None:
    assert address("url=http://one\nurl= https://two.example/x?y=1 \nmore\n") == "https://two.example/x?y=1"
    assert address("url=https://one\nurl=javascript:alert(1)") is None
