"""What commands ask of GitHub."""

import pytest

from bot.gateway.commanding import CommandGateway
from bot.gateway.problems import Forbidden, NotThere, Refused
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.talk import talk


@pytest.fixture
def gateway(here: Scene) -> CommandGateway:
    return talk(here).gateway


def test_a_collaborator_is_told_by_id_and_level(gateway: CommandGateway, here: Scene) -> None:
    found = gateway.collaborator("alice")
    assert (found.id, found.login, found.level) == (here.github.user("alice").id, "alice", "maintain")


def test_az_03_a_custom_role_counts_by_its_flags(gateway: CommandGateway, here: Scene) -> None:
    here.github.role(REPOSITORY, "alice", "triage")
    assert gateway.collaborator("alice").level == "triage"


def test_nobody_is_a_collaborator_whom_github_does_not_know(gateway: CommandGateway) -> None:
    with pytest.raises(NotThere):
        gateway.collaborator("nobody-at-all")


def test_a_reaction_says_whether_it_is_new(gateway: CommandGateway, here: Scene) -> None:
    comment = here.github.comment(REPOSITORY, here.number, "/train")
    assert gateway.react(comment.id, "eyes") is True
    assert gateway.react(comment.id, "eyes") is False
    with pytest.raises(NotThere):
        gateway.react(999_999, "eyes")


def test_ap_02_a_reaction_whose_answer_was_lost_is_there_once(gateway: CommandGateway, here: Scene) -> None:
    comment = here.github.comment(REPOSITORY, here.number, "/train")
    here.github.fail("drop", "POST", "/reactions", after=True)
    gateway.react(comment.id, "eyes")
    assert len(here.github.repository(REPOSITORY).reactions) == 1


def test_a_workflow_that_is_not_there_has_no_runs(gateway: CommandGateway) -> None:
    assert gateway.workflow_runs("other.yml", "workflow_dispatch") == []


def test_a_run_that_was_started_is_found_by_its_title(gateway: CommandGateway, here: Scene) -> None:
    inputs = {"request": "1-0", "command": "check", "pull-request": "1", "sha": here.head, "arguments": "{}"}
    gateway.dispatch("assay-run.yml", "main", inputs)
    (run,) = gateway.workflow_runs("assay-run.yml", "workflow_dispatch")
    assert run.title == f"assay check #1 {here.head} 1-0" and run.status == "queued"


def test_inputs_that_the_workflow_does_not_know_are_refused(gateway: CommandGateway) -> None:
    with pytest.raises(Refused):
        gateway.dispatch("assay-run.yml", "main", {"other": "1"})
    with pytest.raises(NotThere):
        gateway.dispatch("other.yml", "main", {})


def test_a_run_is_stopped_and_one_that_ended_is_no_problem(gateway: CommandGateway, here: Scene) -> None:
    run = here.github.run(REPOSITORY, here.head, "feature")
    run.status, run.conclusion = "in_progress", None
    gateway.cancel_run(run.id)
    assert run.conclusion == "cancelled"
    here.github.fail("status", "POST", "/cancel", status=409)
    gateway.cancel_run(run.id)


def test_reviewers_are_asked_and_stay_asked(gateway: CommandGateway, here: Scene) -> None:
    here.github.team("acme", "data", {"bob": "member"})
    for _ in range(2):
        gateway.request_reviewers(here.number, ["alice"], ["data"])
    assert set(gateway.pull_request(here.number).reviewers) == {"alice", "data"}


def test_labels_come_and_go(gateway: CommandGateway, here: Scene) -> None:
    gateway.add_label(here.number, "assay: waiting")
    assert gateway.pull_request(here.number).labels == ("assay: waiting",)
    gateway.remove_label(here.number, "assay: waiting")
    gateway.remove_label(here.number, "assay: waiting")
    assert gateway.pull_request(here.number).labels == ()


def test_recent_comments_are_those_of_the_whole_repository(gateway: CommandGateway, here: Scene) -> None:
    issue = here.github.issue(REPOSITORY)
    here.github.comment(REPOSITORY, here.number, "one")
    here.github.comment(REPOSITORY, issue.number, "two")
    found = gateway.recent_comments("2020-01-01T00:00:00Z")
    assert [(each.number, each.body) for each in found] == [(here.number, "one"), (issue.number, "two")]
    assert gateway.recent_comments("2099-01-01T00:00:00Z") == []


def test_what_is_open_is_told(gateway: CommandGateway, here: Scene) -> None:
    assert gateway.is_open(here.number) and not gateway.is_open(4711)
    assert [pull.number for pull in gateway.open_pulls()] == [here.number]
    assert gateway.open_pulls("release") == []


def test_a_token_without_the_right_says_which_one_is_missing(gateway: CommandGateway, here: Scene) -> None:
    reading = CommandGateway.of(here.as_token(here.github.token(REPOSITORY, "read")))
    with pytest.raises(Forbidden, match="actions: write"):
        reading.dispatch("assay-run.yml", "main", {})


def test_the_text_of_a_check_run_comes_back(gateway: CommandGateway, here: Scene) -> None:
    from bot.gateway.records import CheckRun

    gateway.create_check_run(CheckRun("assay / data", here.head, "x", "completed", "success", "holds", "s", "### `a`"))
    (found,) = gateway.check_texts(here.head)
    assert (found.check.name, found.title, found.text) == ("assay / data", "holds", "### `a`")
