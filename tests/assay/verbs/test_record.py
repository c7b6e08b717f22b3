"""`assay record`: from a leave and a registry whose alias was moved to a deployment and a closed request."""

import json
from datetime import UTC, datetime

from actions.registry import history
from policy import authorization
from policy.authorization import Outcome
from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import Job, here, job, mlflow_server, registry
from tests.bot.gateway.scene import REPOSITORY

__all__ = ["here", "job", "mlflow_server", "registry"]


def test_from_the_leave_to_the_record(assay: Assay, job: Job) -> None:
    assert assay("authorize", job.number, cwd=job.folder).code == 0
    given = authorization.authorization((job.folder / "decision.json").read_bytes())
    now = datetime.now(UTC)
    history.move(job.registry, job.model, "staging", given.version, given.expected, now)
    outcome = Outcome(digest=given.digest, state="promoted", before=1, now=2, at=now)
    (job.folder / "outcome.json").write_text(outcome.model_dump_json())
    done = assay("record", job.number, cwd=job.folder)
    assert (done.code, done.out) == (0, f"promoted: staging of {job.model} points to 2\n"), done.err
    (made,) = job.there.chat.here.github.repository(REPOSITORY).deployments.values()
    assert made.statuses[0]["log_url"].endswith(f"/{REPOSITORY}/actions/runs/4711")
    assert job.there.gateway.issue(job.number).state == "closed" and job.there.gateway.lock("staging").holder is None
    again = assay("record", job.number, "--json", cwd=job.folder)
    assert json.loads(again.out)["state"] == "promoted"


def test_where_the_step_before_crashed_the_exit_code_is_1_and_the_line_says_what_is(assay: Assay, job: Job) -> None:
    assay("authorize", job.number, cwd=job.folder)
    done = assay("record", job.number, cwd=job.folder)
    assert (done.code, done.out) == (
        1,
        f"refused: staging of {job.model} points to 1 (The step that moves the alias left no word.)\n",
    )
    assert job.there.gateway.issue(job.number).state == "open"


def test_files_that_are_missing_or_forged_are_refused_and_nothing_is_recorded(assay: Assay, job: Job) -> None:
    (line,) = told(assay("record", job.number, cwd=job.folder), 2)
    assert "there is no decision" in line
    assay("authorize", job.number, cwd=job.folder)
    raw = (job.folder / "decision.json").read_text()
    (job.folder / "outcome.json").write_text('{"state": "promoted"}')
    (line,) = told(assay("record", job.number, cwd=job.folder), 2)
    assert "outcome.json" in line
    (job.folder / "decision.json").write_text(raw.replace('"version":"2"', '"version":"1"').replace('"2"', '"1"'))
    (line,) = told(assay("record", job.number, cwd=job.folder), 2)
    assert "its digest is not that" in line
    assert not job.there.chat.here.github.repository(REPOSITORY).deployments


def test_a_decision_of_another_run_is_refused(assay: Assay, job: Job) -> None:
    assay("authorize", job.number, cwd=job.folder)
    path = job.folder / "decision.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "run": 9}))
    (line,) = told(assay("record", job.number, cwd=job.folder), 1)
    assert "for run 9" in line
