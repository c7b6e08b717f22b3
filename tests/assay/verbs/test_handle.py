"""`assay handle` in a job, from its environment to its output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import talk

__all__ = ["here"]
ROOT = Path(__file__).parents[3]


def run(**env: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "ASSAY_"))}
    command = [sys.executable, str(ROOT / "assay/__main__.py"), "handle"]
    return subprocess.run(command, env={**kept, **env}, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def job(here: Scene, tmp_path: Path) -> dict[str, str]:
    chat = talk(here)
    event, payload = here.github.event(REPOSITORY, chat.comment("/help"), "created")
    (tmp_path / "event.json").write_text(json.dumps(payload))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": here.github.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": here.token,
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }


def test_what_came_of_it_is_said_and_put_out(here: Scene, job: dict[str, str]) -> None:
    done = run(**job)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("issue_comment: told (")
    assert "issue_comment: told" in Path(job["GITHUB_OUTPUT"]).read_text()
    assert any("### Assay" in each.body for each in here.github.comments(REPOSITORY, here.number))


def test_without_a_token_the_line_says_what_to_give(job: dict[str, str]) -> None:
    done = run(**{**job, "GITHUB_TOKEN": ""})
    assert done.returncode == 2 and "there is no token" in done.stderr


def test_outside_of_a_job_the_line_says_so() -> None:
    done = run(GITHUB_TOKEN="t")
    assert done.returncode == 2 and "Run it in a job of Actions" in done.stderr
