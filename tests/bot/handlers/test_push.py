"""A branch moves, and with it perhaps the policy by which others are judged."""

import pytest

from bot import dispatching
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.promotion.court import POLICY, Court
from tests.bot.talk import Talk, checked, checks, judged, report

STRICT = "version: 1\nroles: {}\n"


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


def push(chat: Talk, *modified: str, ref: str = "refs/heads/main", **more: object) -> Reason:
    commits = [{"added": [], "modified": list(modified), "removed": []}]
    repository = {"id": 1, "full_name": REPOSITORY}
    return dispatching.handle(chat.around, "push", {"ref": ref, "commits": commits, "repository": repository, **more})


def test_a_new_policy_judges_what_is_open(chat: Talk) -> None:
    checked(chat)
    pull = chat.here.github.repository(REPOSITORY).pulls[chat.here.number]
    chat.happen(pull, "opened")
    assert "Ready to merge" in report(chat)
    chat.here.github.commit(REPOSITORY, {"assay.yml": STRICT})
    assert push(chat, "assay.yml") is Reason.REFRESHED
    assert checks(chat)["assay / governance"].conclusion == "failure"
    assert "under another" in report(chat)


def test_tt_06_a_new_policy_shows_at_once_on_a_request_whose_votes_it_voids(there: Court) -> None:
    number = there.ask()
    there.approve(number, "carol")
    assert "may be promoted" in there.state(number)
    there.policy(POLICY.replace("[{role: ml-lead}]}", "[{role: model-risk}]}"))
    push(there.chat, "assay.yml", ref="refs/heads/other")
    assert "may be promoted" in there.state(number)
    assert push(there.chat, "assay.yml") is Reason.REFRESHED
    assert "waits for" in there.state(number)


@pytest.mark.parametrize("more", [{"forced": True}, {"commits": [{}] * 20}])
def test_what_cannot_be_told_counts_as_a_new_policy(chat: Talk, more: dict[str, object]) -> None:
    assert push(chat, "README.md", **more) is Reason.REFRESHED


@pytest.mark.parametrize("more", [{}, {"ref": "refs/tags/v1"}, {"deleted": True}])
def test_any_other_push_costs_nothing(chat: Talk, more: dict[str, object]) -> None:
    assert push(chat, "README.md", **more) is Reason.NOT_OURS
    assert chat.asked == []
