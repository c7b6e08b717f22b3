"""Milestones: one of a title, listed by state, and due at the midnight of California, as GitHub keeps it."""

from tests.loopback.conftest import Client

REPO = "/repos/acme/flights/milestones"


def test_a_milestone_is_made_changed_closed_and_forgotten(writer: Client) -> None:
    made = writer("POST", REPO, {"title": "better", "description": "by then", "due_on": "2027-03-31T23:59:59Z"})
    assert made.status_code == 201 and made.json()["due_on"] == "2027-03-31T07:00:00Z"
    assert made.json()["creator"]["login"] == "github-actions[bot]"
    number = made.json()["number"]
    assert writer("PATCH", f"{REPO}/{number}", {"state": "closed"}).json()["closed_at"]
    assert writer("GET", REPO).json() == [] and len(writer("GET", f"{REPO}?state=all").json()) == 1
    again = writer("PATCH", f"{REPO}/{number}", {"state": "open", "due_on": "2027-01-31T23:59:59Z"}).json()
    assert (again["closed_at"], again["due_on"], again["description"]) == (None, "2027-01-31T08:00:00Z", "by then")
    assert writer("GET", f"{REPO}/{number}").json()["title"] == "better"
    assert writer("DELETE", f"{REPO}/{number}").status_code == 204
    assert writer("GET", f"{REPO}/{number}").status_code == 404 == writer("PATCH", f"{REPO}/{number}", {}).status_code


def test_what_github_does_not_take_is_refused_and_changes_nothing(writer: Client, reader: Client) -> None:
    number = writer("POST", REPO, {"title": "better"}).json()["number"]
    for wrong in ({}, {"title": "better"}, {"title": "x", "due_on": "soon"}, {"title": "x", "state": "lost"}):
        assert writer("POST", REPO, wrong).status_code == 422
    assert writer("PATCH", f"{REPO}/{number}", {"title": "worse", "state": "lost"}).status_code == 422
    assert reader("POST", REPO, {"title": "x"}).status_code == 403
    assert [each["title"] for each in reader("GET", f"{REPO}?state=all").json()] == ["better"]
