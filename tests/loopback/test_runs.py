"""Workflow runs and their artifacts."""

import io
import zipfile

from tests.loopback.conftest import Client
from tests.loopback.server import Loopback

ACTIONS = "/repos/acme/flights/actions"


def test_a_run_of_a_branch_names_its_pull_request_and_a_forks_does_not(reader: Client, github: Loopback) -> None:
    pulls = github.repository("acme/flights").pulls
    own = github.run("acme/flights", pulls[1].head_sha, "change")
    fork = github.run("acme/flights", pulls[2].head_sha, "fix", head_repository="mona/flights")
    assert [item["number"] for item in reader("GET", f"{ACTIONS}/runs/{own.id}").json()["pull_requests"]] == [1]
    shown = reader("GET", f"{ACTIONS}/runs/{fork.id}").json()
    assert (shown["pull_requests"], shown["head_repository"]["full_name"]) == ([], "mona/flights")
    assert reader("GET", f"{ACTIONS}/runs?head_sha={fork.head_sha}").json()["total_count"] == 1


def test_an_artifact_is_downloaded_from_another_host_without_the_token(reader: Client, github: Loopback) -> None:
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    made = github.artifact("acme/flights", run, "assay-facts", {"facts.json": "{}"})
    listed = reader("GET", f"{ACTIONS}/runs/{run.id}/artifacts?name=assay-facts").json()
    assert (listed["total_count"], listed["artifacts"][0]["size_in_bytes"]) == (1, len(made.data))
    answer = reader("GET", f"{ACTIONS}/artifacts/{made.id}/zip")
    assert answer.status_code == 302
    where = answer.headers["location"]
    assert where.startswith("http://127.0.0.1:")
    assert reader("GET", where).status_code == 403
    data = Client(github)("GET", where).content
    assert zipfile.ZipFile(io.BytesIO(data)).read("facts.json") == b"{}"
    assert reader("GET", f"{ACTIONS}/artifacts").json()["total_count"] == 1
    assert reader("GET", f"{ACTIONS}/artifacts/{made.id}").json()["workflow_run"]["head_sha"] == run.head_sha


def test_an_expired_artifact_is_gone_and_nobody_downloads_unsigned(reader: Client, github: Loopback) -> None:
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    made = github.artifact("acme/flights", run, "assay-facts", b"not a zip at all")
    assert Client(github)("GET", f"{ACTIONS}/artifacts/{made.id}/zip").status_code == 401
    made.expired = True
    assert reader("GET", f"{ACTIONS}/artifacts/{made.id}/zip").status_code == 410


def test_a_run_is_run_again_and_stopped_only_with_write(reader: Client, writer: Client, github: Loopback) -> None:
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    assert reader("POST", f"{ACTIONS}/runs/{run.id}/rerun").status_code == 403
    assert writer("POST", f"{ACTIONS}/runs/{run.id}/rerun").status_code == 201
    assert (run.attempt, run.status) == (2, "queued")
    first, second = (reader("GET", f"{ACTIONS}/runs/{run.id}/attempts/{number}").json() for number in (1, 2))
    assert first["triggering_actor"]["login"] == run.actor.login != second["triggering_actor"]["login"]
    assert reader("GET", f"{ACTIONS}/runs/{run.id}/attempts/3").status_code == 404
    assert writer("POST", f"{ACTIONS}/runs/{run.id}/cancel").status_code == 202
    assert writer("GET", f"{ACTIONS}/runs/1").status_code == 404


def test_the_jobs_of_a_run_are_those_of_its_last_attempt_or_of_all(reader: Client, writer: Client, github: Loopback) -> None:
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    github.job("acme/flights", run, 90)
    assert writer("POST", f"{ACTIONS}/runs/{run.id}/rerun").status_code == 201
    github.job("acme/flights", run, 30, ["self-hosted", "gpu"], status="queued", conclusion=None, completed_at=None, runner=0)
    (last,) = reader("GET", f"{ACTIONS}/runs/{run.id}/jobs").json()["jobs"]
    assert (last["run_attempt"], last["labels"], last["runner_id"]) == (2, ["self-hosted", "gpu"], 0)
    both = reader("GET", f"{ACTIONS}/runs/{run.id}/jobs?filter=all&per_page=1").json()
    assert (both["total_count"], len(both["jobs"]), both["jobs"][0]["run_attempt"]) == (2, 1, 1)
    assert reader("GET", f"{ACTIONS}/runs/1/jobs").status_code == 404


def test_runs_are_found_by_when_they_were_made(reader: Client, github: Loopback) -> None:
    run = github.run("acme/flights", github.repository("acme/flights").pulls[1].head_sha, "change")
    run.created_at = "2026-03-31T23:59:59Z"
    for window, count in (("2026-03-01..2026-03-31T23:59:59Z", 1), ("2026-04-01..2026-05-01", 0), ("%3E%3D2026-03-31", 1)):
        assert reader("GET", f"{ACTIONS}/runs?created={window}").json()["total_count"] == count
