"""A runner may tell numbers. Whom they are about, it may not."""

from typing import Any

import pytest

from bot.admission import Truth, admit, refuse
from policy.document import digest
from policy.facts import Facts
from policy.reasons import Reason
from policy.result import Status
from policy.verdict import decide
from tests.bot.material import HEAD, POLICY, facts, truth

LENIENT = "version: 1\n"


def reasons(given: Facts, known: Truth) -> str:
    """Why facts were refused; empty where they were not."""
    admitted = admit(given, known)
    verdict = decide(admitted.policy, admitted.facts)
    if admitted.refused:
        assert verdict.result.status is Status.FAILED
        assert {leaf.reason for leaf in verdict.result.leaves() if leaf.status is Status.FAILED} == {Reason.FACTS_REFUSED}
        assert all(part.status is Status.FAILED for part in verdict.result.children if part.name != "fairness")
    return admitted.refused


def test_honest_facts_are_admitted_and_judged_by_the_policy_of_the_base() -> None:
    admitted = admit(facts(), truth())
    assert not admitted.refused
    assert decide(admitted.policy, admitted.facts).passed
    assert admitted.facts.revision.base_name == "main"


def test_facts_of_a_laptop_that_name_no_pull_request_are_admitted() -> None:
    assert not reasons(facts(repository=None, pull_request=None), truth())


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ({"pull_request": 8}, "another pull request"),
        ({"repository": "octo/other"}, "another repository"),
        ({"head": "d" * 40}, "the run was of"),
        ({"head": "main"}, "the run was of"),
        ({"base": "d" * 40}, "no commit of main"),
        ({"base": HEAD}, "no commit of main"),
        ({"merge_base": "d" * 40}, "the change began at"),
        ({"merge_base": None}, "the change began at"),
    ],
)
def test_ga_02_facts_that_claim_another_pull_request_commit_or_base_are_refused(claim: dict[str, Any], said: str) -> None:
    assert said in reasons(facts(**claim), truth())


def test_a_base_that_moved_on_is_no_lie() -> None:
    assert not reasons(facts(base="d" * 40), truth(older_base=True))


def test_ga_02_facts_under_a_policy_of_their_own_are_refused() -> None:
    given = facts()
    own = given.model_copy(update={"policy": given.policy.model_copy(update={"digest": digest(LENIENT)})})
    assert "another assay.yml" in reasons(own, truth())


def test_ga_02_a_policy_taken_from_the_head_is_refused_where_the_base_has_one() -> None:
    given = facts()
    own = given.model_copy(update={"policy": given.policy.model_copy(update={"read_from": "head"})})
    assert "which GitHub contradicts" in reasons(own, truth(head_policy=POLICY))


def test_a_first_policy_is_taken_from_the_head_and_warned_of() -> None:
    given = facts()
    own = given.model_copy(update={"policy": given.policy.model_copy(update={"read_from": "head"})})
    admitted = admit(own, truth(policy=None, head_policy=POLICY))
    assert not admitted.refused
    verdict = decide(admitted.policy, admitted.facts)
    assert any(leaf.reason is Reason.POLICY_FROM_HEAD for leaf in verdict.result.leaves())


def test_an_edit_of_the_policy_is_seen_although_the_facts_deny_it() -> None:
    admitted = admit(facts(), truth(files=("assay.yml",)))
    assert admitted.facts.policy.changed_by_head
    verdict = decide(admitted.policy, admitted.facts)
    assert any(leaf.reason is Reason.POLICY_CHANGED for leaf in verdict.result.leaves())


def test_an_edit_of_the_policy_is_seen_among_more_files_than_github_lists() -> None:
    assert admit(facts(), truth(whole=False, head_policy=LENIENT)).facts.policy.changed_by_head
    assert not admit(facts(), truth(whole=False, head_policy=POLICY)).facts.policy.changed_by_head


def test_facts_that_find_nothing_to_check_are_refused_where_something_watched_differs() -> None:
    given = facts().model_copy(update={"nothing_to_check": True})
    assert "nothing to check" in reasons(given, truth())
    assert "nothing to check" in reasons(given, truth(files=("README.md",), whole=False, head_policy=POLICY))
    assert not reasons(given, truth(files=("README.md",)))


def test_ga_02_a_part_left_out_is_red() -> None:
    admitted = admit(facts().model_copy(update={"evaluation": None, "data": []}), truth())
    assert not admitted.refused
    assert not decide(admitted.policy, admitted.facts).passed


def test_a_policy_of_the_base_that_cannot_be_read_is_red_and_says_so() -> None:
    for text in ("version: 2\n", ": :", None):
        admitted = admit(facts(), truth(policy=text))
        assert "assay.yml" in admitted.refused
        assert not decide(admitted.policy, admitted.facts).passed


def test_no_facts_at_all_are_red_in_every_part() -> None:
    admitted = refuse(truth(), "the run left none behind", "see its log")
    assert not decide(admitted.policy, admitted.facts).passed


def test_a_hostile_name_in_a_claim_stays_text() -> None:
    admitted = admit(facts(head="<img src=x>--> @org/team " + "x" * 400), truth())
    assert "<img src=x>"[:12] in admitted.refused
    assert admitted.facts.revision.head == HEAD
