"""`assay propose` as the second job of assay-retrain.yml runs it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.transport import Transport
from tests.assay.conftest import Assay, Done, told
from tests.bot.gateway.scene import REPOSITORY, scene
from tests.bot.proposing.scene import Runs
from tests.loopback.server import running


class Job:
    """The job, at a GitHub on loopback where nobody has to wait between writes."""

    def __init__(self, runs: Runs, folder: Path, assay: Assay, patch: pytest.MonkeyPatch) -> None:
        self.runs, self.folder, self.assay, self.patch = runs, folder, assay, patch
        self.run = runs.leave(runs.run())

    def propose(self, *arguments: str, **environ: str) -> Done:
        """Run the verb."""
        known = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.runs.here.github.url,
            "GITHUB_TOKEN": self.runs.here.token,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_RUN_ID": str(self.run.id),
        }
        for name, value in {**known, **environ}.items():
            self.patch.setenv(name, value)
        return self.assay("propose", *arguments, cwd=self.folder)


@pytest.fixture
def job(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    to = Transport.to
    monkeypatch.setattr(Transport, "to", lambda *given: replace(to(*given), spacing=0.0, pause=lambda _: None))
    with running() as github:
        yield Job(Runs(scene(github)).begin(), tmp_path, assay, monkeypatch)


def test_it_says_what_it_opened_and_tells_later_steps(job: Job) -> None:
    done = job.propose("retrain", "--because", "the July data came")
    assert done.code == 0, done.err
    (number,) = [number for number in job.runs.here.github.repository(REPOSITORY).pulls if number != job.runs.here.number]
    assert done.out == f"#{number} was opened\n"
    assert (job.folder / "output").read_text() == f"pull-request={number}\ndid=opened\n"
    assert "the July data came" in job.runs.issue(number).body
    again = json.loads(job.propose("retrain", "--json").out)
    assert again == {"did": "stands", "why": "proposal-helps", "pull_request": number, "superseded": []}


@pytest.mark.parametrize(
    ("kind", "environ", "said"),
    [
        ("everything", {}, "Name one of retrain, refresh, tune"),
        ("retrain", {"GITHUB_TOKEN": ""}, "there is no token"),
        ("retrain", {"GITHUB_RUN_ID": ""}, "no run of Actions is named"),
        ("retrain", {"GITHUB_RUN_ID": "1"}, "GitHub has no such thing"),
        ("retrain", {"GITHUB_REF": "refs/heads/feature"}, "a job of refs/heads/feature"),
    ],
)
def test_what_is_missing_is_one_line(job: Job, kind: str, environ: dict[str, str], said: str) -> None:
    (line,) = told(job.propose(kind, **environ), 2)
    assert said in line
