"""What goes wrong when it is told to."""

import httpx
import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"
COMMENTS = f"{REPO}/issues/1/comments"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_strikes_as_often_as_told(github: Loopback, reader: Client, status: int) -> None:
    github.fail("status", status=status, times=2)
    assert [reader("GET", REPO).status_code for _ in range(3)] == [status, status, 200]


def test_a_secondary_limit_says_when_to_come_back_or_does_not(github: Loopback, reader: Client) -> None:
    github.fail("secondary", retry_after=7)
    github.fail("secondary", retry_after=None, status=429)
    first, second = reader("GET", REPO), reader("GET", REPO)
    assert (first.status_code, first.headers["retry-after"]) == (403, "7")
    assert second.status_code == 429
    assert "retry-after" not in second.headers


def test_the_hourly_limit_has_nothing_left(github: Loopback, reader: Client) -> None:
    github.fail("primary")
    assert reader("GET", REPO).headers["x-ratelimit-remaining"] == "0"


def test_a_lack_of_permission_names_what_would_do(github: Loopback, writer: Client) -> None:
    github.fail("permission", "POST", "/comments", accepted="pull_requests=write")
    refused = writer("POST", COMMENTS, {"body": "x"})
    assert refused.headers["x-accepted-github-permissions"] == "pull_requests=write"
    assert not github.comments("acme/flights", 1)


def test_ap_02_an_answer_can_be_lost_after_the_work_was_done(github: Loopback, writer: Client) -> None:
    github.fail("status", "POST", status=502, after=True)
    assert writer("POST", COMMENTS, {"body": "x"}).status_code == 502
    assert len(github.comments("acme/flights", 1)) == 1


@pytest.mark.parametrize("kind", ["drop", "half"])
def test_a_connection_breaks(github: Loopback, reader: Client, kind: str) -> None:
    github.fail(kind)
    with pytest.raises(httpx.TransportError):
        reader("GET", REPO)
    assert reader("GET", REPO).status_code == 200


def test_a_slow_answer_outlasts_a_short_patience(github: Loopback, reader: Client) -> None:
    github.fail("slow", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        reader("GET", REPO, timeout=0.1)


def test_a_stale_read_shows_the_past_and_writes_go_to_the_present(github: Loopback, writer: Client) -> None:
    github.fail("stale", path="/comments", times=1)
    writer("POST", COMMENTS, {"body": "new"})
    assert writer("GET", COMMENTS).json() == []
    assert len(writer("GET", COMMENTS).json()) == 1


def test_a_fault_can_wait_and_be_called_off(github: Loopback, reader: Client) -> None:
    github.fail("status", skip=1, times=None)
    assert [reader("GET", REPO).status_code for _ in range(3)] == [200, 500, 500]
    github.faults.clear()
    assert reader("GET", REPO).status_code == 200
    with pytest.raises(ValueError, match="no such fault"):
        github.fail("gremlins")


def test_requests_are_counted_and_git_and_storage_are_not(github: Loopback, reader: Client) -> None:
    github.forget_requests()
    reader("GET", REPO)
    reader("GET", "/acme/flights/raw/main/README.md")
    assert [str(seen) for seen in github.requests] == [f"GET {REPO} -> 200"]
    assert len(github.log) == 2
