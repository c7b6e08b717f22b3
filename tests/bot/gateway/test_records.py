"""GitHub's JSON becomes records, also where it leaves things out."""

from bot.gateway.records import Annotation, CheckRunRecord, CommitStatus, Identity, IssueComment, PullRequest, WorkflowRun


def test_a_pull_request_of_a_deleted_fork_has_no_repository() -> None:
    data = {
        "number": 7,
        "state": "open",
        "user": None,
        "head": {"sha": "a", "ref": "x", "repo": None},
        "base": {"sha": "b", "ref": "main"},
    }
    found = PullRequest.of(data)
    assert (found.head_repository, found.author_id, found.draft) == (None, None, False)


def test_a_comment_of_a_deleted_account_belongs_to_nobody() -> None:
    found = IssueComment.of({"id": 1, "body": None, "user": None, "created_at": "x", "updated_at": "x"})
    assert found.body == "" and found.author_id is None
    assert not Identity("ada", 1).wrote(found) and not Identity("ada").wrote(found)


def test_a_run_without_a_branch_or_a_repository_is_read() -> None:
    found = WorkflowRun.of({"id": 1, "event": "push", "head_sha": "a", "head_repository": None, "name": None})
    assert (found.head_branch, found.head_repository, found.run_attempt, found.name) == (None, None, 1, "")


def test_a_check_run_without_an_external_id_has_an_empty_one() -> None:
    found = CheckRunRecord.of({"id": 1, "name": "x", "head_sha": "a", "external_id": None, "status": "queued", "app": None})
    assert (found.external_id, found.conclusion, found.app_id) == ("", None, None)


def test_a_status_without_a_description_has_an_empty_one() -> None:
    assert CommitStatus.of({"context": "x", "state": "success", "description": None, "creator": None}).description == ""


def test_an_annotation_without_a_title_sends_none() -> None:
    assert "title" not in Annotation("a", 1, 1, "notice", "x").json()
    assert Annotation("a", 1, 2, "notice", "x", "t").json()["title"] == "t"
