"""Repositories, branches, people and labels."""

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

REPO = "/repos/acme/flights"


def test_a_repository_is_found_by_name_in_any_case_and_by_id(reader: Client, github: Loopback) -> None:
    one = reader("GET", "/repos/Acme/Flights").json()
    assert reader("GET", f"/repositories/{one['id']}").json() == one
    assert reader("GET", "/repos/acme/nowhere").status_code == 404
    assert reader("GET", "/repos/mona/flights").json()["parent"]["full_name"] == "acme/flights"
    assert [item["full_name"] for item in reader("GET", f"{REPO}/forks").json()] == ["mona/flights"]


def test_branches_and_their_protection(reader: Client, github: Loopback) -> None:
    assert [item["name"] for item in reader("GET", f"{REPO}/branches").json()] == ["change", "main"]
    assert not reader("GET", f"{REPO}/branches/main").json()["protected"]
    assert reader("GET", f"{REPO}/branches/nowhere").json()["message"] == "Branch not found"
    assert reader("GET", f"{REPO}/branches/main/protection").status_code == 403
    admin = Client(github, github.user_token("octocat", administration="read", contents="read"))
    assert admin("GET", f"{REPO}/branches/main/protection").json()["message"] == "Branch not protected"
    github.protect(
        "acme/flights", "main", {"required_status_checks": {"contexts": ["assay / data"], "checks": [], "strict": True}}
    )
    assert admin("GET", f"{REPO}/branches/main/protection").json()["required_status_checks"]["contexts"] == ["assay / data"]
    assert reader("GET", f"{REPO}/branches/main").json()["protected"]


def test_roles_of_people(reader: Client, github: Loopback) -> None:
    github.role("acme/flights", "boss", "maintain")
    assert [item["login"] for item in reader("GET", f"{REPO}/collaborators").json()] == ["octocat", "boss"]
    assert reader("GET", f"{REPO}/collaborators/boss").status_code == 204
    assert reader("GET", f"{REPO}/collaborators/mona").status_code == 404
    roles = {login: reader("GET", f"{REPO}/collaborators/{login}/permission").json() for login in ("boss", "octocat", "mona")}
    assert [(item["permission"], item["role_name"]) for item in roles.values()] == [
        ("write", "maintain"),
        ("write", "write"),
        ("read", "read"),
    ]


def test_labels_are_made_once_and_put_on_issues(writer: Client) -> None:
    assert writer("POST", f"{REPO}/labels", {"name": "drift", "color": "ff0000"}).status_code == 201
    assert writer("POST", f"{REPO}/labels", {"name": "drift"}).status_code == 422
    assert [item["name"] for item in writer("POST", f"{REPO}/issues/1/labels", {"labels": ["drift", "new"]}).json()] == [
        "drift",
        "new",
    ]
    assert [item["name"] for item in writer("GET", f"{REPO}/labels").json()] == ["drift", "new"]
    assert writer("GET", f"{REPO}/labels/drift").json()["color"] == "ff0000"
    assert [item["name"] for item in writer("DELETE", f"{REPO}/issues/1/labels/drift").json()] == ["new"]
    assert writer("DELETE", f"{REPO}/issues/1/labels/drift").status_code == 404
    assert writer("PUT", f"{REPO}/issues/1/labels", {"labels": ["drift"]}).json()[0]["name"] == "drift"
    assert [item["name"] for item in writer("GET", f"{REPO}/pulls/1").json()["labels"]] == ["drift"]


def test_issues_are_opened_changed_and_listed_with_pull_requests_among_them(writer: Client) -> None:
    made = writer("POST", f"{REPO}/issues", {"title": "Promote v12", "labels": ["model"], "assignees": ["octocat"]}).json()
    assert made["number"] == 3
    assert writer("GET", f"{REPO}/issues/3").json()["assignee"]["login"] == "octocat"
    listed = writer("GET", f"{REPO}/issues").json()
    assert [(item["number"], "pull_request" in item) for item in listed] == [(3, False), (2, True), (1, True)]
    assert [item["number"] for item in writer("GET", f"{REPO}/issues?labels=model").json()] == [3]
    assert writer("PATCH", f"{REPO}/issues/3", {"state": "closed", "labels": []}).json()["closed_at"]
    assert writer("POST", f"{REPO}/issues", {"title": ""}).status_code == 422
    assert writer("POST", f"{REPO}/issues", {"title": "x", "body": "x" * 65_537}).status_code == 422


def test_who_moved_a_branch_is_told_the_newest_first(reader: Client, github: Loopback) -> None:
    sha = github.commit("acme/flights", {"a": "1"}, branch="moved", pusher="mona")
    github.commit("acme/flights", {"a": "2"}, branch="moved", pusher="hubot")
    found = reader("GET", "/repos/acme/flights/activity?ref=refs/heads/moved").json()
    assert [each["actor"]["login"] for each in found] == ["hubot", "mona"]
    assert found[0]["before"] == found[1]["after"] == sha
    assert reader("GET", "/repos/acme/flights/activity?ref=refs/heads/none").json() == []
