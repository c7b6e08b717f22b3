"""`assay commit` as the second job of assay-run.yml runs it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.gateway.transport import Transport
from policy.facts.commit import CommitFacts, CommitFile, write
from policy.facts.request import Arguments, Request
from tests.assay.conftest import Assay, Done, told
from tests.bot.gateway.scene import REPOSITORY, Scene, scene
from tests.loopback.server import running


class Job:
    """The job, at a GitHub on loopback where nobody has to wait between writes."""

    def __init__(self, here: Scene, folder: Path, assay: Assay, patch: pytest.MonkeyPatch) -> None:
        self.here, self.folder, self.assay, self.patch = here, folder, assay, patch
        here.github.commit(REPOSITORY, {"dvc.yaml": "stages: {a: {cmd: x, metrics: [m.json]}}"})
        given = Arguments(base="main", overrides=["lr=0.5"], commit=True)
        self.request = Request(id="9-0", command="train", pull_request=here.number, sha=here.head, arguments=given)
        facts = CommitFacts(request="9-0", sha=here.head, files=[CommitFile(path="m.json", text="{}\n")])
        self.run = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch")
        here.github.artifact(REPOSITORY, self.run, "assay-commit", {"commit.json": write(facts)})

    def commit(self, *arguments: str, **environ: str) -> Done:
        """Run the verb."""
        known = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.here.github.url,
            "GITHUB_TOKEN": self.here.token,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_RUN_ID": str(self.run.id),
        }
        for name, value in {**known, **environ}.items():
            self.patch.setenv(name, value)
        return self.assay("commit", *arguments, cwd=self.folder)

    @property
    def asked(self) -> str:
        """The inputs, as the workflow passes them on."""
        return json.dumps(self.request.inputs())


@pytest.fixture
def job(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    to = Transport.to
    monkeypatch.setattr(Transport, "to", lambda *given: replace(to(*given), spacing=0.0, pause=lambda _: None))
    with running() as github:
        yield Job(scene(github), tmp_path, assay, monkeypatch)


def test_it_says_what_it_committed_and_where(job: Job) -> None:
    done = job.commit("--request", job.asked)
    assert done.code == 0, done.err
    tip = job.here.github.repository(REPOSITORY).git.ref("refs/heads/feature")
    assert tip is not None
    assert done.out == f"#{job.here.number}: 1 files committed to feature as {tip[:12]}\n"
    assert (job.folder / "output").read_text() == f"commit={tip}\n"


def test_another_run_may_be_named(job: Job) -> None:
    assert job.commit("--request", job.asked, "--run", str(job.run.id), GITHUB_RUN_ID="").code == 0


@pytest.mark.parametrize(
    ("request_", "environ", "said"),
    [
        ("{}", {}, "the request is refused: request: Field required"),
        ("", {}, "not strict JSON"),
        (None, {"GITHUB_TOKEN": ""}, "there is no token"),
        (None, {"GITHUB_RUN_ID": ""}, "no run is named"),
        (None, {"GITHUB_REPOSITORY": ""}, "no repository is named"),
    ],
)
def test_what_is_missing_is_one_line(job: Job, request_: str | None, environ: dict[str, str], said: str) -> None:
    (line,) = told(job.commit("--request", job.asked if request_ is None else request_, **environ), 2)
    assert said in line


def test_a_branch_that_moved_is_one_line_and_exit_2(job: Job) -> None:
    job.here.github.commit(REPOSITORY, {"x": "1"}, "feature")
    (line,) = told(job.commit("--request", job.asked), 2)
    assert "nothing was committed" in line
