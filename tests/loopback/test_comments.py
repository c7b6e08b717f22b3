"""Comments: pages, limits, rights, reactions."""

import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

COMMENTS = "/repos/acme/flights/issues/1/comments"


def test_a_comment_of_a_github_token_is_of_github_actions_bot(writer: Client) -> None:
    made = writer("POST", COMMENTS, {"body": "hello"})
    assert made.status_code == 201
    assert (made.json()["user"]["login"], made.json()["user"]["id"]) == ("github-actions[bot]", 41898282)
    assert made.json()["performed_via_github_app"]["id"] == 15368


def test_lists_come_in_pages_with_links(github: Loopback, reader: Client) -> None:
    for number in range(65):
        github.comment("acme/flights", 1, f"number {number}")
    first = reader("GET", COMMENTS)
    assert len(first.json()) == 30
    assert first.links["last"]["url"] == f"{github.url}{COMMENTS}?page=3"
    second = reader("GET", first.links["next"]["url"])
    assert second.json()[0]["body"] == "number 30"
    assert set(second.links) == {"prev", "next", "last", "first"}
    assert len(reader("GET", f"{COMMENTS}?per_page=100").json()) == 65
    assert reader("GET", f"{COMMENTS}?per_page=1000&page=2").json() == []


def test_a_body_of_65536_characters_is_the_longest(writer: Client) -> None:
    assert writer("POST", COMMENTS, {"body": "x" * 65_536}).status_code == 201
    refused = writer("POST", COMMENTS, {"body": "x" * 65_537})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["message"] == "body is too long (maximum is 65536 characters)"
    assert writer("POST", COMMENTS, {"body": ""}).status_code == 422


def test_a_comment_is_changed_and_deleted(writer: Client) -> None:
    url = writer("POST", COMMENTS, {"body": "one"}).json()["url"]
    assert writer("PATCH", url, {"body": "two"}).json()["body"] == "two"
    assert writer("DELETE", url).status_code == 204
    assert writer("GET", url).status_code == 404
    assert writer("DELETE", url).status_code == 404


def test_a_stranger_edits_only_their_own(github: Loopback) -> None:
    theirs, own = github.comment("acme/flights", 1, "by octocat", "octocat"), github.comment("acme/flights", 1, "by mona")
    mona = Client(github, github.user_token("mona"))
    assert mona("PATCH", f"/repos/acme/flights/issues/comments/{own.id}", {"body": "x"}).status_code == 200
    assert mona("PATCH", f"/repos/acme/flights/issues/comments/{theirs.id}", {"body": "x"}).status_code == 403


@pytest.mark.parametrize("permission", ["issues", "pull_requests"])
def test_either_permission_lets_a_token_comment(github: Loopback, permission: str) -> None:
    token = github.token("acme/flights", **{permission: "write"})
    assert Client(github, token)("POST", COMMENTS, {"body": "x"}).status_code == 201


def test_a_read_only_token_is_told_which_permissions_would_do(reader: Client) -> None:
    refused = reader("POST", COMMENTS, {"body": "x"})
    assert refused.status_code == 403
    assert refused.json()["message"] == "Resource not accessible by integration"
    assert refused.headers["x-accepted-github-permissions"] == "issues=write; pull_requests=write"


def test_a_reaction_is_given_once(writer: Client, github: Loopback) -> None:
    comment = github.comment("acme/flights", 1, "look")
    url = f"/repos/acme/flights/issues/comments/{comment.id}/reactions"
    first = writer("POST", url, {"content": "eyes"})
    assert (first.status_code, writer("POST", url, {"content": "eyes"}).status_code) == (201, 200)
    assert writer("POST", url, {"content": "shrug"}).status_code == 422
    assert len(writer("GET", url).json()) == 1
    assert writer("GET", COMMENTS).json()[0]["reactions"]["eyes"] == 1
    assert writer("DELETE", f"{url}/{first.json()['id']}").status_code == 204
    assert writer("POST", "/repos/acme/flights/issues/1/reactions", {"content": "rocket"}).status_code == 201
    assert len(writer("GET", "/repos/acme/flights/issues/1/reactions").json()) == 1


def test_all_comments_of_a_repository_and_an_unknown_issue(reader: Client, github: Loopback) -> None:
    github.comment("acme/flights", 1, "a")
    github.comment("acme/flights", 2, "b")
    everything = reader("GET", "/repos/acme/flights/issues/comments?direction=desc").json()
    assert [item["body"] for item in everything] == ["b", "a"]
    assert reader("GET", "/repos/acme/flights/issues/99/comments").status_code == 404
