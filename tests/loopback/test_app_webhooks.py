"""An App hears of the repositories it is installed on, and can look up what it missed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.loopback.conftest import Client
from tests.loopback.schemas import check_webhook
from tests.loopback.server import Loopback
from tests.loopback.state import App, Installation
from tests.loopback.test_apps import signed
from tests.loopback.webhooks import signature

REPO = "/repos/acme/flights"
DELIVERIES = "/app/hook/deliveries"


class Receiver:
    """Somebody who listens and answers as told."""

    def __init__(self) -> None:
        self.status, self.heard = 202, list[tuple[str, bytes]]()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.heard.append((self.headers["x-github-delivery"], body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *values: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/github"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that answers 202 until told otherwise."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def app(github: Loopback, receiver: Receiver) -> App:
    """An App that listens to comments."""
    return github.app("assay", events=["issue_comment"], url=receiver.url, secret="secret", issues="write")


@pytest.fixture
def installed(github: Loopback, app: App) -> Installation:
    """The App, installed on acme/flights."""
    return github.install(app, ["acme/flights"])


@pytest.fixture
def as_app(github: Loopback, app: App) -> Client:
    """The App itself."""
    return Client(github, signed(app))


def test_an_app_hears_what_it_subscribed_to_where_it_is_installed(
    github: Loopback, writer: Client, receiver: Receiver, app: App, installed: Installation
) -> None:
    github.commit("acme/other", {"a": "a"})
    github.announce("acme/other", github.comment("acme/other", github.issue("acme/other").number, "unheard"), "created")
    writer("POST", f"{REPO}/issues", {"title": "not subscribed"})
    writer("POST", f"{REPO}/issues/1/comments", {"body": "/help"})
    github.sender.drain()
    about, comment = github.deliveries
    check_webhook("installation", about.payload)
    check_webhook("issue_comment", comment.payload)
    assert (about.event, about.payload["action"], about.payload["installation"]["id"]) == (
        "installation",
        "created",
        installed.id,
    )
    assert comment.payload["installation"]["id"] == installed.id
    assert comment.headers["x-hub-signature-256"] == signature("secret", comment.body)
    assert comment.headers["x-github-hook-installation-target-type"] == "integration"
    assert comment.headers["x-github-hook-installation-target-id"] == str(app.id)
    assert [guid for guid, _ in receiver.heard] == [about.id, comment.id]


def test_a_suspended_installation_hears_nothing_and_may_do_nothing(
    github: Loopback, writer: Client, as_app: Client, installed: Installation
) -> None:
    url = f"/app/installations/{installed.id}/access_tokens"
    token = as_app("POST", url, {}).json()["token"]
    github.suspend(installed)
    writer("POST", f"{REPO}/issues/1/comments", {"body": "unheard"})
    assert as_app("POST", url, {}).json()["message"] == "This installation has been suspended"
    assert Client(github, token)("GET", REPO).status_code == 403
    assert as_app("GET", f"/app/installations/{installed.id}").json()["suspended_by"]["login"] == "octocat"
    github.unsuspend(installed)
    assert Client(github, token)("GET", REPO).status_code == 200
    github.uninstall(installed)
    assert Client(github, token)("GET", REPO).status_code == 401
    assert as_app("POST", url, {}).status_code == 404
    github.sender.drain()
    assert [item.payload["action"] for item in github.deliveries] == ["created", "suspend", "unsuspend", "deleted"]
    for item in github.deliveries:
        check_webhook("installation", item.payload)


def test_repositories_that_are_added_and_taken_away_are_told(github: Loopback, installed: Installation, writer: Client) -> None:
    github.commit("acme/other", {"a": "a"})
    github.reach(installed, added=["acme/other"])
    github.reach(installed, removed=["acme/flights"])
    writer("POST", f"{REPO}/issues/1/comments", {"body": "unheard"})
    github.sender.drain()
    _, added, removed = github.deliveries
    for item in (added, removed):
        check_webhook("installation_repositories", item.payload)
    assert (added.payload["action"], [one["full_name"] for one in added.payload["repositories_added"]]) == (
        "added",
        ["acme/other"],
    )
    assert [one["full_name"] for one in removed.payload["repositories_removed"]] == ["acme/flights"]


def test_an_installation_has_only_what_its_owner_granted(github: Loopback, app: App, as_app: Client) -> None:
    installed = github.install(app, ["acme/flights"], checks="write")
    url = f"/app/installations/{installed.id}/access_tokens"
    assert as_app("POST", url, {"permissions": {"issues": "write"}}).status_code == 422
    assert as_app("POST", url, {}).json()["permissions"] == {"metadata": "read", "checks": "write"}


@pytest.mark.parametrize(
    ("fault", "code", "said"), [("refuses", 500, "Internal Server Error"), ("deaf", 502, "failed to connect")]
)
def test_what_failed_is_listed_as_such_and_is_sent_again_under_its_id(
    github: Loopback,
    writer: Client,
    receiver: Receiver,
    as_app: Client,
    app: App,
    installed: Installation,
    fault: str,
    code: int,
    said: str,
) -> None:
    github.sender.drain()  # that it was installed has arrived
    assert app.hook is not None
    if fault == "deaf":
        app.hook.url = "http://127.0.0.1:9/"
    else:
        receiver.status = 500
    writer("POST", f"{REPO}/issues/1/comments", {"body": "/help"})
    github.sender.drain()
    newest, created = as_app("GET", DELIVERIES).json()
    assert (newest["status_code"], newest["event"], newest["action"]) == (code, "issue_comment", "created")
    assert said in newest["status"]
    assert (created["status"], newest["installation_id"]) == ("OK", installed.id)
    assert newest["repository_id"] == github.repository("acme/flights").id
    assert [one["id"] for one in as_app("GET", f"{DELIVERIES}?status=failure").json()] == [newest["id"]]
    assert [one["id"] for one in as_app("GET", f"{DELIVERIES}?status=success").json()] == [created["id"]]

    whole = as_app("GET", f"{DELIVERIES}/{newest['id']}").json()
    assert whole["request"]["payload"]["comment"]["body"] == "/help"
    assert whole["request"]["headers"]["x-github-delivery"] == newest["guid"]

    receiver.status = 202
    if fault == "refuses":
        assert as_app("POST", f"{DELIVERIES}/{newest['id']}/attempts").status_code == 202
        github.sender.drain()
        again = as_app("GET", DELIVERIES).json()[0]
        assert (again["guid"], again["redelivery"], again["status_code"]) == (newest["guid"], True, 202)
        assert [guid for guid, _ in receiver.heard].count(newest["guid"]) == 2


def test_a_receiver_that_takes_too_long_has_failed(github: Loopback, app: App, as_app: Client) -> None:
    github.sender.timeout = 0.05
    listener = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # accepts, and never answers
    assert app.hook is not None
    app.hook.url = f"http://127.0.0.1:{listener.server_port}/"
    github.install(app, ["acme/flights"])
    github.sender.drain()
    [one] = as_app("GET", DELIVERIES).json()
    assert (one["status"], one["status_code"]) == ("timed out", 504)
    listener.server_close()


def test_deliveries_are_paged_by_a_cursor(github: Loopback, as_app: Client, app: App, installed: Installation) -> None:
    for _ in range(6):
        github.announce("acme/flights", github.comment("acme/flights", 1, "hello"), "created")
    github.sender.drain()
    seen, url = [], f"{DELIVERIES}?per_page=3"
    while url:
        answer = as_app("GET", url)
        seen += [one["id"] for one in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert (len(seen), seen) == (7, sorted(seen, reverse=True))
    assert as_app("GET", f"{DELIVERIES}?cursor=nonsense").status_code == 422


def test_deliveries_are_the_apps_own(github: Loopback, writer: Client, as_app: Client, installed: Installation) -> None:
    github.sender.drain()
    [own] = as_app("GET", DELIVERIES).json()
    other = Client(github, signed(github.app("other")))
    assert other("GET", DELIVERIES).json() == []
    assert other("GET", f"{DELIVERIES}/{own['id']}").status_code == 404
    assert other("POST", f"{DELIVERIES}/{own['id']}/attempts").status_code == 404
    assert writer("GET", DELIVERIES).status_code == 401
    assert as_app("GET", "/app/hook/config").json()["secret"] == "********"
    assert other("GET", "/app/hook/config").status_code == 404


def test_meta_says_where_webhooks_come_from(github: Loopback) -> None:
    assert Client(github)("GET", "/meta").json()["hooks"] == ["127.0.0.1/32", "::1/128"]
    github.state.networks = ["192.0.2.0/24"]
    assert Client(github)("GET", "/meta").json()["hooks"] == ["192.0.2.0/24"]
