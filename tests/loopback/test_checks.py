"""Check runs and commit statuses."""

from typing import Any

import pytest

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

CHECKS = "/repos/acme/flights/check-runs"
OUTPUT = {"title": "Data", "summary": "All is well"}


@pytest.fixture
def sha(github: Loopback) -> str:
    return github.repository("acme/flights").pulls[1].head_sha


def note(line: int) -> dict[str, Any]:
    return {"path": "assay.yml", "start_line": line, "end_line": line, "annotation_level": "failure", "message": "no"}


def test_a_check_is_made_in_progress_and_completed_once(writer: Client, sha: str) -> None:
    made = writer("POST", CHECKS, {"name": "assay / data", "head_sha": sha, "status": "in_progress", "external_id": "7"}).json()
    assert (made["status"], made["conclusion"], made["app"]["slug"]) == ("in_progress", None, "github-actions")
    assert made["pull_requests"][0]["number"] == 1
    done = writer("PATCH", f"{CHECKS}/{made['id']}", {"conclusion": "success", "output": OUTPUT}).json()
    assert (done["status"], done["conclusion"], done["external_id"]) == ("completed", "success", "7")
    assert done["completed_at"]
    assert writer("GET", f"{CHECKS}/{made['id']}").json() == done


def test_a_list_shows_the_newest_of_each_name(writer: Client, sha: str) -> None:
    for name in ("assay / data", "assay / drift", "assay / data"):
        writer("POST", CHECKS, {"name": name, "head_sha": sha})
    url = f"/repos/acme/flights/commits/{sha}/check-runs"
    assert writer("GET", url).json()["total_count"] == 2
    assert writer("GET", f"{url}?filter=all").json()["total_count"] == 3
    assert writer("GET", f"{url}?check_name=assay / drift").json()["total_count"] == 1
    assert writer("GET", f"{url}?app_id=1").json()["total_count"] == 0
    assert writer("GET", "/repos/acme/flights/commits/change/check-runs").json()["total_count"] == 2


def test_ga_14_fifty_annotations_are_the_most_of_a_request_and_they_add_up(writer: Client, sha: str) -> None:
    check = {"name": "assay / data", "head_sha": sha}
    refused = writer("POST", CHECKS, {**check, "output": {**OUTPUT, "annotations": [note(1)] * 51}})
    assert refused.status_code == 422
    made = writer("POST", CHECKS, {**check, "output": {**OUTPUT, "annotations": [note(1)] * 50}}).json()
    after = writer("PATCH", f"{CHECKS}/{made['id']}", {"output": {**OUTPUT, "annotations": [note(2)]}}).json()
    assert after["output"]["annotations_count"] == 51
    assert len(writer("GET", f"{CHECKS}/{made['id']}/annotations?per_page=100").json()) == 51


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "completed"},
        {"conclusion": "perfect"},
        {"status": "thinking"},
        {"output": {"title": "no summary"}},
        {"output": {**OUTPUT, "summary": "x" * 65_536}},
        {"output": {**OUTPUT, "annotations": [{"path": "x"}]}},
        {"output": {**OUTPUT, "annotations": [{**note(3), "end_line": 2}]}},
        {"output": {**OUTPUT, "annotations": [{**note(3), "annotation_level": "error"}]}},
        {"head_sha": "1" * 40},
        {"name": None},
    ],
)
def test_what_is_wrong_is_refused(writer: Client, sha: str, wrong: dict[str, Any]) -> None:
    assert writer("POST", CHECKS, {"name": "assay / data", "head_sha": sha, **wrong}).status_code == 422


def test_only_an_app_makes_checks_and_only_its_own_app_changes_them(writer: Client, github: Loopback, sha: str) -> None:
    check = {"name": "assay / data", "head_sha": sha}
    person = Client(github, github.user_token("octocat", checks="write"))
    assert person("POST", CHECKS, check).json()["message"] == "You must authenticate via a GitHub App."
    mine = writer("POST", CHECKS, check).json()["id"]
    github.state.repositories["acme/flights"].checks[mine].app_id = 1
    assert writer("PATCH", f"{CHECKS}/{mine}", {"conclusion": "success"}).status_code == 403


def test_a_token_without_checks_may_still_set_a_status(github: Loopback, sha: str) -> None:
    client = Client(github, github.token("acme/flights", statuses="write"))
    refused = client("POST", CHECKS, {"name": "assay / data", "head_sha": sha})
    assert (refused.status_code, refused.headers["x-accepted-github-permissions"]) == (403, "checks=write")
    url = f"/repos/acme/flights/statuses/{sha}"
    assert client("POST", url, {"state": "pending", "context": "assay / data"}).status_code == 201
    assert client("POST", url, {"state": "success", "context": "assay / data", "target_url": "http://x"}).status_code == 201
    assert client("POST", url, {"state": "good"}).status_code == 422
    assert client("POST", url, {"state": "error", "description": "x" * 141}).status_code == 422
    assert [item["state"] for item in client("GET", f"/repos/acme/flights/commits/{sha}/statuses").json()] == [
        "success",
        "pending",
    ]
    combined = client("GET", f"/repos/acme/flights/commits/{sha}/status").json()
    assert (combined["state"], combined["total_count"]) == ("success", 1)
