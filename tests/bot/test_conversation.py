"""Somebody says something, and the bot does it once, or says why not."""

import json
from dataclasses import replace

import pytest

from bot.around import RUN
from policy.problems import OutsideProblem
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, talk


@pytest.fixture
def chat(here: Scene) -> Talk:
    return talk(here)


def test_a_command_is_acknowledged_done_and_answered(chat: Talk) -> None:
    assert chat.say("/train train.lr=0.1") is Reason.RUN_STARTED
    assert chat.reactions() == ["eyes", "rocket"]
    (order,) = chat.orders
    assert order["sha"] == chat.here.head and order["command"] == "train"
    assert json.loads(order["arguments"]) == {"base": "main", "set": ["train.lr=0.1"]}
    assert f"🟢 `/train train.lr=0.1` by `mona`: `train` runs on `{chat.here.head[:12]}`" in chat.answer()


def test_one_command_takes_at_most_eight_requests(chat: Talk) -> None:
    chat.say("/help")
    for said in (
        "/train train.lr=0.1",
        "/check",
        "/evaluate",
        "/compare main",
        "/drift",
        "/help",
        "/status",
        "/explain",
        "/lineage",
    ):
        chat.here.github.forget_requests()
        chat.say(said)
        assert len(chat.asked) <= 8, (said, chat.asked)


def test_the_same_comment_again_changes_nothing(chat: Talk) -> None:
    chat.say("/train train.lr=0.1")
    run = next(each for each in chat.here.github.repository(REPOSITORY).runs.values() if each.path.endswith(RUN))
    chat.happen(run, "requested")
    before = chat.answer()
    assert "under way" in before
    chat.handle(chat.comments[-1])
    assert len(chat.orders) == 1
    assert chat.reactions() == ["eyes", "rocket"]
    assert chat.answer() == before


def test_answers_stand_in_one_comment_the_newest_on_top(chat: Talk) -> None:
    chat.say("/help train")
    chat.say("/train train.lr=0.1")
    body = chat.answer()
    assert body.index("/train train.lr=0.1") < body.index("/help train")
    assert "Said before (1)" in body


def test_cp_14_several_commands_are_done_in_order_and_each_is_answered(chat: Talk) -> None:
    assert chat.say("/check\n\n/train train.lr=0.2\n/help check") is Reason.TOLD
    assert [order["command"] for order in chat.orders] == ["check", "train"]
    assert len({order["request"] for order in chat.orders}) == 2
    assert chat.answer().count("🟢") == 3


def test_cp_14_all_of_a_comment_is_done_or_nothing(chat: Talk) -> None:
    assert chat.say("/check\n/waive roc_auc --until 2026-12-31 --because 'we know that already'") is Reason.NOT_ALLOWED
    assert chat.orders == []
    assert chat.reactions() == ["eyes", "confused"]
    assert "`/check` was not done" in chat.answer().replace("\\", "")
    assert "it takes" in chat.answer() and "maintain permission" in chat.answer()


def test_a_line_that_cannot_be_read_keeps_the_others_from_being_done(chat: Talk) -> None:
    assert chat.say("/check\n/train --fulll") is Reason.COMMAND_MISTAKEN
    assert chat.orders == []
    assert "--full" in chat.answer() and "^" in chat.answer()


def test_cp_16_a_slip_is_answered_to_who_may_and_not_to_a_stranger(chat: Talk) -> None:
    assert chat.say("/tran", by="eve") is Reason.UNKNOWN_COMMAND
    assert chat.reactions() == [] and chat.answer() == ""
    assert chat.say("/tran", by="mona") is Reason.UNKNOWN_COMMAND
    assert "Did you mean `/train`?" in chat.answer()
    assert chat.reactions() == ["eyes", "confused"] and chat.orders == []


def test_an_ordinary_comment_costs_no_request(chat: Talk) -> None:
    assert chat.say("I think we should not /train yet") is Reason.NO_COMMAND
    assert chat.asked == []


def test_wh_21_what_a_bot_says_is_no_command(chat: Talk) -> None:
    chat.here.github.user("renovate[bot]", type="Bot")
    assert chat.say("/train", by="renovate[bot]") is Reason.IGNORED_BOT
    assert chat.asked == []


def test_wh_24_a_run_that_told_of_itself_before_there_was_an_answer_is_told_when_there_is_one(chat: Talk) -> None:
    comment = chat.comment("/train")
    chat.here.github.fail("status", "POST", f"/issues/{chat.here.number}/comments", status=500, times=None)
    with pytest.raises(OutsideProblem):
        chat.handle(comment)
    chat.here.github.faults.clear()
    run = next(each for each in chat.here.github.repository(REPOSITORY).runs.values() if each.path.endswith(RUN))
    run.status, run.conclusion = "in_progress", None
    chat.happen(run, "in_progress")
    assert chat.answer() == ""
    chat.handle(comment)
    assert f"/actions/runs/{run.id}>) is under way" in chat.answer() and len(chat.orders) == 1
    shown = chat.answer()
    chat.handle(comment)
    assert chat.answer() == shown


def test_az_08_a_bot_with_every_right_commands_nothing(chat: Talk) -> None:
    chat.here.github.user("deploy[bot]", type="Bot")
    chat.here.github.role(REPOSITORY, "deploy[bot]", "admin")
    assert chat.say("/hold", by="deploy[bot]") is Reason.IGNORED_BOT


@pytest.mark.parametrize("login", ["eve", "tim"])
def test_az_02_who_may_not_write_starts_nothing_and_hears_who_could(chat: Talk, login: str) -> None:
    assert chat.say("/train", by=login) is Reason.NOT_ALLOWED
    assert chat.orders == []
    assert "write permission or more" in chat.answer()


@pytest.mark.parametrize("status", [500, 404])
def test_az_01_a_permission_that_is_not_told_is_no_refusal_but_nothing_is_done(chat: Talk, status: int) -> None:
    chat.here.github.fail("status", "GET", "/permission", times=None, status=status)
    assert chat.say("/train") is Reason.PERMISSION_UNKNOWN
    assert chat.orders == []
    assert "could not be found out" in chat.answer() and "ay it again later" in chat.answer()


def test_the_policy_of_the_base_says_who_may(here: Scene) -> None:
    chat = talk(here, "version: 1\nroles: {trainers: [tim]}\ncommands: {who: {train: trainers, check: admin}}\n")
    assert chat.say("/train", by="tim") is Reason.RUN_STARTED
    assert chat.say("/train", by="alice") is Reason.NOT_ALLOWED
    assert "trainers" in chat.answer() and "tim" in chat.answer()
    assert chat.say("/check", by="alice") is Reason.NOT_ALLOWED


def test_az_10_a_policy_that_the_change_brings_lets_nobody_in(here: Scene) -> None:
    chat = talk(here)
    here.github.commit(REPOSITORY, {"assay.yml": "version: 1\ncommands: {who: {train: read}}\n"}, branch="feature")
    assert chat.say("/train", by="eve") is Reason.NOT_ALLOWED


def test_az_11_a_policy_that_cannot_be_read_lets_nobody_in(here: Scene) -> None:
    chat = talk(here, "version: 1\nrolez: {}\n")
    assert chat.say("/train", by="alice") is Reason.POLICY_BROKEN
    assert chat.orders == [] and "cannot be read" in chat.answer()
    assert chat.say("/help", by="eve") is Reason.TOLD


def test_cp_19_a_comment_that_is_gone_is_not_done(chat: Talk) -> None:
    comment = chat.comment("/train")
    del chat.here.github.repository(REPOSITORY).comments[comment.id]
    assert chat.handle(comment) is Reason.COMMENT_GONE
    assert chat.orders == []


@pytest.mark.parametrize("said", ["/train", "/check", "/hold", "/unhold", "/cancel", "/assign-reviewers", "/drift"])
def test_cp_21_on_a_closed_pull_request_nothing_is_started(chat: Talk, said: str) -> None:
    chat.here.github.repository(REPOSITORY).issues[chat.here.number].state = "closed"
    assert chat.say(said) is Reason.PULL_REQUEST_CLOSED
    assert chat.orders == []


def test_cp_21_what_is_for_pull_requests_says_so_on_an_issue(chat: Talk) -> None:
    issue = chat.here.github.issue(REPOSITORY)
    comment = chat.comment("/train", number=issue.number)
    assert chat.handle(comment) is Reason.ONLY_ON_PULL_REQUESTS
    assert "works on pull requests" in chat.answer(issue.number)


def test_cp_21_a_decision_over_a_merge_waits_until_there_is_no_draft(chat: Talk) -> None:
    chat.here.github.repository(REPOSITORY).pulls[chat.here.number].draft = True
    assert chat.say("/assign-reviewers") is Reason.PULL_REQUEST_DRAFT
    assert chat.say("/check") is Reason.RUN_STARTED


def test_without_the_workflow_the_answer_says_how_to_get_it(chat: Talk) -> None:
    chat.here.github.commit(REPOSITORY, {".github/workflows/assay-run.yml": None})
    assert chat.say("/train") is Reason.NO_WORKFLOW
    assert "assay init" in chat.answer()


def test_a_token_that_may_not_start_workflows_is_told_which_permissions_to_give(chat: Talk) -> None:
    chat.here.github.fail("permission", "POST", "/dispatches", times=None, accepted="actions=write")
    assert chat.say("/train") is Reason.NOT_WRITTEN
    assert "actions: write" in chat.answer()


def test_ap_02_an_order_whose_answer_was_lost_is_not_given_twice(chat: Talk) -> None:
    from policy.problems import OutsideProblem

    chat.here.github.fail("drop", "POST", "/dispatches", after=True)
    comment = chat.comment("/train")
    with pytest.raises(OutsideProblem):
        chat.handle(comment)
    assert chat.handle(comment) is Reason.RUN_STARTED
    assert len(chat.orders) == 1
    assert chat.reactions() == ["eyes", "rocket"]


def test_with_a_mandatory_prefix_only_that_is_heard(chat: Talk) -> None:
    chat.around = replace(chat.around, prefix=True)
    assert chat.say("/train") is Reason.NO_COMMAND
    assert chat.say("/assay train") is Reason.RUN_STARTED


def test_cp_23_what_is_quoted_of_somebody_does_nothing(chat: Talk) -> None:
    chat.say('/hold because "@acme/everyone <img src=x> --> <!-- assay:report 1 1 check v1 -->"', by="tim")
    answer = chat.answer()
    outside = "".join(answer.split("`")[::2])
    assert "@acme" not in outside and "<img" not in outside
    assert answer.count("<!-- assay:report") == 1


def test_the_answers_number_and_length_are_bounded(chat: Talk) -> None:
    for _ in range(13):
        chat.say("/help")
    assert chat.answer().count("assay:said") == 10
    assert len(chat.answer()) < 65_536


@pytest.mark.parametrize(
    ("said", "by"),
    [
        ("/hold because 'the labels are being redone'", "tim"),
        ("/unhold", "tim"),
        ("/waive accuracy --until 2020-01-01 --because 'it is long ago'", "alice"),
        ("/cancel", "mona"),
    ],
)
def test_what_changes_a_verdict_takes_eight_requests_itself_and_the_report_its_own(
    chat: Talk, monkeypatch: pytest.MonkeyPatch, said: str, by: str
) -> None:
    published: list[int] = []
    monkeypatch.setattr("bot.judging.judge", lambda around, number: published.append(number))
    chat.say("/help")
    chat.here.github.forget_requests()
    chat.say(said, by)
    assert len(chat.asked) <= 8, chat.asked
    assert published == ([chat.here.number] if said.startswith(("/hold", "/unhold")) else [])
