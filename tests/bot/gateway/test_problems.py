"""A refusal holds the block to paste."""

import yaml

from bot.gateway.problems import accepted, block, forbidden


def test_the_block_is_what_a_job_needs_and_valid_yaml() -> None:
    assert yaml.safe_load(block({})) == {
        "permissions": {"actions": "read", "checks": "write", "contents": "read", "pull-requests": "write"}
    }
    assert yaml.safe_load(block({"contents": "write"}))["permissions"]["contents"] == "write"
    assert yaml.safe_load(block({"checks": "read"}))["permissions"]["checks"] == "write"


def test_the_problem_says_what_was_being_done_and_what_to_paste() -> None:
    problem = forbidden("POST /repos/a/b/statuses", "Resource not accessible by integration", {"statuses": "write"})
    assert "statuses: write" in problem.next and problem.where == "POST /repos/a/b/statuses"
    assert problem.exit_code == 2


def test_githubs_own_header_says_which_permission_is_missing() -> None:
    assert accepted("issues=write; pull_requests=write") == {"issues": "write"}
    assert accepted("pull_requests=write,contents=read") == {"pull-requests": "write", "contents": "read"}
    assert accepted("") == accepted("nonsense") == {}
