"""Every event leads to its commit and its pull request, and no artifact has a say in it."""

from typing import Any

import pytest

from bot import events
from bot.events import NOTHING, Subject
from bot.gateway.records import PullRequest, WorkflowRun
from policy.problems import UserProblem

SHA = "a" * 40
REPOSITORY = {"full_name": "octo/flights", "id": 1, "default_branch": "main"}


def run(**changed: Any) -> WorkflowRun:
    known: dict[str, Any] = {
        "id": 5,
        "name": "assay-check",
        "event": "pull_request",
        "head_sha": SHA,
        "head_branch": "feature",
        "head_repository": "fork/flights",
        "conclusion": "success",
        "run_attempt": 1,
        "path": "",
    }
    return WorkflowRun(**{**known, **changed})


def pull(number: int, base: str = "main") -> PullRequest:
    return PullRequest(number, "open", False, SHA, "feature", "fork/flights", "b" * 40, base, 1, "ada")


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_an_event_of_a_pull_request_names_it(name: str) -> None:
    payload = {"pull_request": {"number": 7, "head": {"sha": SHA}}}
    assert events.subject(name, payload) == Subject(SHA, 7)


def test_a_push_is_found_by_its_branch_and_commit() -> None:
    payload = {"ref": "refs/heads/feature/x", "after": SHA, "repository": REPOSITORY}
    assert events.subject("push", payload) == Subject(SHA, owner="octo", branch="feature/x")


@pytest.mark.parametrize(
    "payload",
    [
        {"ref": "refs/tags/v1", "after": SHA},
        {"ref": "refs/heads/x", "after": "0" * 40},
        {"ref": "refs/heads/x", "after": SHA, "deleted": True},
    ],
)
def test_a_push_of_a_tag_or_of_nothing_is_about_no_pull_request(payload: dict[str, Any]) -> None:
    assert events.subject("push", payload) == NOTHING


def test_ga_02_a_run_leads_to_its_head_even_where_the_event_names_pull_requests() -> None:
    given = {
        "id": 5,
        "event": "pull_request",
        "head_sha": SHA,
        "head_branch": "feature",
        "head_repository": {"full_name": "fork/flights"},
        "pull_requests": [{"number": 1}],
    }
    found = events.subject("workflow_run", {"workflow_run": given, "repository": REPOSITORY})
    assert found == Subject(SHA, owner="fork", branch="feature")


def test_a_run_whose_fork_was_deleted_is_found_by_its_commit() -> None:
    assert events.of_run(run(head_repository=None), "octo/flights") == Subject(SHA, owner="", branch="feature")


def test_a_comment_is_about_its_pull_request_and_on_an_issue_about_none() -> None:
    assert events.subject("issue_comment", {"issue": {"number": 7, "pull_request": {"url": "x"}}}) == Subject(number=7)
    assert events.subject("issue_comment", {"issue": {"number": 7}}) == NOTHING


def test_a_merge_group_names_its_pull_request_in_its_branch() -> None:
    ref = f"refs/heads/gh-readonly-queue/release/1.x/pr-12-{'d' * 40}"
    assert events.subject("merge_group", {"merge_group": {"head_ref": ref, "head_sha": SHA}}) == Subject(SHA, 12, queued=True)


def test_a_run_of_a_merge_group_is_queued_only_in_our_own_repository() -> None:
    branch = f"gh-readonly-queue/main/pr-12-{'d' * 40}"
    own = events.of_run(run(event="merge_group", head_branch=branch, head_repository="octo/flights"), "octo/flights")
    assert own == Subject(SHA, 12, queued=True)
    for stranger in (run(head_branch=branch), run(event="merge_group", head_branch=branch)):
        assert events.of_run(stranger, "octo/flights").number is None


def test_a_dispatch_names_a_number_or_a_branch() -> None:
    assert events.subject("workflow_dispatch", {"inputs": {"pull-request": "#12"}}) == Subject(number=12)
    by_branch = events.subject("workflow_dispatch", {"inputs": None, "ref": "refs/heads/feature", "repository": REPOSITORY})
    assert by_branch == Subject(owner="octo", branch="feature")
    with pytest.raises(UserProblem, match="a number"):
        events.subject("workflow_dispatch", {"inputs": {"pull-request": "12; rm -rf /"}})


def test_an_unknown_event_and_a_payload_that_is_none_are_problems() -> None:
    with pytest.raises(UserProblem, match="nothing to report on"):
        events.subject("fork", {})
    with pytest.raises(UserProblem, match="lacks"):
        events.subject("pull_request", {"pull_request": {"number": 7}})
    with pytest.raises(UserProblem, match="SHA"):
        events.subject("pull_request", {"pull_request": {"number": 7, "head": {"sha": "main"}}})


def test_facts_choose_only_among_pull_requests_with_their_head() -> None:
    two = [pull(3), pull(9, "release")]
    assert events.choose([], 3, "main") is None
    assert events.choose(two[:1], 99, "release") == two[0]
    assert events.choose(two, 9, "") == two[1]
    assert events.choose(two, None, "origin/release") == two[1]
    assert events.choose(two, 42, "elsewhere") == two[0]


@pytest.mark.parametrize("given", ["main", "a" * 39, "a" * 40 + "\n", "A" * 40, "HEAD^", ""])
def test_only_a_whole_sha_is_one(given: str) -> None:
    assert not events.is_sha(given)
    assert events.is_sha(SHA)
