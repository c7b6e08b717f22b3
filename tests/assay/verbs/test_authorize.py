"""`assay authorize`: a leave as a file where there is one, else one line, exit code 1 and no file."""

import json

import pytest

from policy import authorization
from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import Job, here, job, mlflow_server, registry

__all__ = ["here", "job", "mlflow_server", "registry"]


def test_the_leave_is_a_file_and_json_on_demand(assay: Assay, job: Job) -> None:
    done = assay("authorize", job.number, cwd=job.folder)
    assert done.code == 0, done.err
    assert done.out == f"staging of {job.model} may move from 1 to 2: decision.json\n"
    found = authorization.authorization((job.folder / "decision.json").read_bytes())
    assert (found.version, found.expected, found.run) == (2, 1, 4711)
    again = assay("authorize", job.number, "--out", "again.json", "--json", cwd=job.folder)
    assert json.loads(again.out) == json.loads((job.folder / "again.json").read_text("utf-8"))
    assert json.loads(again.out)["lock"] == found.lock


def test_without_approval_there_is_one_line_and_no_file(assay: Assay, job: Job) -> None:
    job.there.chat.say("/revoke", "carol", job.number)
    (line,) = told(assay("authorize", job.number, cwd=job.folder), 1)
    assert "waits for approvals" in line and "Its card says what is missing" in line
    assert not (job.folder / "decision.json").exists()


def test_an_issue_that_asks_for_nothing_is_refused(assay: Assay, job: Job) -> None:
    (line,) = told(assay("authorize", job.there.chat.here.number, cwd=job.folder), 1)
    assert "no request" in line
    told(assay("authorize", "0", cwd=job.folder), 2)


def test_outside_of_a_job_and_where_a_file_cannot_be_written_the_line_says_so(
    assay: Assay, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = told(assay("authorize", job.number, "--out", "nowhere/decision.json", cwd=job.folder), 2)
    assert "cannot be written" in line
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    (line,) = told(assay("authorize", job.number, cwd=job.folder), 2)
    assert "no registry is named" in line
    monkeypatch.setenv("GITHUB_REF", "refs/heads/feature")
    (line,) = told(assay("authorize", job.number, cwd=job.folder), 1)
    assert "a job of refs/heads/feature" in line
