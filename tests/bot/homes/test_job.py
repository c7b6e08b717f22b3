"""The home without a server: one event of a job."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.gateway.transport import Transport
from bot.homes import job
from policy.problems import UserProblem
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, checked, checks, judged, report


@pytest.fixture
def chat(here: Scene, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.setattr(Transport, "spacing", 0.0, raising=False)
    made = judged(here)
    # In a job writes keep a second apart, which a test need not wait for.
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return made


def environ(chat: Talk, tmp_path: Path, event: str, payload: dict[str, Any], **more: str) -> dict[str, str]:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(payload))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": chat.here.github.url,
        "GITHUB_SERVER_URL": chat.here.github.host,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": chat.here.token,
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(file),
        **more,
    }


def event(chat: Talk, about: Any, action: str) -> dict[str, Any]:
    return chat.here.github.event(REPOSITORY, about, action)[1]


def test_a_comment_is_answered(chat: Talk, tmp_path: Path) -> None:
    payload = event(chat, chat.comment("/train train.lr=0.1"), "created")
    assert job.handle(environ(chat, tmp_path, "issue_comment", payload)).startswith("issue_comment: run-started (")
    assert chat.reactions() == ["eyes", "rocket"] and len(chat.orders) == 1


def test_what_a_dropped_run_left_is_answered_by_the_next(chat: Talk, tmp_path: Path) -> None:
    dropped = chat.comment("/check")
    payload = event(chat, chat.comment("/help"), "created")
    assert "1 more commands answered" in job.handle(environ(chat, tmp_path, "issue_comment", payload))
    assert chat.reactions(dropped) == ["eyes", "rocket"] and len(chat.orders) == 1


def test_what_is_said_elsewhere_is_left_to_the_job_that_has_it_in_hand(chat: Talk, tmp_path: Path) -> None:
    issue = chat.here.github.issue(REPOSITORY)
    elsewhere = chat.comment("/help", number=issue.number)
    payload = event(chat, chat.comment("/help"), "created")
    job.handle(environ(chat, tmp_path, "issue_comment", payload))
    assert chat.reactions(elsewhere) == []


def test_only_the_prefix_is_heard_where_it_is_asked_for(chat: Talk, tmp_path: Path) -> None:
    payload = event(chat, chat.comment("/train"), "created")
    assert "no-command" in job.handle(environ(chat, tmp_path, "issue_comment", payload, ASSAY_PREFIX="true"))
    assert chat.orders == []


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch"])
def test_a_schedule_looks_for_what_was_missed(chat: Talk, tmp_path: Path, name: str) -> None:
    checked(chat)
    assert "1 pull requests seen to" in job.handle(environ(chat, tmp_path, name, {}))
    assert "Ready to merge" in report(chat)


def test_a_new_head_is_held_as_the_one_before(chat: Talk, tmp_path: Path) -> None:
    chat.say("/hold", by="tim")
    pull = chat.here.github.repository(REPOSITORY).pulls[chat.here.number]
    chat.here.head = chat.here.github.commit(REPOSITORY, {"README.md": "newer"}, branch="feature")
    payload = event(chat, pull, "synchronize")
    assert "refreshed" in job.handle(environ(chat, tmp_path, "pull_request", payload))
    assert checks(chat)["assay / governance"].conclusion == "failure"


@pytest.mark.parametrize("raw", ["", "[]", "{"])
def test_an_event_that_cannot_be_read_says_where(chat: Talk, tmp_path: Path, raw: str) -> None:
    given = environ(chat, tmp_path, "issue_comment", {})
    Path(given["GITHUB_EVENT_PATH"]).write_text(raw)
    with pytest.raises(UserProblem):
        job.handle(given)


def test_a_home_is_an_adapter_of_sixty_lines_at_most() -> None:
    homes = Path(job.__file__).parent
    assert all(len(file.read_text("utf-8").splitlines()) <= 60 for file in homes.glob("*.py"))
