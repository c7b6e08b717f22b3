"""`assay publish` as a job runs it: environment in, one line out."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.transport import Transport
from policy import document
from policy.facts.reading import write
from tests.assay.conftest import Assay, Done
from tests.bot.cml.stand_in import stand_in
from tests.bot.gateway.scene import REPOSITORY, Scene, scene
from tests.bot.material import POLICY, facts
from tests.loopback.server import running


class Job:
    """A job of a workflow, for a pull request of the same repository."""

    def __init__(self, here: Scene, folder: Path, assay: Assay, patch: pytest.MonkeyPatch) -> None:
        self.here, self.folder, self.assay, self.patch = here, folder, assay, patch
        self.base = here.github.commit(REPOSITORY, {"assay.yml": POLICY})
        self.head = here.github.commit(REPOSITORY, {"data/rows.csv.dvc": "2"}, branch="topic")
        self.number = here.github.pull(REPOSITORY, "topic").number
        claim = {
            "repository": REPOSITORY,
            "pull_request": self.number,
            "base": self.base,
            "head": self.head,
            "merge_base": self.base,
        }
        self.facts = facts(accuracy=0.2, **claim)

    def publish(self, event: str, payload: dict[str, object], *arguments: str, **environ: str) -> Done:
        """Run the verb as a step of that event."""
        known = {"id": 1, "full_name": REPOSITORY, "default_branch": "main"}
        (self.folder / "event.json").write_text(json.dumps({**payload, "repository": known}))
        told = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": self.here.token,
            "GITHUB_API_URL": f"{self.here.github.url}/",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_RUN_ID": "99",
        }
        for name, value in {**told, **environ}.items():
            self.patch.setenv(name, value)
        done = self.assay("publish", *arguments, cwd=self.folder)
        assert "Traceback" not in done.err
        return done

    def ran(self) -> dict[str, object]:
        """The check left its facts; the event that follows."""
        run = self.here.github.run(REPOSITORY, self.head, "topic")
        self.here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(self.facts)})
        head = {"full_name": REPOSITORY}
        told = {"id": run.id, "event": "pull_request", "head_sha": self.head, "head_branch": "topic", "head_repository": head}
        return {"workflow_run": {**told, "conclusion": "failure", "run_started_at": run.created_at}}


@pytest.fixture
def job(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """A job at a GitHub on loopback, where nobody has to wait between writes."""
    to = Transport.to
    monkeypatch.setattr(Transport, "to", lambda *given: replace(to(*given), spacing=0.0, pause=lambda _: None))
    with running() as github:
        yield Job(scene(github), tmp_path, assay, monkeypatch)


def test_a_report_job_publishes_and_tells_the_step_how_it_came_out(job: Job) -> None:
    payload = job.ran()
    done = job.publish("workflow_run", payload, "--run", str(payload["workflow_run"]["id"]))  # type: ignore[index]
    assert done.code == 0, done.err
    assert f"#{job.number}: failed; 6 writes (14 requests)" in done.out
    output = (job.folder / "output").read_text()
    assert "\nfailed\n" in output and "evaluation" in output
    assert "Not ready to merge" in (job.folder / "summary").read_text()
    (comment,) = job.here.github.comments(REPOSITORY, job.number)
    assert comment.author.login == "github-actions[bot]"


def test_a_job_that_checked_publishes_its_own_facts(job: Job) -> None:
    (job.folder / ".assay").mkdir()
    (job.folder / ".assay" / "facts.json").write_bytes(write(job.facts))
    payload: dict[str, object] = {"pull_request": {"number": job.number, "head": {"sha": job.head}}}
    assert "failed; 6 writes" in job.publish("pull_request", payload).out
    assert "nothing to write" in job.publish("pull_request", payload, "--facts", ".assay").out
    assert "nothing to write" in job.publish("pull_request", payload, "--facts", ".assay/facts.json").out


def under(job: Job, section: str) -> dict[str, object]:
    """The base gets a `report:` section, and the check ran under it; the event that follows."""
    text = f"{POLICY}report:\n  {section}\n"
    job.base = job.here.github.commit(REPOSITORY, {"assay.yml": text})
    told = job.facts
    job.facts = told.model_copy(
        update={
            "revision": told.revision.model_copy(update={"base": job.base}),
            "policy": told.policy.model_copy(update={"digest": document.digest(text)}),
        }
    )
    return job.ran()


def test_a_cml_on_path_publishes_where_the_policy_names_it(job: Job, tmp_path: Path) -> None:
    there = stand_in(tmp_path)
    job.patch.setenv("PATH", str(there.folder), prepend=os.pathsep)
    done = job.publish("workflow_run", under(job, "publisher: cml"), GITHUB_SHA=job.head)
    assert done.code == 0, done.err
    assert [each.arguments[:2] for each in there.calls] == [["check", "create"]] * 5 + [["comment", "update"]]
    (comment,) = job.here.github.comments(REPOSITORY, job.number)
    assert "CML watermark assay check" in comment.body and job.here.token not in done.out + done.err


def test_a_cml_that_fails_is_exit_code_three_and_no_token(job: Job, tmp_path: Path) -> None:
    there = stand_in(tmp_path, fails=True)
    job.patch.setenv("PATH", str(there.folder), prepend=os.pathsep)
    done = job.publish("workflow_run", under(job, "publisher: cml"), GITHUB_SHA=job.head)
    assert done.code == 3 and "no luck" in done.err and job.here.token not in done.out + done.err


def test_pictures_without_the_permission_are_a_line_with_the_block_to_paste(job: Job) -> None:
    token = job.here.github.token(
        REPOSITORY, actions="read", contents="read", pull_requests="write", checks="write", issues="write"
    )
    done = job.publish("workflow_run", under(job, "pictures: true"), GITHUB_TOKEN=token)
    assert done.code == 0 and "no pictures" in done.out and "contents: write" in done.err
    assert len(job.here.github.comments(REPOSITORY, job.number)) == 1


def test_a_check_that_left_nothing_is_published_as_red(job: Job) -> None:
    done = job.publish("pull_request", {"pull_request": {"number": job.number, "head": {"sha": job.head}}})
    assert done.code == 0 and "left none behind" in done.err


def test_ap_08_a_token_that_may_not_is_a_line_with_the_block_to_paste_and_no_token(job: Job) -> None:
    reader = job.here.github.token(REPOSITORY, "read")
    done = job.publish("workflow_run", job.ran(), GITHUB_TOKEN=reader)
    assert done.code == 2
    assert "permissions:" in done.err and "checks: write" in done.err
    assert reader not in done.out + done.err and "Traceback" not in done.err


def test_an_event_that_cannot_be_read_and_a_missing_token_are_usage_errors(job: Job) -> None:
    done = job.publish("push", {}, GITHUB_EVENT_PATH="/nowhere.json")
    assert done.code == 2 and "GITHUB_EVENT_PATH" in done.err
    done = job.publish("push", {}, GITHUB_TOKEN="")
    assert done.code == 2 and "there is no token" in done.err


def test_a_github_that_is_down_is_exit_code_three(job: Job) -> None:
    done = job.publish("workflow_run", job.ran(), GITHUB_API_URL="http://localhost:9")
    assert done.code == 3 and "cannot be reached" in done.err
