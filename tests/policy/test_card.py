"""Which checks a reader of a card has to know of, and where a card lies."""

import pytest

from policy.card import MadeOf, limits, path
from policy.reasons import Reason
from policy.result import Result, Status, Tier, combine
from policy.verdict import Verdict
from tests.policy.test_origin import SOME


def leaf(name: str, status: Status, tier: Tier | None = None, reason: Reason = Reason.HOLDS) -> Result:
    return Result(name=name, status=status, reason=reason, tier=tier)


def test_what_fails_warns_is_waived_or_unsure_is_a_limit_and_governance_is_none() -> None:
    judged = [
        leaf("good", Status.PASSED, Tier.IMPROVED),
        leaf("red", Status.FAILED),
        leaf("yellow", Status.WARNED),
        leaf("unsure", Status.PASSED, Tier.INCONCLUSIVE),
        leaf("waived", Status.PASSED, reason=Reason.WAIVED),
    ]
    result = combine("verdict", [combine("evaluation", judged), combine("governance", [leaf("policy", Status.WARNED)])])
    found = limits(Verdict(base="b", head="h", policy_digest="p", result=result))
    assert [each.name for each in found] == ["red", "yellow", "unsure", "waived"]


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "a b", "x" * 101, "a\n"])
def test_a_name_that_makes_no_plain_file_has_no_path(name: str) -> None:
    assert path(name) is None
    assert path("flight-delay_2.0") == "cards/flight-delay_2.0.md"


def test_what_a_registered_version_was_made_of() -> None:
    assert MadeOf.of(SOME).digest == SOME.model_digest and MadeOf.of(SOME).origin is SOME
