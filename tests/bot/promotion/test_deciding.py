"""Deciding reads and writes nothing; what holds of the decision itself is in test_weighing."""

import pytest

from bot.promotion.deciding import NoRequest, decided, requested
from policy import digests
from tests.bot.promotion.court import Court


def test_deciding_writes_nothing_and_says_what_was_read(there: Court) -> None:
    there.shelf.aliases["staging"] = 1
    number = there.ask()
    there.chat.comment(f"/approve {there.code(number)}", "carol", number)
    there.chat.here.github.forget_requests()
    found = decided(there.chat.around, number)
    assert found and found.decision.approved and found.digest.startswith(there.code(number))
    assert (found.bind, found.lineage.at("staging"), found.promoted) == ("commit", 1, None)
    assert all(each.startswith("GET") for each in there.chat.asked)


def test_a_deployment_of_exactly_this_says_that_it_was_promoted(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    before = decided(there.chat.around, number)
    assert before is not None and before.digest == digests.digest(before.decision.subject, before.bind)
    payload = {"model": "flight-delay", "version": 3, "issue": number, "digest": before.digest}
    made = there.gateway.create_deployment(there.chat.here.base, "staging", "", payload)
    after = decided(there.chat.around, number)
    assert after and after.promoted and after.promoted.id == made.id


def test_a_closed_request_is_not_decided_but_still_says_what_it_asked_for(there: Court) -> None:
    number = there.ask()
    there.gateway.close_issue(number, "completed")
    assert decided(there.chat.around, number) is None
    issue, asked = requested(there.gateway, number)
    assert issue.state == "closed" and asked.version == 3
    with pytest.raises(NoRequest):
        requested(there.gateway, there.chat.here.number)
