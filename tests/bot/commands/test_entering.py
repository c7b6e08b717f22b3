"""What a command decides is in the ledger once, with its comment; and where it cannot be, the command works and says so."""

import hashlib
import json
from datetime import timedelta

import pytest

from bot.commands.entering import entry
from bot.effects import Enter
from bot.gateway.records import CheckRun
from policy import document, grounds, ledger
from policy.ledger import BRANCH, Decision, Kept
from policy.reasons import Reason
from tests.bot.commands.asking import request
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.gateway.test_entering import chain, files
from tests.bot.promotion.court import POLICY
from tests.bot.talk import Talk, talk


@pytest.fixture
def chat(here: Scene, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A repository in which something can be promoted; the reports, which have their own tests, are left out."""
    monkeypatch.setattr("bot.judging.judge", lambda *_: None)
    return talk(here, POLICY)


def last(chat: Talk) -> Kept:
    return chain(chat.here)[-1]


def decisions(chat: Talk) -> list[Decision]:
    return [each.entry.decision for each in chain(chat.here)]


def begun(chat: Talk) -> bool:
    return chat.here.github.repository(REPOSITORY).git.sha(BRANCH) is not None


def test_au_01_a_hold_and_its_end_are_entered_with_head_comment_and_policy(chat: Talk) -> None:
    chat.say('/hold because "the labels are being redone"', "tim")
    held = last(chat)
    assert held.personal and (held.personal.login, held.personal.because) == ("tim", "the labels are being redone")
    assert held.entry.subject.number == chat.here.number and held.entry.digests.code == chat.here.head
    assert held.entry.digests.policy == document.digest(POLICY)
    (comment,) = held.entry.comments
    assert comment.id == chat.comments[-1].id
    assert comment.digest == hashlib.sha256(chat.comments[-1].body.encode()).hexdigest()
    chat.say("/unhold", "tim")
    assert decisions(chat) == [Decision.HELD, Decision.RELEASED]
    assert '"tim"' not in json.dumps([each.entry.model_dump(mode="json") for each in chain(chat.here)])


def test_the_same_comment_again_enters_nothing_more(chat: Talk) -> None:
    for said in ("/hold", "/unhold", "/lock production\n/lock staging", "/unlock production"):
        chat.say(said)
        before = chain(chat.here)
        chat.handle(chat.comments[-1])
        assert chain(chat.here) == before, said
    assert decisions(chat)[2:] == [Decision.LOCKED, Decision.LOCKED, Decision.UNLOCKED]


def test_a_waiver_is_entered_with_its_check_and_its_day(chat: Talk) -> None:
    chat.gateway.create_check_run(
        CheckRun("assay / evaluation", chat.here.head, "x", "completed", "failure", "red", "red", "### `roc_auc`\n\nx")
    )
    until = (chat.around.today + timedelta(days=9)).isoformat()
    assert chat.say(f'/waive roc_auc --until {until} --because "no history yet of it"', "alice") is Reason.WAIVER_GIVEN
    waived = last(chat)
    assert waived.entry.subject.gate == "roc_auc" and waived.entry.inputs["until"] == until
    assert waived.personal and waived.personal.because == "no history yet of it"
    assert ledger.check(files(chat.here), grounds.table()).fault is None


def test_lk_03_a_lock_is_entered_with_its_environment_token_and_who_holds_it(chat: Talk) -> None:
    chat.say('/lock production because "the store is being moved"')
    locked = last(chat)
    assert (locked.entry.subject.environment, locked.entry.inputs["token"]) == ("production", 1)
    assert locked.personal and (locked.personal.login, locked.personal.because) == ("mona", "the store is being moved")
    assert chat.say("/lock production", "alice") is Reason.LOCK_TAKEN
    assert decisions(chat) == [Decision.LOCKED], "it changed no hands"
    chat.say('/unlock production because "mona is on holiday now"', "alice")
    assert last(chat).entry.decision is Decision.UNLOCKED and last(chat).entry.inputs["token"] == 2
    chat.say("/unlock production")
    assert len(chain(chat.here)) == 2, "it was free"


@pytest.mark.parametrize(("said", "decision"), [("/lock production", Decision.LOCKED), ("/unlock production", Decision.UNLOCKED)])
def test_after_a_crash_between_lock_and_entry_the_same_again_enters_it(chat: Talk, said: str, decision: Decision) -> None:
    if decision is Decision.UNLOCKED:
        chat.say("/lock production")
    chat.here.github.fail("status", "PUT", "/contents/entries", status=500, times=None)
    comment = chat.comment(said)
    with pytest.raises(Exception, match="500"):
        chat.handle(comment)
    chat.here.github.faults.clear()
    chat.handle(comment)
    assert last(chat).entry.decision is decision and [each.id for each in last(chat).entry.comments] == [comment.id]


@pytest.mark.parametrize("said", ["/hold", "/lock production"])
def test_where_the_ledger_cannot_be_written_the_command_works_and_says_so(chat: Talk, said: str) -> None:
    chat.say("/lock staging")
    chat.here.github.fail("status", "PUT", "/contents/entries", status=422, times=None)
    assert chat.say(said) in (Reason.HOLD_BEGAN, Reason.HOLD_ENDED, Reason.LOCK_TAKEN)
    assert "the ledger could not be written" in chat.answer() and f"🟢 `{said}`" in chat.answer()
    assert chat.reactions() == ["eyes", "rocket"]
    chat.here.github.faults.clear()


def test_a_token_that_may_not_write_contents_is_one_that_enters_nothing(chat: Talk) -> None:
    chat.here.github.fail("permission", "POST|PUT", "/git|/contents", times=None, accepted="contents=write")
    assert chat.say("/hold", "tim") is Reason.HOLD_BEGAN
    assert "could not be written" in chat.answer()
    chat.here.github.faults.clear()
    assert not begun(chat)


def test_where_nothing_can_be_promoted_no_branch_is_begun(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.judging.judge", lambda *_: None)
    chat = talk(here, "version: 1\n")
    for said in ("/hold", "/unhold", "/lock production", "/unlock production"):
        assert chat.say(said, "alice") is not Reason.NOT_WRITTEN
    assert not begun(chat)


def test_what_is_refused_is_not_entered(chat: Talk) -> None:
    chat.say("/hold", "eve")
    chat.say("/unlock production")
    assert not begun(chat)


def test_the_ledger_has_three_requests_of_its_own_beside_the_eight_of_a_command(chat: Talk) -> None:
    chat.say("/lock production")
    chat.say("/unlock production")
    for said in ("/hold", "/unhold", "/lock production", "/unlock production"):
        chat.here.github.forget_requests()
        chat.say(said)
        entered = [each for each in chat.asked if each.endswith("/commits") or "/contents/entries" in each]
        assert len(entered) <= 3 and len(chat.asked) - len(entered) <= 8, (said, chat.asked)


def test_a_click_is_entered_without_a_comment() -> None:
    asked = request(policy=document.read(POLICY))
    (made,) = entry(asked, Decision.HELD, Reason.HOLD_BEGAN)
    assert isinstance(made, Enter) and made.draft.comments == () and made.draft.key == "held-4711-0"
