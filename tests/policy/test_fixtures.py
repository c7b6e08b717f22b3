"""Fixtures are read strictly: a test that is misread tests nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from policy import fixtures
from policy.document import PolicyProblem
from policy.fixtures import Said

WHOLE = """\
environment: production
said:
  - alice: /approve
  - {bob: /reject because the slices are off, edited: true}
  - {by: carol, say: /approve 7f3a9c2e51d0}
  - "dan: /revoke"
expect: {state: rejected}
"""


def error_of(text: str) -> str:
    with pytest.raises(PolicyProblem) as caught:
        fixtures.read(text, "case.yml")
    (error,) = caught.value.errors
    return str(error)


def test_a_fixture_says_what_is_not_as_usual() -> None:
    fixture = fixtures.read(WHOLE, "case.yml")
    assert [(each.by, each.say) for each in fixture.said] == [
        ("alice", "/approve"),
        ("bob", "/reject because the slices are off"),
        ("carol", "/approve 7f3a9c2e51d0"),
        ("dan", "/revoke"),
    ]
    assert fixture.said[1].edited and fixture.facts.verdict == "passed"
    assert fixture.now == datetime(2026, 1, 7, 12, tzinfo=UTC) and fixture.opened == timedelta(hours=1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("state: rejected", "stat: rejected", "case.yml:7: `expect.stat`: unknown key; did you mean `state`?"),
        ("state: rejected", "state: approvd", 'case.yml:7: `expect.state`: found "approvd"'),
        ("expect: {state: rejected}", "now: 2 days ago\nexpect: {state: rejected}", "`now` is a time"),
        ("expect: {state: rejected}", "opened: 2026-01-01\nexpect: {state: rejected}", "a time with its offset"),
        ("expect: {state: rejected}", "opened: 2026-01-01T12:00:00\nexpect: {state: rejected}", "a time with its offset"),
        ("expect: {state: rejected}", "opened: 2 ago\nexpect: {state: rejected}", "a number and a unit"),
        ("- alice: /approve", "- alice: approve", "case.yml:3: `said.0"),
        ("- alice: /approve", "- alice: /aprove", "write /approve, /reject, /revoke or /break-glass"),
        ("environment: production", "environment: ../x", "small letters"),
        ("environment: production", "environment: production\nenvironment: staging", "the key stands twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(PolicyProblem) as caught:
        fixtures.read(WHOLE.replace(old, new), "case.yml")
    assert said in str(caught.value)


def test_nothing_to_expect_is_an_error() -> None:
    assert error_of("environment: production\n") == "case.yml:1: `expect`: the key is missing; add it"


@pytest.mark.parametrize("text", ["", "[]", "a string"])
def test_what_is_no_fixture_is_an_error(text: str) -> None:
    assert error_of(text).startswith("case.yml")


def test_a_code_is_not_taken_for_a_reason_nor_a_reason_for_a_code() -> None:
    found = fixtures.SAID.fullmatch(Said(by="a", say="/reject because because of it").say)
    assert found is not None and (found["code"], found["because"]) == (None, "because of it")
    found = fixtures.SAID.fullmatch("/approve 7f3a9c2e51d0 because it holds")
    assert found is not None and (found["code"], found["because"]) == ("7f3a9c2e51d0", "it holds")
