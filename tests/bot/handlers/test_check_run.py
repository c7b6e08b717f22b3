"""Somebody asks for a check again, or presses one of its buttons."""

from typing import Any

import pytest

from bot import dispatching, judging
from bot.checks import RERUN
from policy.reasons import Reason
from tests.bot.gateway.scene import Scene
from tests.bot.talk import Talk, checked, checks, judged


@pytest.fixture
def chat(here: Scene) -> Talk:
    made = judged(here)
    checked(made, accuracy=0.7)
    judging.judge(made.around, here.number)
    here.github.forget_requests()
    return made


def click(chat: Talk, action: str = "requested_action", button: str = "", by: str = "mona", name: str | None = None) -> Reason:
    check = checks(chat)["assay / evaluation"]
    sender = chat.here.github.user(by)
    told: dict[str, Any] = {
        "id": check.id,
        "external_id": check.external_id if name is None else name,
        "name": check.name,
    }
    payload = {"action": action, "check_run": told, "sender": {"id": sender.id, "login": by, "type": "User"}}
    if button:
        payload["requested_action"] = {"identifier": button}
    return dispatching.handle(chat.around, "check_run", payload)


def test_a_check_that_is_asked_for_again_is_started(chat: Talk) -> None:
    assert click(chat, "rerequested") is Reason.RUN_STARTED
    assert click(chat, button=RERUN.identifier) is Reason.RUN_STARTED
    assert [order["command"] for order in chat.orders] == ["check", "check"]


def test_a_click_takes_the_same_right_as_the_word(chat: Talk) -> None:
    assert click(chat, button="rerun", by="tim") is Reason.NOT_ALLOWED
    assert chat.orders == []
    assert "write permission or more" in chat.answer()


def test_an_explanation_is_given_in_the_comment(chat: Talk) -> None:
    assert click(chat, button="explain", by="eve") is Reason.TOLD
    assert "was 0.9 · is 0.7" in chat.answer()


def test_how_to_waive_is_said(chat: Talk) -> None:
    assert click(chat, button="waive") is Reason.TOLD
    assert "/waive" in chat.answer() and "--until" in chat.answer()


@pytest.mark.parametrize(
    ("action", "button", "name"),
    [("created", "", None), ("completed", "", None), ("requested_action", "steal", None), ("rerequested", "", "x")],
)
def test_what_is_none_of_ours_costs_nothing(chat: Talk, action: str, button: str, name: str | None) -> None:
    assert click(chat, action, button, name=name) is Reason.NOT_OURS
    assert chat.asked == []
