"""Which commit is reported on."""

import json
from pathlib import Path

import pytest

from bot.cml.running import about, branch
from policy.problems import UserProblem

HEAD, BASE = "a" * 40, "b" * 40


def environ(path: Path, name: str, payload: object) -> dict[str, str]:
    path.write_text(json.dumps(payload))
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path), "GITHUB_SHA": BASE}


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_pull_request_is_about_its_head_and_never_its_base(tmp_path: Path, name: str) -> None:
    found = about(environ(tmp_path / "event", name, {"pull_request": {"number": 3, "head": {"sha": HEAD}}}))
    assert (found.sha, found.number) == (HEAD, 3)


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_pull_request_whose_event_cannot_be_read_is_not_guessed(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserProblem):
        about(environ(tmp_path / "event", name, {}))


def test_a_comment_on_a_pull_request_is_about_it(tmp_path: Path) -> None:
    found = about(environ(tmp_path / "event", "issue_comment", {"issue": {"number": 3, "pull_request": {"url": "u"}}}))
    assert found.number == 3


def test_a_schedule_is_about_the_commit_it_runs_on(tmp_path: Path) -> None:
    assert about(environ(tmp_path / "event", "schedule", {"schedule": "0 4 * * *"})).sha == BASE
    assert about({"GITHUB_SHA": HEAD}).sha == HEAD
    assert about({}).sha == ""


def test_the_branch_is_the_head_of_a_pull_request_or_what_was_pushed() -> None:
    assert branch({"GITHUB_HEAD_REF": "change", "GITHUB_REF": "refs/pull/1/merge"}) == "change"
    assert branch({"GITHUB_REF": "refs/heads/a/b"}) == "a/b"
    assert branch({"GITHUB_REF": "refs/tags/v1"}) is None
    assert branch({}) is None
