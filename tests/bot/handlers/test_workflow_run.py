"""A run of a workflow begins and ends."""

import json

import pytest

from bot.around import RUN
from policy.facts import Facts
from policy.facts.reading import write
from policy.facts.record import OverrideFact, RequestFacts
from policy.reasons import Reason
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import Talk, checked, checks, judged, report, told
from tests.loopback.state import Run


@pytest.fixture
def chat(here: Scene) -> Talk:
    return judged(here)


def started(chat: Talk, said: str = "/train train.lr=0.1") -> Run:
    """The run that a command started, as GitHub queues it."""
    chat.say(said)
    run = next(each for each in reversed(chat.here.github.repository(REPOSITORY).runs.values()) if each.path.endswith(RUN))
    run.status, run.conclusion = "in_progress", None
    return run


def ended(chat: Talk, run: Run, left: Facts | None, conclusion: str = "success") -> Reason:
    run.status, run.conclusion = "completed", conclusion
    if left is not None:
        chat.here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(left)})
    return chat.happen(run, "completed")


def experiment(chat: Talk, run: Run, accuracy: float = 0.95) -> Facts:
    """What the runner of `/train` says: other parameters against the head as it is."""
    order = chat.orders[-1]
    head = chat.here.head
    overrides = [OverrideFact(file="params.yaml", key="train.lr", before="0.2", after="0.1")]
    asked = RequestFacts(id=order["request"], command=order["command"])
    return told(chat, accuracy, base=head, merge_base=head, dirty=True).model_copy(
        update={"request": asked, "overrides": overrides if order["command"] == "train" else []}
    )


def test_the_end_of_a_check_is_published(chat: Talk) -> None:
    assert chat.happen(checked(chat), "completed") is Reason.PUBLISHED
    assert "Ready to merge" in report(chat) and len(checks(chat)) == 5


def test_other_workflows_and_the_beginning_of_a_check_are_nothing_of_ours(chat: Talk) -> None:
    other = chat.here.github.run(REPOSITORY, chat.here.head, "feature", path=".github/workflows/ci.yml")
    assert chat.happen(other, "completed") is Reason.NOT_OURS
    assert chat.happen(checked(chat), "requested") is Reason.NOT_OURS
    assert chat.asked == []


def test_a_commands_run_shows_on_its_commit_and_under_its_answer(chat: Talk) -> None:
    run = started(chat)
    assert chat.happen(run, "in_progress") is Reason.RUN_STARTED
    check = checks(chat)["assay train"]
    assert (check.status, check.conclusion) == ("in_progress", None)
    assert f"/actions/runs/{run.id}" in (check.details_url or "")
    assert f"/actions/runs/{run.id}>) is under way" in chat.answer()


def test_what_it_found_is_reported_apart_and_gates_nothing(chat: Talk) -> None:
    chat.happen(checked(chat), "completed")
    run = started(chat)
    chat.happen(run, "in_progress")
    assert ended(chat, run, experiment(chat, run, accuracy=0.7)) is Reason.PUBLISHED
    assert checks(chat)["assay train"].conclusion == "neutral"
    assert checks(chat)["assay / evaluation"].conclusion == "success"
    assert "accuracy" in report(chat, "train") and "Ready to merge" in report(chat)
    assert "ended: `failed`" in chat.answer() and "under way" not in chat.answer()


def test_a_better_run_is_green(chat: Talk) -> None:
    run = started(chat)
    ended(chat, run, experiment(chat, run))
    assert checks(chat)["assay train"].conclusion == "success"


def test_events_that_come_twice_or_out_of_order_end_the_same(chat: Talk) -> None:
    run = started(chat)
    left = experiment(chat, run)
    ended(chat, run, left)
    before = (report(chat, "train"), chat.answer(), checks(chat)["assay train"].conclusion)
    chat.happen(run, "completed")
    assert (report(chat, "train"), chat.answer(), checks(chat)["assay train"].conclusion) == before
    chat.happen(run, "in_progress")
    assert checks(chat)["assay train"].status == "completed"


def test_ga_02_facts_of_another_asking_are_refused(chat: Talk) -> None:
    run = started(chat)
    left = experiment(chat, run)
    other = left.model_copy(update={"request": RequestFacts(id="1-0", command="train")})
    ended(chat, run, other)
    assert checks(chat)["assay train"].conclusion == "failure"
    assert "refused" in report(chat, "train")


def test_ga_02_facts_with_other_parameters_never_speak_for_the_change(chat: Talk) -> None:
    run = started(chat, "/check")
    lie = told(chat).model_copy(
        update={
            "request": RequestFacts(id=chat.orders[-1]["request"], command="check"),
            "overrides": [OverrideFact(file="params.yaml", key="train.lr", before="0.2", after="0.1")],
        }
    )
    ended(chat, run, lie)
    assert {each.conclusion for each in checks(chat).values()} == {"failure"}


def test_ga_02_facts_of_a_command_do_not_pass_for_those_of_a_check(chat: Talk) -> None:
    run = started(chat)
    left = experiment(chat, run)
    check = chat.here.github.run(REPOSITORY, chat.here.head, "feature")
    chat.here.github.artifact(REPOSITORY, check, "assay-facts", {"facts.json": write(left)})
    chat.happen(check, "completed")
    assert checks(chat)["assay / evaluation"].conclusion == "failure"


def test_a_check_that_was_asked_for_is_the_checks_own_report(chat: Talk) -> None:
    run = started(chat, "/check")
    asked = RequestFacts(id=chat.orders[-1]["request"], command="check")
    ended(chat, run, told(chat).model_copy(update={"request": asked}))
    assert "Ready to merge" in report(chat) and len(checks(chat)) == 5


def test_tt_07_what_was_found_of_an_older_head_is_not_shown(chat: Talk) -> None:
    run = started(chat)
    chat.happen(run, "in_progress")
    left = experiment(chat, run)
    before = chat.here.head
    for text in ("newer", "newest"):
        chat.here.github.commit(REPOSITORY, {"README.md": text}, branch="feature")
    ended(chat, run, left)
    assert report(chat, "train") == ""
    assert checks(chat)["assay train"].conclusion == "cancelled" and checks(chat)["assay train"].head_sha == before


@pytest.mark.parametrize("conclusion", ["cancelled", "skipped"])
def test_a_run_that_was_stopped_does_not_stay_under_way(chat: Talk, conclusion: str) -> None:
    run = started(chat)
    chat.happen(run, "in_progress")
    ended(chat, run, None, conclusion)
    assert checks(chat)["assay train"].conclusion == "cancelled"
    assert "under way" not in chat.answer()


def test_a_run_with_a_title_of_somebody_elses_making_is_nothing_of_ours(chat: Talk) -> None:
    run = started(chat)
    for title in ("assay train", f"assay train #1 {chat.here.head} 1-0; rm", f"assay steal #1 {chat.here.head} 1-0"):
        run.title = title
        assert chat.happen(run, "in_progress") is Reason.NOT_OURS


def test_a_run_in_a_fork_or_by_another_event_is_not_believed_its_title(chat: Talk) -> None:
    run = started(chat)
    run.event = "pull_request"
    assert chat.happen(run, "in_progress") is Reason.NOT_OURS


def test_the_inputs_are_those_that_the_runner_reads(chat: Talk) -> None:
    from policy.facts.request import read

    started(chat)
    order = chat.orders[-1]
    assert read(json.dumps(order)).sha == chat.here.head


def test_what_train_committed_is_told_of_and_checked(chat: Talk) -> None:
    run = started(chat, "/train train.lr=0.1 --commit")
    left = experiment(chat, run)
    before = chat.here.head
    chat.here.head = chat.here.github.commit(REPOSITORY, {"params.yaml": "lr: 0.1"}, branch="feature")
    for _ in range(2):
        ended(chat, run, left)
    assert "holds what the policy asks" in report(chat, "train")
    assert [(order["command"], order["sha"]) for order in chat.orders] == [("train", before), ("check", chat.here.head)]


def test_what_train_committed_with_the_token_of_an_app_has_its_check_already(chat: Talk) -> None:
    run = started(chat, "/train train.lr=0.1 --commit")
    left = experiment(chat, run)
    chat.here.head = chat.here.github.commit(REPOSITORY, {"params.yaml": "lr: 0.1"}, branch="feature")
    chat.here.github.run(REPOSITORY, chat.here.head, "feature")
    ended(chat, run, left)
    assert [order["command"] for order in chat.orders] == ["train"]
