"""A proposal helps where it is not red and, unless the policy asks for less, a gated metric got better."""

import pytest

from policy import document
from policy.proposing import Keep, Kind, Retrain, decisive, wanted, weigh
from policy.reasons import Reason
from policy.result import Comparison, Result, Status, Tier


def gate(status: Status = Status.PASSED, tier: Tier = Tier.PASS, **numbers: float) -> Result:
    found = Comparison.model_validate({"metric": "accuracy", "better": "higher", **numbers})
    child = Result(name="accuracy", status=status, reason=Reason.HOLDS, tier=tier, comparison=found)
    part = Result(name="evaluation", status=status, reason=Reason.HOLDS, children=[child])
    return Result(name="verdict", status=status, reason=Reason.HOLDS, children=[part])


@pytest.mark.parametrize(
    ("keep", "verdict", "expected"),
    [
        ("improved", gate(tier=Tier.IMPROVED, change=0.1, low=0.05), Reason.PROPOSAL_HELPS),
        ("improved", gate(change=0.1), Reason.PROPOSAL_HELPS),  # a number without an interval
        ("improved", gate(change=0.1, low=-0.1), Reason.PROPOSAL_NO_BETTER),  # may be luck
        ("improved", gate(change=0.0), Reason.PROPOSAL_NO_BETTER),
        ("improved", gate(change=-0.01), Reason.PROPOSAL_NO_BETTER),
        ("improved", gate(), Reason.PROPOSAL_NO_BETTER),
        ("passed", gate(change=-0.01), Reason.PROPOSAL_HELPS),
        ("passed", gate(Status.WARNED), Reason.PROPOSAL_HELPS),
        ("passed", gate(Status.FAILED, change=0.1), Reason.PROPOSAL_RED),
        ("improved", gate(Status.FAILED, Tier.IMPROVED, change=0.1), Reason.PROPOSAL_RED),
    ],
)
def test_what_helps(keep: Keep, verdict: Result, expected: Reason) -> None:
    assert weigh(keep, verdict) is expected


def test_where_less_is_better_a_smaller_number_helps() -> None:
    def told(change: float) -> Result:
        found = Comparison(metric="loss", better="lower", change=change)
        return Result(name="loss", status=Status.PASSED, reason=Reason.HOLDS, comparison=found)

    assert weigh("improved", told(-0.1)) is Reason.PROPOSAL_HELPS
    assert weigh("improved", told(0.1)) is Reason.PROPOSAL_NO_BETTER


@pytest.mark.parametrize(
    ("kind", "section", "expected"),
    [
        ("retrain", None, "improved"),
        ("retrain", Retrain(keep="passed"), "passed"),
        ("refresh", Retrain(keep="improved"), "passed"),
        ("tune", Retrain(keep="passed"), "improved"),
    ],
)
def test_the_policy_says_what_a_retrained_model_has_to_bring(kind: Kind, section: Retrain | None, expected: Keep) -> None:
    assert wanted(kind, section) == expected


def test_the_section_stands_in_the_policy() -> None:
    assert document.read("version: 1\nretrain: {keep: passed}\n").retrain == Retrain(keep="passed")
    with pytest.raises(document.PolicyProblem, match="keep"):
        document.read("version: 1\nretrain: {keep: all}\n")


def test_drift_ends_no_proposal_of_new_data_and_a_broken_contract_does() -> None:
    def verdict(data: Status, drift: Status) -> Result:
        parts = [Result(name=name, status=each, reason=Reason.HOLDS) for name, each in (("data", data), ("drift", drift))]
        return Result(name="verdict", status=Status.FAILED, reason=Reason.HOLDS, children=parts)

    moved, broken = verdict(Status.PASSED, Status.FAILED), verdict(Status.FAILED, Status.PASSED)
    assert weigh("passed", decisive("refresh", moved)) is Reason.PROPOSAL_HELPS
    assert weigh("passed", decisive("refresh", broken)) is Reason.PROPOSAL_RED
    assert decisive("retrain", moved) is moved
