"""From an event to its handler."""

from pathlib import Path

import pytest

from bot import dispatching
from bot.handlers import HANDLERS, NEEDED
from policy.problems import UserProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import talk


def test_every_event_says_what_it_needs() -> None:
    assert set(HANDLERS) == set(NEEDED)


@pytest.mark.parametrize("event", ["ping", "installation", "star", "deployment"])
def test_an_event_without_a_handler_asks_for_nothing(here: Scene, event: str) -> None:
    chat = talk(here)
    assert dispatching.handle(chat.around, event, {}) is Reason.NOT_OURS
    assert chat.asked == []


@pytest.mark.parametrize("event", [*HANDLERS])
@pytest.mark.parametrize("payload", [{}, {"action": "created"}, {"comment": None, "issue": 3, "check_run": []}])
def test_wh_17_a_payload_of_another_shape_is_refused(here: Scene, event: str, payload: dict[str, object]) -> None:
    with pytest.raises(UserProblem, match=f"the payload of {event} lacks"):
        dispatching.handle(talk(here).around, event, payload)


def test_the_repository_comes_out_of_the_payload(here: Scene) -> None:
    told = {"repository": {"id": 5, "default_branch": "trunk", "private": True, "full_name": "other/name"}}
    found = dispatching.around(here.gateway, told).repository
    assert (found.id, found.full_name, found.default_branch, found.private) == (5, REPOSITORY, "trunk", True)
    assert here.github.requests == []


def test_where_it_does_not_it_is_asked_for(here: Scene) -> None:
    found = dispatching.around(here.gateway, {}).repository
    assert found.full_name == REPOSITORY and found.id == here.github.repository(REPOSITORY).id


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("pull_request", {"action": "opened", "number": 1, "pull_request": {"number": 1, "body": "/train"}}),
        ("issues", {"action": "opened", "issue": {"number": 1, "body": "/train"}}),
        ("pull_request_review", {"action": "submitted", "review": {"body": "/train", "user": {"id": 1, "login": "mona"}}}),
        ("pull_request_review_comment", {"action": "created", "comment": {"body": "/train"}}),
        ("commit_comment", {"action": "created", "comment": {"body": "/train"}}),
        ("push", {"ref": "refs/heads/main", "commits": [{"message": "/train"}], "repository": {"id": 1}}),
    ],
)
def test_cp_20_only_a_comment_in_the_conversation_holds_commands(here: Scene, event: str, payload: dict[str, object]) -> None:
    chat = talk(here)
    dispatching.handle(chat.around, event, payload)
    assert chat.orders == [] and here.github.repository(REPOSITORY).reactions == {}
    assert not [each for each in chat.asked if not each.startswith("GET")]
    text = (Path(__file__).parents[2] / "docs/commands.md").read_text("utf-8")
    assert "descriptions, reviews, review comments, commit messages and the bodies of issues hold no commands" in " ".join(
        text.split()
    )
