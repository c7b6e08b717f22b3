"""Webhooks are signed, numbered, and what GitHub publishes."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.loopback.conftest import Client
from tests.loopback.schemas import check_webhook
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of somebody who listens and says 202."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def test_every_event_is_signed_delivered_in_order_and_fits_its_schema(github: Loopback, writer: Client, receiver: str) -> None:
    github.hook("acme/flights", receiver, "secret", ["*"])
    made = writer("POST", f"{REPO}/issues/1/comments", {"body": "/train"}).json()
    writer("PATCH", made["url"], {"body": "/train lr=0.1"})
    writer("DELETE", made["url"])
    issue = writer("POST", f"{REPO}/issues", {"title": "Promote", "labels": ["model"]}).json()
    writer("PATCH", issue["url"], {"state": "closed"})
    writer("PATCH", issue["url"], {"state": "open"})
    writer("PATCH", f"{REPO}/pulls/1", {"state": "closed"})
    writer("PATCH", f"{REPO}/pulls/1", {"state": "open"})
    github.sender.drain()
    sent = [(item.event, item.payload["action"]) for item in github.deliveries]
    assert sent == [
        ("issue_comment", "created"), ("issue_comment", "edited"), ("issue_comment", "deleted"),
        ("issues", "opened"), ("issues", "closed"), ("issues", "reopened"),
        ("pull_request", "closed"), ("pull_request", "reopened"),
    ]  # fmt: skip
    for item in github.deliveries:
        expected = hmac.new(b"secret", item.body, hashlib.sha256).hexdigest()
        assert item.headers["x-hub-signature-256"] == f"sha256={expected}"
        assert item.status == 202
        check_webhook(item.event, item.payload)
    assert len({item.id for item in github.deliveries}) == len(sent)


def test_a_redelivery_keeps_its_id_and_an_event_nobody_wants_is_not_sent(github: Loopback, writer: Client, receiver: str) -> None:
    github.hook("acme/flights", receiver, "secret", ["issues"])
    writer("POST", f"{REPO}/issues/1/comments", {"body": "unheard"})
    writer("POST", f"{REPO}/issues", {"title": "heard"})
    github.sender.drain()
    [first] = github.deliveries
    assert github.sender.redeliver(first).id == first.id


def test_a_deaf_receiver_is_noted(github: Loopback, writer: Client) -> None:
    github.hook("acme/flights", "http://127.0.0.1:9/", "secret", ["issues"])
    assert writer("POST", f"{REPO}/issues", {"title": "x"}).status_code == 201
    github.sender.drain()
    assert github.deliveries[0].status is None


def test_a_push_to_an_open_pull_request_synchronizes_it(github: Loopback, writer: Client, receiver: str) -> None:
    github.hook("acme/flights", receiver, "secret", ["pull_request"])
    repository = github.repository("acme/flights")
    commit = repository.git.write_commit(
        "pushed", repository.git.text("rev-parse", "change^{tree}"), [repository.pulls[1].head_sha]
    )
    repository.git.set_ref("refs/heads/change", commit)
    writer("GET", f"{REPO}/pulls/1")
    github.sender.drain()
    [sent] = github.deliveries
    assert (sent.payload["action"], sent.payload["after"]) == ("synchronize", commit)
    check_webhook("pull_request", sent.payload)


def test_a_run_that_ends_is_announced_with_the_pull_request_only_of_a_branch(github: Loopback, receiver: str) -> None:
    github.hook("acme/flights", receiver, "secret", ["workflow_run", "pull_request"])
    pulls = github.repository("acme/flights").pulls
    own = github.run("acme/flights", pulls[1].head_sha, "change")
    fork = github.run("acme/flights", pulls[2].head_sha, "fix", head_repository="mona/flights")
    for run in (own, fork):
        github.announce("acme/flights", run, "completed")
    for action in ("opened", "synchronize"):
        github.announce("acme/flights", pulls[2], action)
    github.sender.drain()
    for item in github.deliveries:
        check_webhook(item.event, item.payload)
    assert [len(item.payload["workflow_run"]["pull_requests"]) for item in github.deliveries[:2]] == [1, 0]
