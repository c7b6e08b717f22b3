"""The ledger grows with a promotion, before its steps count as done, and `assay audit verify` derives what it holds again."""

import json
from pathlib import Path

import pytest

from bot.promotion import weighing
from bot.promotion.authorizing import NotAuthorized, authorize
from policy import digests, grounds, ledger
from policy.ledger import BRANCH, Decision, Kept
from tests.assay.conftest import Assay
from tests.assay.conftest import assay as assay
from tests.bot.gateway.scene import REPOSITORY
from tests.bot.gateway.test_entering import chain, tamper, verified
from tests.bot.promotion.court import POLICY, Court
from tests.bot.promotion.test_authorizing import ready
from tests.bot.promotion.test_recording import came, emergency, leave, moved, recorded
from tests.bot.promotion.test_rolling import back, done, ran


def entered(there: Court) -> list[Kept]:
    return chain(there.chat.here)


def decisions(there: Court) -> list[Decision]:
    return [each.entry.decision for each in entered(there)]


def of(there: Court, decision: Decision) -> Kept:
    (found,) = [each for each in entered(there) if each.entry.decision is decision]
    return found


def test_au_01_a_leave_and_a_promotion_are_entered_and_come_out_again(there: Court, assay: Assay, tmp_path: Path) -> None:
    given = leave(there)
    approved = of(there, Decision.APPROVED)
    assert approved.personal and approved.personal.login == "carol"
    assert (approved.entry.subject.version, approved.entry.subject.environment) == ("3", "staging")
    assert approved.entry.digests.decision_code == given.digest[: digests.CODE_LENGTH]
    assert approved.entry.digests.policy == given.subject.policy and approved.entry.digests.facts == given.subject.facts
    (comment,) = approved.entry.comments
    assert comment.id == there.comment(given.subject.request, "carol").id
    moved(there, given)
    recorded(there, given, came(given))
    recorded(there, given, came(given))
    promoted = of(there, Decision.PROMOTED)
    assert promoted.entry.inputs["approved"] == given.digest and promoted.entry.sequence > approved.entry.sequence
    chained = json.dumps([each.entry.model_dump(mode="json") for each in entered(there)])
    assert not [each for each in ("carol", "mona") if each in chained]
    files = [ledger.write(each) for each in entered(there)]
    assert ledger.check(files, grounds.table()).fault is None
    verified(there.chat.here, assay, tmp_path)


def test_an_emergency_is_entered_as_one(there: Court) -> None:
    emergency(there)
    found = of(there, Decision.APPROVED)
    assert found.entry.reason == "glass-passes" and found.personal
    assert found.personal.login == "alice" and "answers nothing" in found.personal.because
    assert ledger.check([ledger.write(each) for each in entered(there)], grounds.table()).fault is None


def test_giving_the_same_leave_again_enters_nothing_more(there: Court) -> None:
    number = ready(there)
    authorize(there.chat.around, number, 1)
    before = entered(there)
    authorize(there.chat.around, number, 1)
    assert entered(there) == before


@pytest.mark.parametrize("how", ["ruled", "tampered"])
def test_where_the_ledger_cannot_be_written_there_is_no_leave_and_the_lock_is_free(there: Court, how: str) -> None:
    number = ready(there)
    if how == "ruled":
        there.chat.here.github.fail("status", method="PUT", path="/contents/entries", times=None, status=422)
    else:
        tamper(there.chat.here, {ledger.path(1): None, "x": "1"})
    with pytest.raises(NotAuthorized, match="ledger cannot be written"):
        authorize(there.chat.around, number, 1)
    assert there.gateway.lock("staging").holder is None
    there.chat.here.github.faults.clear()


def test_what_is_asked_for_objected_to_and_over_is_entered_once(there: Court) -> None:
    number = there.ask()
    assert decisions(there) == [Decision.REQUESTED]
    there.chat.say('/reject because "the night flights got worse"', "dan", number)
    weighing.weigh(there.chat.around, number)
    assert decisions(there) == [Decision.REQUESTED, Decision.REJECTED]
    found = of(there, Decision.REJECTED)
    assert found.personal and found.personal.because == "the night flights got worse" and len(found.entry.comments) == 1


def test_what_was_taken_back_is_entered_once_whether_or_not_it_was_entered_before(there: Court) -> None:
    number = there.ask("/promote flight-delay to production")
    there.approve(number, "carol")
    approved = there.comment(number, "carol").id
    there.chat.say("/revoke", "dan", number)
    assert decisions(there) == [Decision.REQUESTED], "dan had said nothing"
    there.chat.say("/revoke", "carol", number)
    revoked = of(there, Decision.REVOKED)
    assert revoked.personal and revoked.personal.login == "carol" and revoked.entry.inputs == {"taken_back": [approved]}
    assert [each.id for each in revoked.entry.comments] == [there.comment(number, "carol").id]
    there.policy(f"{POLICY}# another form of the request\n")
    weighing.weigh(there.chat.around, number)
    assert decisions(there) == [Decision.REQUESTED, Decision.REVOKED]
    there.chat.say('/reject because "the night flights got worse"', "dan", number)
    there.chat.say("/revoke", "dan", number)
    assert decisions(there)[2:] == [Decision.REJECTED, Decision.REVOKED]


def test_a_rollback_is_entered_with_its_reason_and_as_what_it_is(there: Court) -> None:
    ran(there, 1, 2)
    given = authorize(there.chat.around, back(there), 1)
    done(there, given)
    assert decisions(there) == [Decision.REQUESTED, Decision.ROLLED_BACK]
    begun = of(there, Decision.REQUESTED)
    assert begun.personal and begun.personal.login == "alice" and "production answers nothing" in begun.personal.because


def test_a_newer_request_enters_that_the_older_is_over(there: Court) -> None:
    number = there.ask("/promote flight-delay@2 to staging")
    there.ask("/promote flight-delay@3 to staging")
    found = of(there, Decision.SUPERSEDED)
    assert found.entry.subject.number == number and found.entry.inputs["by"] != number


def test_where_the_ledger_cannot_be_written_a_request_goes_on_says_so_and_is_entered_later(there: Court) -> None:
    number = there.ask()
    tamper(there.chat.here, {ledger.path(1): "{"})
    there.chat.say('/reject because "the night flights got worse"', "dan", number)
    assert "ledger" in there.card(number) and "rejected" in there.state(number)
    git = there.chat.here.github.repository(REPOSITORY).git
    before = git.log(BRANCH)[1]
    git.set_ref(f"refs/heads/{BRANCH}", before)
    weighing.weigh(there.chat.around, number)
    assert decisions(there) == [Decision.REQUESTED, Decision.REJECTED]
    assert "ledger" not in there.card(number).replace("assay:entered", "")


def test_weighing_what_is_entered_asks_the_ledger_nothing(there: Court) -> None:
    number = there.ask()
    there.chat.here.github.forget_requests()
    there.approve(number, "carol")
    weighing.weigh(there.chat.around, number)
    assert not [each for each in there.chat.asked if BRANCH in each or "/entries/" in each]
