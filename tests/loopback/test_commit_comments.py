"""Comments on commits; every answer is held to GitHub's description when a test ends."""

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

BASE = "/repos/acme/flights"


def test_a_comment_on_a_commit_is_written_listed_and_changed(github: Loopback, writer: Client) -> None:
    sha = github.commit("acme/flights", {"a": "1"}, "other")
    made = writer("POST", f"{BASE}/commits/{sha}/comments", {"body": "one"})
    assert (made.status_code, made.json()["commit_id"]) == (201, sha)
    assert writer("PATCH", f"{BASE}/comments/{made.json()['id']}", {"body": "two"}).json()["body"] == "two"
    assert [each["body"] for each in writer("GET", f"{BASE}/commits/{sha}/comments").json()] == ["two"]
    assert writer("PATCH", f"{BASE}/comments/1", {"body": "x"}).status_code == 404


def test_a_reader_may_not_and_nobody_writes_70000_characters(github: Loopback, reader: Client, writer: Client) -> None:
    sha = github.commit("acme/flights", {"a": "1"}, "other")
    assert reader("POST", f"{BASE}/commits/{sha}/comments", {"body": "one"}).status_code == 403
    assert writer("POST", f"{BASE}/commits/{sha}/comments", {"body": "x" * 70_000}).status_code == 422
