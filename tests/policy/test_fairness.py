"""Gaps between groups against their limits."""

import pytest
from pydantic import ValidationError

from policy.facts.evaluation import EvaluationFacts, FairnessFact, GroupFact
from policy.fairness import Fairness, decide
from policy.reasons import Reason
from policy.result import Result, Status

SECTION = Fairness(by="origin", demographic_parity=0.2, equalised_odds=0.1)


def judged(section: Fairness = SECTION, **fact: object) -> Result:
    found = FairnessFact.model_validate({"column": "origin", "threshold": 0.5, **fact})
    result = decide(section, EvaluationFacts(fairness=[found]))
    for each in (result, *result.children):
        assert each.why
        assert each.advice is not None
    return result


def test_not_asked_for_is_skipped_and_not_found_is_red() -> None:
    assert decide(None, None).status is Status.SKIPPED
    assert decide(SECTION, None).status is Status.FAILED
    assert decide(SECTION, EvaluationFacts()).status is Status.FAILED


def test_a_gap_exactly_at_its_limit_passes() -> None:
    result = judged(demographic_parity=0.2, equalised_odds=0.3 - 0.2, equalised_odds_base=0.05)
    assert result.status is Status.PASSED
    assert [child.name for child in result.children] == ["demographic parity by origin", "equalised odds by origin"]


def test_a_gap_beyond_its_limit_is_red_and_says_what_it_was_before() -> None:
    result = judged(demographic_parity=0.2, equalised_odds=0.11, equalised_odds_base=0.05)
    assert result.status is Status.FAILED
    assert "0.11, more than the 0.1 you allow (base: 0.05)" in result.why


@pytest.mark.parametrize("gap", [None, -0.1, 1.5])
def test_a_gap_that_is_none_is_red(gap: float | None) -> None:
    assert judged(demographic_parity=0.0, equalised_odds=gap).reason is Reason.FAIRNESS_UNDEFINED


def test_only_what_is_asked_for_is_judged() -> None:
    result = judged(Fairness(by="origin", demographic_parity=0.2), demographic_parity=0.1, equalised_odds=0.9)
    assert result.status is Status.PASSED


def test_small_groups_are_named() -> None:
    groups = [GroupFact(value=name, rows=rows) for name, rows in (("JFK", 500), ("LGA", 300), ("XX", 3))]
    result = judged(demographic_parity=0.1, equalised_odds=0.1, groups=groups, groups_total=5)
    note = result.children[-1]
    assert (note.status, note.reason) == (Status.SKIPPED, Reason.SMALL_GROUPS)
    assert "XX (3), 2 more" in note.why


@pytest.mark.parametrize("problem", list(Reason))
def test_any_problem_is_red(problem: Reason) -> None:
    assert judged(problem=problem, demographic_parity=0.0, equalised_odds=0.0).status is Status.FAILED


def test_a_section_that_asks_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="asks nothing"):
        Fairness(by="origin")
