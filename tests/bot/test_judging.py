"""A pull request judged again: by what its newest check found, and by what people decided since."""

from datetime import date, timedelta

import pytest

from bot import judging
from bot.around import Around
from bot.gateway.records import CheckRun
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import POLICY
from tests.bot.talk import Talk, checked, checks, judged, report

SOON = (date.today() + timedelta(days=5)).isoformat()


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


def judge(chat: Talk) -> None:
    judging.judge(chat.around, chat.here.number)


def test_what_the_newest_check_found_is_published(chat: Talk) -> None:
    checked(chat)
    judge(chat)
    assert "Ready to merge" in report(chat)
    assert checks(chat)["assay / governance"].conclusion == "success"


def test_a_check_that_has_not_ended_or_was_cancelled_is_no_verdict(chat: Talk) -> None:
    checked(chat, conclusion="cancelled")
    judge(chat)
    assert checks(chat) == {} and chat.here.github.comments(REPOSITORY, chat.here.number) == []


def test_a_hold_turns_governance_red_and_its_end_green_again(chat: Talk) -> None:
    checked(chat)
    judge(chat)
    assert chat.say('/hold because "the labels are being redone"', by="tim") is Reason.HOLD_BEGAN
    assert checks(chat)["assay / governance"].conclusion == "failure"
    assert "Not ready to merge" in report(chat) and "tim" in report(chat) and "the labels are being redone" in report(chat)
    assert chat.say("/unhold") is Reason.HOLD_ENDED
    assert checks(chat)["assay / governance"].conclusion == "success"
    assert "Ready to merge" in report(chat)


def test_a_hold_holds_before_any_check_has_ended(chat: Talk) -> None:
    chat.say("/hold", by="tim")
    assert {name: each.conclusion for name, each in checks(chat).items()} == {"assay / governance": "failure"}
    chat.say("/unhold")
    assert {name: each.conclusion for name, each in checks(chat).items()} == {"assay / governance": "skipped"}
    checked(chat)
    judge(chat)
    assert checks(chat)["assay / governance"].conclusion == "success"


def test_a_waiver_makes_a_warning_of_what_fails(chat: Talk) -> None:
    checked(chat, accuracy=0.7)
    judge(chat)
    assert checks(chat)["assay / evaluation"].conclusion == "failure"
    said = f'/waive accuracy --until {SOON} --because "the next data mends it"'
    assert chat.say(said, by="alice") is Reason.WAIVER_GIVEN
    assert checks(chat)["assay / evaluation"].conclusion == "neutral"
    assert "Can be merged" in report(chat) and "waived by `alice`" in report(chat) and SOON in report(chat)


def test_a_waiver_that_ran_out_is_red_again(chat: Talk) -> None:
    checked(chat, accuracy=0.7)
    judge(chat)
    chat.say(f'/waive accuracy --until {SOON} --because "the next data mends it"', by="alice")
    later = chat.around.clock() + timedelta(days=6)
    judging.judge(Around(chat.gateway, chat.around.repository, clock=lambda: later), chat.here.number)
    assert checks(chat)["assay / evaluation"].conclusion == "failure"


def test_an_explanation_can_be_asked_for(chat: Talk) -> None:
    checked(chat, accuracy=0.7)
    judge(chat)
    assert chat.say("/explain accuracy", by="eve") is Reason.TOLD
    assert "was 0.9 · is 0.7" in chat.answer()
    assert "there is no check called" in chat.answer() or chat.say("/explain auc") is Reason.NO_SUCH_CHECK


def test_the_same_state_judged_again_writes_nothing(chat: Talk) -> None:
    checked(chat)
    judge(chat)
    chat.here.github.forget_requests()
    judge(chat)
    assert not [each for each in chat.asked if not each.startswith("GET")]


def test_a_closed_pull_request_is_not_judged(chat: Talk) -> None:
    checked(chat)
    chat.here.github.repository(REPOSITORY).issues[chat.here.number].state = "closed"
    judge(chat)
    assert checks(chat) == {}


def test_az_18_a_check_of_another_app_with_our_name_is_left_alone(chat: Talk) -> None:
    chat.say("/hold", by="tim")
    mine = checks(chat)["assay / governance"]
    mine.app_id = 999_999
    chat.say("/unhold")
    assert mine.conclusion == "failure"


def test_buttons_are_offered_where_clicks_are_heard(chat: Talk) -> None:
    checked(chat, accuracy=0.7)
    sent: list[CheckRun] = []
    around = Around(chat.gateway, chat.around.repository, buttons=True)
    original = chat.gateway.create_check_run
    chat.gateway.create_check_run = lambda run: sent.append(run) or original(run)  # type: ignore[method-assign]
    judging.judge(around, chat.here.number)
    by_name = {each.name: [button.identifier for button in each.buttons] for each in sent}
    assert by_name["assay / evaluation"] == ["rerun", "explain", "waive"]
    assert by_name["assay / data"] == ["rerun"]
    for each in sent:
        for button in each.buttons:
            assert len(button.label) <= 20 and len(button.description) <= 40 and len(button.identifier) <= 20


def test_az_14_a_hold_that_comes_while_the_report_is_written_holds(chat: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(chat)
    original, held = chat.gateway.create_check_run, []

    def create(run: CheckRun) -> int:
        if not held:
            held.append(chat.comment("/hold", by="tim"))
        return original(run)

    monkeypatch.setattr(chat.gateway, "create_check_run", create)
    monkeypatch.setattr(type(chat.gateway), "of", classmethod(lambda cls, gateway: gateway))
    judge(chat)
    assert checks(chat)["assay / governance"].conclusion == "failure"
    assert "Not ready to merge" in report(chat)


def test_a_label_says_how_it_stands_where_the_policy_wants_one(here: Scene) -> None:
    chat = judged(here, POLICY + "report: {labels: true}\n")
    judge(chat)
    assert chat.gateway.pull_request(here.number).labels == ("assay: waiting",)
    checked(chat, accuracy=0.7)
    judge(chat)
    assert chat.gateway.pull_request(here.number).labels == ("assay: failed",)
