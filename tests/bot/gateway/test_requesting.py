"""What requests for a promotion ask of GitHub."""

from datetime import datetime

import pytest

from bot.gateway.problems import NotThere, Refused
from bot.gateway.requesting import Deployment, RequestGateway
from tests.bot.gateway.scene import REPOSITORY, Scene

LABEL = "assay: promotion"


@pytest.fixture
def gateway(here: Scene) -> RequestGateway:
    token = here.github.token(REPOSITORY, issues="write", deployments="write", contents="write", pull_requests="write")
    return RequestGateway.of(here.as_token(token))


def test_an_issue_is_opened_found_by_its_label_and_closed(gateway: RequestGateway, here: Scene) -> None:
    here.github.role(REPOSITORY, "alice", "write")
    made = gateway.open_issue("Promote flights", "first", [LABEL], ["alice"])
    assert (made.labels, made.assignees, made.author_login) == ((LABEL,), ("alice",), "github-actions[bot]")
    here.github.issue(REPOSITORY)
    assert [each.number for each in gateway.issues(LABEL)] == [made.number]
    gateway.assign(made.number, [])
    found = gateway.issue(made.number)
    assert (found.title, found.body, found.labels, found.assignees) == ("Promote flights", "first", (LABEL,), ())
    gateway.close_issue(made.number, "completed")
    gateway.reopen_issue(made.number)
    assert gateway.issue(made.number).state == "open"
    gateway.close_issue(made.number, "completed")
    gateway.close_issue(made.number, "completed")
    assert gateway.issue(made.number).state == "closed"
    assert gateway.issues(LABEL) == [] and [each.number for each in gateway.issues(LABEL, "all")] == [made.number]


def test_a_pull_request_with_the_label_is_no_request(gateway: RequestGateway, here: Scene) -> None:
    gateway.add_label(here.number, LABEL)
    assert gateway.issues(LABEL) == []


def test_az_22_an_issue_that_was_deleted_is_not_there(gateway: RequestGateway) -> None:
    with pytest.raises(NotThere):
        gateway.issue(4711)


@pytest.mark.parametrize("title, body", [("t" * 257, "b"), ("t", "b" * 65_537)])
def test_a_text_that_github_would_not_take_is_refused_before_it_is_sent(
    gateway: RequestGateway, here: Scene, title: str, body: str
) -> None:
    here.github.forget_requests()
    with pytest.raises(Refused, match="Shorten it"):
        gateway.open_issue(title, body, [LABEL])
    assert not [each for each in here.github.requests if "/issues" in each.path]


def test_ap_02_an_issue_whose_answer_was_lost_is_opened_once(gateway: RequestGateway, here: Scene) -> None:
    here.github.fail("drop", "POST", "/issues", after=True)
    made = gateway.open_issue("Promote flights", "the one and only", [LABEL])
    assert [each.number for each in gateway.issues(LABEL, "all")] == [made.number]
    other = gateway.open_issue("Promote flights", "another", [LABEL])
    assert other.number != made.number


def test_a_strangers_issue_with_our_text_is_not_taken_for_ours(gateway: RequestGateway, here: Scene) -> None:
    stranger = RequestGateway.of(here.as_token(here.github.user_token("mona")))
    theirs = stranger.open_issue("Promote flights", "copied", [LABEL])
    here.github.fail("drop", "POST", "/issues")
    assert gateway.open_issue("Promote flights", "copied", [LABEL]).number != theirs.number


def test_a_deployment_says_what_it_is_of_and_how_it_is(gateway: RequestGateway, here: Scene) -> None:
    made = gateway.create_deployment(here.base, "staging", "flights 3", {"model": "flights", "version": "3"})
    assert (made.sha, made.environment, made.payload) == (here.base, "staging", {"model": "flights", "version": "3"})
    assert gateway.deployment_state(made.id) is None
    gateway.set_deployment_state(made.id, "in_progress", "moving the alias")
    gateway.set_deployment_state(made.id, "success", "moved", "https://example.com/log", "https://example.com/")
    assert gateway.deployment_state(made.id) == "success"
    newer = gateway.create_deployment(here.base, "staging", "flights 4", {"model": "flights", "version": "4"})
    gateway.set_deployment_state(newer.id, "success", "moved")
    assert [each.id for each in gateway.deployments()] == [newer.id, made.id]
    assert gateway.deployment_state(made.id) == "inactive"


def test_ap_02_a_deployment_and_its_state_whose_answers_were_lost_are_written_once(gateway: RequestGateway, here: Scene) -> None:
    here.github.fail("drop", "POST", "/deployments", after=True)
    made = gateway.create_deployment(here.base, "production", "flights 3", {"decision": "7f3a9c2e51d0"})
    assert [each.id for each in gateway.deployments()] == [made.id]
    here.github.fail("drop", "POST", "/statuses", after=True)
    gateway.set_deployment_state(made.id, "success", "moved")
    assert len(here.github.repository(REPOSITORY).deployments[made.id].statuses) == 1


@pytest.mark.parametrize("payload, read", [('{"a": 1}', {"a": 1}), ("no json", {}), ([1], {}), (None, {}), ({"a": 1}, {"a": 1})])
def test_a_payload_is_an_object_whoever_wrote_it(payload: object, read: dict[str, int]) -> None:
    data = {"id": 1, "sha": "a", "environment": "staging", "payload": payload, "created_at": "2026-01-01T00:00:00Z"}
    assert Deployment.of(data).payload == read


def test_a_deployment_that_promoted_nothing_is_none_of_ours(gateway: RequestGateway, here: Scene) -> None:
    gateway._post("/deployments", {"ref": here.base, "environment": "staging"}, {}, lambda: None)
    assert gateway.deployments() == []


def test_the_commits_between_two_are_told_with_their_people_and_what_changed(gateway: RequestGateway, here: Scene) -> None:
    mona = here.github.user("mona")
    shas = [here.github.commit(REPOSITORY, {f"file-{number}": "1"}, author="mona") for number in range(3)]
    found = gateway.commits_between(here.base, "main")
    commits = found.commits
    assert [each.sha for each in commits] == shas and found.names == ["file-0", "file-1", "file-2"] and found.lines == 3
    assert commits[0].author.id == mona.id
    assert gateway.commit_people(shas[1]) == commits[1]
    assert [each.sha for each in gateway.commits_of_pull(here.number)] == [here.head]


def test_one_comment_is_read_as_it_is_and_one_that_is_gone_is_not_there(gateway: RequestGateway, here: Scene) -> None:
    made = here.github.comment(REPOSITORY, here.number, "/help", "alice")
    found = gateway.comment(made.id)
    assert (found.body, found.number, found.author_login, found.edited) == ("/help", here.number, "alice", False)
    with pytest.raises(NotThere):
        gateway.comment(404)


def test_who_closed_an_issue_is_known_while_it_is_closed(gateway: RequestGateway, here: Scene) -> None:
    made = gateway.open_issue("Review it", "once", ["assay: review"])
    assert gateway.closed_by(made.number) is None
    gateway.close_issue(made.number, "completed")
    closed = gateway.closed_by(made.number)
    assert closed and datetime.fromisoformat(closed[1]).tzinfo
    found = closed[0]
    assert found and found.login == "github-actions[bot]"
