"""A pull request is opened, moved, retargeted, closed."""

import pytest

from bot.gateway.locking import LockGateway
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, checked, checks, judged, report
from tests.loopback.state import Pull


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


def pull(chat: Talk) -> Pull:
    return chat.here.github.repository(REPOSITORY).pulls[chat.here.number]


def test_a_hold_holds_the_next_head_too(chat: Talk) -> None:
    chat.say("/hold", by="tim")
    chat.here.head = chat.here.github.commit(REPOSITORY, {"README.md": "newer"}, branch="feature")
    assert checks(chat) == {}
    assert chat.happen(pull(chat), "synchronize") is Reason.REFRESHED
    assert checks(chat)["assay / governance"].conclusion == "failure"


def test_without_a_hold_a_new_head_shows_nothing_before_its_check(chat: Talk) -> None:
    assert chat.happen(pull(chat), "opened") is Reason.REFRESHED
    assert checks(chat) == {} and report(chat) == ""


def test_tt_05_a_retargeted_pull_request_is_judged_by_its_new_base(chat: Talk) -> None:
    checked(chat)
    chat.happen(pull(chat), "opened")
    assert "Ready to merge" in report(chat)
    chat.here.github.commit(REPOSITORY, {"assay.yml": "version: 1\n"}, branch="release")
    pull(chat).base_ref = "release"
    chat.happen(pull(chat), "edited", changes={"base": {"ref": {"from": "main"}}})
    assert checks(chat)["assay / data (release)"].conclusion == "failure"


def test_an_edited_title_costs_nothing(chat: Talk) -> None:
    assert chat.happen(pull(chat), "edited", changes={"title": {"from": "x"}}) is Reason.NOT_OURS
    assert chat.asked == []


def test_lk_08_a_closed_pull_request_gives_back_its_locks_once(chat: Talk) -> None:
    chat.say("/lock production")
    chat.say("/lock staging")
    issue = chat.here.github.issue(REPOSITORY)
    chat.say("/lock other", number=issue.number)
    gateway = LockGateway.of(chat.gateway)
    assert gateway.lock("production").holder.owner == f"#{chat.here.number}"
    chat.here.github.repository(REPOSITORY).issues[chat.here.number].state = "closed"
    for _ in range(2):
        assert chat.happen(pull(chat), "closed") is Reason.REFRESHED
    assert gateway.lock("production").holder is None and gateway.lock("staging").holder is None
    assert gateway.lock("production").lock.token == 2
    assert gateway.lock("other").holder.owner == f"#{issue.number}"
