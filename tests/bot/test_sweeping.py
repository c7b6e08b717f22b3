"""What was missed is found by looking at what is there."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot import judging, sweeping
from bot.around import RUN
from bot.gateway.records import IssueComment
from bot.promotion import weighing
from policy import vigil_history
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.monitoring.production import production
from tests.bot.talk import Talk, checked, checks, judged, report
from tests.loopback.state import Run


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


@dataclass(frozen=True)
class Hands:
    """As in a service, whose queue has nothing else."""

    chat: Talk

    def answer(self, comment: IssueComment, on_pull: bool) -> None:
        sweeping.finish(self.chat.around, comment.number, comment.id, on_pull)

    def judge(self, number: int) -> None:
        judging.judge(self.chat.around, number)

    def tell(self, number: int) -> None:
        sweeping.tell(self.chat.around, number)

    def weigh(self, number: int) -> None:
        weighing.refresh(self.chat.around, number)


def swept(chat: Talk) -> str:
    return sweeping.sweep(chat.around, Hands(chat))


def test_a_job_leaves_a_young_comment_to_the_job_that_has_it_in_hand(chat: Talk) -> None:
    comment = chat.comment("/train")
    assert sweeping.sweep(chat.around) == "0 commands taken up, 1 pull requests seen to"
    comment.created_at = comment.updated_at = (chat.around.clock() - timedelta(minutes=21)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sweeping.sweep(chat.around) == "1 commands taken up, 1 pull requests seen to"
    assert len(chat.orders) == 1 and chat.reactions() == ["eyes", "rocket"]


def test_what_happened_to_a_comment_since_it_was_found_counts(chat: Talk) -> None:
    comment = chat.comment("/train")
    ((found, on_pull),) = sweeping.unanswered(chat.around)
    assert on_pull and sweeping.finish(chat.around, found.number, found.id + 1, on_pull) is Reason.COMMENT_GONE
    chat.handle(comment)
    assert sweeping.finish(chat.around, found.number, found.id, on_pull) is Reason.ANSWERED
    assert len(chat.orders) == 1


def test_a_command_that_nobody_answered_is_done(chat: Talk) -> None:
    chat.comment("/train train.lr=0.1")
    assert swept(chat).startswith("1 commands taken up")
    assert len(chat.orders) == 1 and chat.reactions() == ["eyes", "rocket"]


def test_what_was_answered_is_not_done_again(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    chat.say("/train", by="eve")
    assert sweeping.unanswered(chat.around) == []


def test_a_command_that_was_only_begun_is_finished_and_started_once(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    reactions = chat.here.github.repository(REPOSITORY).reactions
    for id in [id for id, each in reactions.items() if each.content == "rocket"]:
        del reactions[id]
    swept(chat)
    assert len(chat.orders) == 1 and chat.reactions() == ["eyes", "rocket"]


def test_wh_19_a_command_of_last_week_is_not_done_any_more(chat: Talk) -> None:
    chat.comment("/train").created_at = (chat.around.clock() - timedelta(days=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sweeping.unanswered(chat.around) == []


@pytest.mark.parametrize("author", ["renovate[bot]", "github-actions[bot]"])
def test_what_a_bot_said_stays_unanswered(chat: Talk, author: str) -> None:
    chat.here.github.user(author, type="Bot")
    chat.comment("/train", by=author)
    assert sweeping.unanswered(chat.around) == []


def test_cp_17_an_edited_comment_stays_unanswered(chat: Talk) -> None:
    chat.comment("/train").updated_at = "2030-01-01T00:00:00Z"
    assert sweeping.unanswered(chat.around) == []


def test_a_command_on_an_issue_is_answered_there(chat: Talk) -> None:
    issue = chat.here.github.issue(REPOSITORY)
    chat.comment("/help", number=issue.number)
    swept(chat)
    assert "/train" in chat.answer(issue.number)


def test_a_report_that_nobody_published_is_published(chat: Talk) -> None:
    checked(chat)
    assert swept(chat) == "0 commands taken up, 1 pull requests seen to"
    assert "Ready to merge" in report(chat) and len(checks(chat)) == 5


def _run(chat: Talk, status: str = "in_progress", conclusion: str | None = None) -> Run:
    run = next(each for each in reversed(chat.here.github.repository(REPOSITORY).runs.values()) if each.path.endswith(RUN))
    run.status, run.conclusion = status, conclusion
    return run


def test_a_run_whose_beginning_nobody_heard_of_is_told(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    run = _run(chat)
    swept(chat)
    assert f"/actions/runs/{run.id}>) is under way" in chat.answer()
    assert checks(chat)["assay train"].status == "in_progress"


def test_a_run_whose_end_nobody_heard_of_is_told_and_no_longer_said_to_be_under_way(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    chat.happen(_run(chat), "in_progress")
    _run(chat, "completed", "failure")
    swept(chat)
    assert "ended:" in chat.answer() and "under way" not in chat.answer()
    assert checks(chat)["assay train"].status == "completed"
    chat.here.github.forget_requests()
    swept(chat)
    assert not [each for each in chat.asked if not each.startswith("GET")]


def test_of_runs_that_are_told_or_whose_answer_is_gone_nothing_is_written(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    chat.happen(_run(chat), "in_progress")
    assert sweeping.tell(chat.around, chat.here.number) == 0
    comments = chat.here.github.repository(REPOSITORY).comments
    for id in [id for id, each in comments.items() if "assay:said" in each.body]:
        del comments[id]
    assert sweeping.tell(chat.around, chat.here.number) == 0


def test_runs_of_long_ago_cost_one_request_for_all_and_are_not_told(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    _run(chat).created_at = "2020-01-01T00:00:00Z"
    chat.here.github.forget_requests()
    assert sweeping.tell(chat.around, chat.here.number) == 0
    assert len(chat.asked) == 1


def test_a_second_sweep_writes_nothing(chat: Talk) -> None:
    checked(chat)
    chat.comment("/check")
    swept(chat)
    chat.here.github.forget_requests()
    swept(chat)
    assert not [each for each in chat.asked if not each.startswith("GET")]


def test_a_sweep_says_that_nobody_looks_at_production_any_more(here: Scene) -> None:
    there = production(here)
    there.look("none")
    assert "nobody looks" not in sweeping.sweep(there.around)
    there.day = 3
    assert "flight-delay: severity none, and nobody looks any more; issue #" in sweeping.sweep(there.around)
    assert len(there.issues) == 1
    here.github.commit(REPOSITORY, {vigil_history.path("flight-delay"): "{}\n"}, branch=vigil_history.BRANCH)
    assert "production: line 1 cannot be read" in sweeping.sweep(there.around)
