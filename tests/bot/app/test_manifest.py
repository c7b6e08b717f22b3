"""The manifest is one that GitHub takes."""

import json

import httpx
import pytest

from bot.app.manifest import Wish, manifest
from bot.app.permissions import EVENTS
from policy.problems import UserProblem
from tests.loopback.server import running


@pytest.mark.parametrize(
    "wish", [Wish("Assay", "https://assay.example/"), Wish("a" * 34, "http://localhost:8000/x", "write", False)]
)
def test_a_github_takes_it_as_it_is(wish: Wish) -> None:
    with running() as github:
        sent = manifest(wish, "http://127.0.0.1:1/created")
        answer = httpx.post(f"{github.url}/settings/apps/new", data={"manifest": json.dumps(sent)}, timeout=10)
        assert answer.status_code == 302, answer.text
        [app] = github.state.codes.values()
    assert app.hook is not None and app.hook.url == wish.url.rstrip("/") + "/webhooks/github"
    assert app.callbacks == [wish.url.rstrip("/") + "/login/callback"]
    assert app.permissions == sent["default_permissions"]
    assert app.events == [each.name for each in EVENTS if wish.merge_queue or each.name != "merge_group"]


def test_the_app_is_private_and_asks_nobody_to_sign_in() -> None:
    sent = manifest(Wish(" Assay ", "https://assay.example"), "http://127.0.0.1:1/created")
    assert (sent["public"], sent["request_oauth_on_install"], sent["name"]) == (False, False, "Assay")
    assert sent["default_permissions"]["contents"] == "read"


@pytest.mark.parametrize(
    "url", ["assay.example", "ftp://assay.example", "https://", "https://u:p@assay.example", "https://a.example?b=c"]
)
def test_what_github_cannot_send_to_is_a_problem(url: str) -> None:
    with pytest.raises(UserProblem, match="GitHub can send to"):
        Wish("Assay", url)


@pytest.mark.parametrize("name", ["", "  ", "x" * 35])
def test_a_name_that_github_would_not_take_is_a_problem(name: str) -> None:
    with pytest.raises(UserProblem, match="34 characters"):
        Wish(name, "https://assay.example")
