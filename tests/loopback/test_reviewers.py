"""Asking for a review."""

from tests.loopback.conftest import Client
from tests.loopback.schemas import check_webhook
from tests.loopback.server import Loopback

URL = "/repos/acme/flights/pulls/1/requested_reviewers"


def test_collaborators_and_teams_are_asked_once_and_no_longer(github: Loopback, writer: Client, reader: Client) -> None:
    github.role("acme/flights", "ada", "triage")
    github.team("acme", "data", {"ada": "member"})
    github.hook("acme/flights", "http://127.0.0.1:9/", "secret", ["pull_request"])
    for _ in range(2):
        asked = writer("POST", URL, {"reviewers": ["ada"], "team_reviewers": ["data"]})
        assert asked.status_code == 201
    assert [who["login"] for who in asked.json()["requested_reviewers"]] == ["ada"]
    shown = reader("GET", URL).json()
    assert ([who["login"] for who in shown["users"]], [team["slug"] for team in shown["teams"]]) == (["ada"], ["data"])
    assert reader("POST", URL, {"reviewers": ["ada"]}).status_code == 403
    assert writer("DELETE", URL, {"reviewers": ["ada"], "team_reviewers": ["data"]}).json()["requested_teams"] == []
    github.sender.drain()
    assert [item.payload["action"] for item in github.deliveries] == ["review_requested", "review_request_removed"]
    for item in github.deliveries:
        check_webhook("pull_request", item.payload)


def test_neither_the_author_nor_a_stranger_is_asked(github: Loopback, writer: Client) -> None:
    github.user("stranger")
    for login, said in (("octocat", "pull request author"), ("stranger", "only be requested from collaborators")):
        refused = writer("POST", URL, {"reviewers": [login]})
        assert refused.status_code == 422
        assert said in refused.json()["message"]
    assert writer("POST", URL, {"team_reviewers": ["nobody"]}).status_code == 422
