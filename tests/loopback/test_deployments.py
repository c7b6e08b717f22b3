"""Deployments, teams, hooks and workflow files."""

from tests.loopback.conftest import Client
from tests.loopback.schemas import check_webhook
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"


def test_a_success_makes_the_deployment_before_inactive(writer: Client) -> None:
    first = writer("POST", f"{REPO}/deployments", {"ref": "main", "environment": "production"}).json()
    writer("POST", f"{REPO}/deployments/{first['id']}/statuses", {"state": "success"})
    second = writer("POST", f"{REPO}/deployments", {"ref": "change", "environment": "production"}).json()
    assert writer("POST", f"{REPO}/deployments/{second['id']}/statuses", {"state": "success"}).json()["state"] == "success"
    states = [item["state"] for item in writer("GET", f"{REPO}/deployments/{first['id']}/statuses").json()]
    assert states == ["inactive", "success"]
    assert [item["id"] for item in writer("GET", f"{REPO}/deployments?environment=production").json()] == [
        second["id"],
        first["id"],
    ]
    assert writer("GET", f"{REPO}/deployments/{first['id']}").json()["ref"] == "main"
    assert writer("POST", f"{REPO}/deployments/{first['id']}/statuses", {"state": "good"}).status_code == 422
    assert writer("POST", f"{REPO}/deployments", {"ref": "nowhere"}).status_code == 422


def test_a_github_token_sees_no_teams_and_a_person_with_the_permission_does(github: Loopback, writer: Client) -> None:
    github.team("acme", "ml", {"octocat": "maintainer", "mona": "member"})
    url = "/orgs/acme/teams/ml"
    assert writer("GET", f"{url}/members").status_code == 403
    person = Client(github, github.user_token("octocat", members="read"))
    assert person("GET", url).json()["members_count"] == 2
    assert [item["login"] for item in person("GET", f"{url}/members").json()] == ["octocat", "mona"]
    assert [item["login"] for item in person("GET", f"{url}/members?role=maintainer").json()] == ["octocat"]
    assert person("GET", f"{url}/memberships/mona").json()["state"] == "active"
    assert person("GET", f"{url}/memberships/nobody").status_code == 404
    assert person("GET", "/orgs/acme/teams/none").status_code == 404


def test_a_hook_is_registered_pinged_and_forgotten(github: Loopback, writer: Client) -> None:
    config = {"url": "http://127.0.0.1:9/", "secret": "s", "content_type": "json"}
    assert writer("POST", f"{REPO}/hooks", {"config": config}).status_code == 403
    admin = Client(github, github.user_token("octocat", repository_hooks="write"))
    made = admin("POST", f"{REPO}/hooks", {"config": config, "events": ["issues"]}).json()
    assert made["config"]["secret"] == "********"
    assert admin("POST", f"{REPO}/hooks", {"config": {"url": "file:///x"}}).status_code == 422
    assert len(admin("GET", f"{REPO}/hooks").json()) == 1
    github.sender.drain()
    [ping] = github.deliveries
    assert ping.event == "ping"
    check_webhook("ping", ping.payload)
    assert admin("DELETE", f"{REPO}/hooks/{made['id']}").status_code == 204
    assert admin("DELETE", f"{REPO}/hooks/{made['id']}").status_code == 404


def test_workflow_files_are_those_of_the_default_branch(github: Loopback, reader: Client) -> None:
    assert reader("GET", f"{REPO}/actions/workflows").json()["total_count"] == 0
    github.commit("acme/flights", {".github/workflows/assay-check.yml": "on: pull_request\n"})
    [item] = reader("GET", f"{REPO}/actions/workflows").json()["workflows"]
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    assert reader("GET", f"{REPO}/actions/runs/{run.id}").json()["workflow_id"] == item["id"]
