"""What was promoted before is what we deployed, and nothing that others say they did."""

from dataclasses import replace

from bot.gateway.records import Identity
from bot.gateway.requesting import Deployment
from bot.promotion.past import deployed, of_request, promotions

ME = Identity("assay[bot]", 5, 1)
FIRST = Deployment(
    1, "a" * 40, "staging", "", {"model": "m", "version": 3, "approvers": [7, 8]}, 5, "assay[bot]", "2026-01-01T00:00:00Z"
)
SECOND = replace(FIRST, id=2, payload={"model": "m", "version": 4, "glass": True}, created_at="2026-01-02T00:00:00Z")


def test_ours_are_told_the_oldest_first_with_who_approved_them() -> None:
    one, two = promotions([SECOND, FIRST], "m", ME)
    assert (one.environment, one.version, one.approvers, one.glass) == ("staging", "3", frozenset({7, 8}), False)
    assert (two.version, two.approvers, two.glass, two.reviewed) == ("4", frozenset(), True, False)


def test_of_two_in_one_second_the_first_comes_first_and_a_rollback_is_told() -> None:
    later = replace(FIRST, id=3, payload={"model": "m", "version": 2, "glass": True, "rollback": True})
    assert [(each.version, each.rollback) for each in promotions([later, FIRST], "m", ME)] == [("3", False), ("2", True)]


def test_what_others_deployed_or_of_another_model_says_nothing() -> None:
    stranger = replace(FIRST, author_id=6, author_login="assay[bot]")
    assert promotions([stranger, replace(FIRST, payload={"model": "n", "version": 3}), replace(FIRST, payload={})], "m", ME) == []


def test_where_our_id_is_not_known_the_login_tells() -> None:
    assert len(promotions([FIRST, replace(FIRST, author_login="mona")], "m", Identity("assay[bot]"))) == 1


def test_approvers_that_are_no_ids_are_nobody() -> None:
    (found,) = promotions([replace(FIRST, payload={"model": "m", "version": 3, "approvers": ["7", True, 8]})], "m", ME)
    assert found.approvers == frozenset({8})


def test_what_came_of_a_request_is_told_by_its_number_and_its_whole_digest() -> None:
    made = replace(FIRST, payload={"model": "m", "version": 3, "issue": 12, "digest": "d"})
    assert of_request([SECOND, replace(made, id=9), made], "m", ME, 12, "d") == made
    assert of_request([made], "m", ME, 13, "d") is of_request([made], "m", ME, 12, "e") is None
    assert of_request([replace(made, author_id=6)], "m", ME, 12, "d") is None


def test_for_the_ledger_they_are_told_whoever_made_them() -> None:
    whole = replace(FIRST, author_login=None, payload={"model": "m", "version": 3, "issue": 7, "digest": "d"})
    one, two = deployed([whole, replace(SECOND, payload={"model": "m", "version": 4, "issue": "7"}), replace(FIRST, payload={})])
    assert (one.id, one.by, one.version, one.request, one.approved) == (1, "an account that is gone", "3", 7, "d")
    assert (two.by, two.request, two.approved, two.environment) == ("assay[bot]", None, "", "staging")
