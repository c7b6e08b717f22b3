"""The runs that commands start; their events are in tests/bot/handlers/test_workflow_run.py."""

import pytest

from bot import experiments
from bot.gateway.records import WorkflowRun
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, checks, judged


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


def run(chat: Talk, title: str, began: str = "2026-03-01T10:00:00Z", **more: str) -> WorkflowRun:
    known = {"event": "workflow_dispatch", "path": ".github/workflows/assay-run.yml", "head_repository": REPOSITORY, **more}
    url = f"https://github.com/{REPOSITORY}/actions/runs/5"
    return WorkflowRun(
        5, "assay-run", known["event"], chat.here.base, "main", known["head_repository"], None, 1, known["path"], began,
        "in_progress", title, "", url,
    )  # fmt: skip


def title(chat: Talk, key: str = "1-0") -> str:
    return f"assay train #{chat.here.number} {chat.here.head} {key}"


@pytest.mark.parametrize("more", [{"event": "push"}, {"path": ".github/workflows/x.yml"}, {"head_repository": "eve/flights"}])
def test_only_our_workflow_started_here_by_a_command_is_one(chat: Talk, more: dict[str, str]) -> None:
    assert experiments.began(chat.around, run(chat, title(chat), **more)) is Reason.NOT_OURS
    assert chat.asked == []


def test_a_run_that_began_earlier_does_not_show_over_a_later_one(chat: Talk) -> None:
    experiments.began(chat.around, run(chat, title(chat, "2-0"), "2026-03-01T11:00:00Z"))
    experiments.began(chat.around, run(chat, title(chat, "1-0"), "2026-03-01T10:00:00Z"))
    assert "2026-03-01T11:00:00Z" in checks(chat)["assay train"].external_id


def test_without_the_answer_to_write_under_nothing_is_written(chat: Talk) -> None:
    experiments.began(chat.around, run(chat, title(chat)))
    assert chat.answer() == ""
