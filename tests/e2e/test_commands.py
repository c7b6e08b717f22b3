"""assay-run.yml itself, run by a real runner: what a command starts, what it refuses, and the commit that may come of it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from policy.facts import Facts
from policy.facts.reading import read
from policy.facts.record import Command
from policy.facts.request import WORKFLOW, Arguments, Request
from tests.assay.conftest import CONTRACT, POLICY, rows
from tests.e2e.acting import ROOT, Ran, Runner
from tests.e2e.scene import NAME, Scene
from tests.loopback.server import Loopback, running
from tests.repositories import Repo

pytestmark = pytest.mark.slow


class Asking(Scene):
    """A scene in which a pull request is open and somebody gives commands on it."""

    def __init__(self, github: Loopback, runner: Runner, project: Repo) -> None:
        super().__init__(github, runner, project.root)
        self.project = project
        project.branch("change").write("README.md", "# Other words\n").commit("other words")
        self.send("change:refs/heads/change")
        self.pull = github.pull(NAME, "change")

    def command(self, name: Command, **arguments: Any) -> Request:
        """A request for the head of the pull request."""
        given = Arguments.model_validate({"base": "main", **arguments})
        return Request(id="4711-0", command=name, pull_request=self.pull.number, sha=self.pull.head_sha, arguments=given)

    def start(self, inputs: dict[str, str], job: str, **env: str) -> Ran:
        """Run one of the two jobs; the other is on another machine at another time."""
        head, jobs = (ROOT / "workflows" / WORKFLOW).read_text("utf-8").split("\njobs:\n")
        run, commit = jobs.split("\n  commit:\n")
        text = f"{head}\njobs:\n" + (run if job == "run" else f"  commit:\n{commit}".replace("    needs: run\n", ""))
        event = {"inputs": inputs, "ref": "refs/heads/main", "repository": self.ask(f"/repos/{NAME}")}
        return self.runner.run(WORKFLOW, "workflow_dispatch", event, self.origin, text, **env)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("runner"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A project whose `main` holds, with its data pushed."""
    repo = Repo(tmp_path_factory.mktemp("project")).with_pipeline(run=False)
    repo.write("data/raw.csv", rows(200)).dvc_add("data/raw.csv")
    repo.write("assay.yml", POLICY).write("contracts/raw.py", CONTRACT).write("README.md", "# A project\n")
    return repo.repro().commit("a project").push_data()


@pytest.fixture
def scene(runner: Runner, project: Repo, tmp_path: Path) -> Any:
    with running() as github:
        yield Asking(github, runner, project.clone(tmp_path / "clone"))


def facts_of(ran: Ran) -> Facts:
    """The one file of the artifact."""
    with zipfile.ZipFile(io.BytesIO(ran.artifacts["assay-facts"])) as archive:
        return read(archive.read("facts.json"))


def test_a_command_trains_with_another_parameter_and_what_came_of_it_is_committed(scene: Asking) -> None:
    sha = scene.pull.head_sha
    request = scene.command("train", set=["train.slope=9.5"], commit=True)
    ran = scene.start(request.inputs(), "run")
    assert ran.code == 0, ran.log
    facts = facts_of(ran)
    revision = facts.revision
    assert (revision.head, revision.base, revision.merge_base, revision.dirty) == (sha, sha, sha, True)
    assert (revision.repository, revision.pull_request, facts.request) == (NAME, scene.pull.number, request.facts)
    assert [(each.key, each.before, each.after) for each in facts.overrides] == [("train.slope", "1.5", "9.5")]
    assert facts.evaluation is not None
    (metric,) = facts.evaluation.metrics
    assert metric.head is not None and metric.base is not None and metric.head > metric.base
    assert "stage train ended after" in ran.log
    assert "write=false" in ran.log, "a run of a change saves no cache that other branches restore"

    run = scene.github.run(NAME, scene.project.sha("main"), "main", "workflow_dispatch", path=f".github/workflows/{WORKFLOW}")
    scene.github.artifact(NAME, run, "assay-commit", ran.artifacts["assay-commit"])
    token = scene.github.token(NAME, actions="read", contents="write", pull_requests="read")
    landed = scene.start(
        request.inputs(), "commit", GITHUB_RUN_ID=str(run.id), GITHUB_API_URL=scene.github.url, GITHUB_TOKEN=token
    )
    assert landed.code == 0, landed.log
    git = scene.github.repository(NAME).git
    tip = git.ref("refs/heads/change")
    assert tip is not None and tip in landed.log
    made = git.commit(tip)
    assert (made.parents, made.message.splitlines()[0]) == ((sha,), "Train with train.slope=9.5")
    assert f"Assay-Request: {request.id}" in made.message
    assert {change.path for change in git.diff(sha, tip)} == {"dvc.lock", "metrics.json", "params.yaml"}
    scene.project.git("fetch", "--quiet", str(scene.origin), "change")
    scene.project.switch("FETCH_HEAD").dvc("pull", "--quiet")
    assert (scene.project.root / "model.txt").read_text().startswith("9.5 "), "what the lock names was pushed"
    assert scene.project.dvc("status") == "Data and pipelines are up to date.\n"


def test_cp_13_arguments_that_are_commands_are_refused_on_the_runner_before_anything_is_trained(
    scene: Asking, tmp_path: Path
) -> None:
    target = tmp_path / "hacked"
    hostile = f'lr=$(touch {target})`touch {target}`"; touch {target}; "'
    inputs = scene.command("train").inputs() | {"arguments": json.dumps({"base": "main", "set": [hostile]})}
    ran = scene.start(inputs, "run")
    assert ran.code != 0
    assert "the request is refused: arguments.set" in ran.log
    assert "::group::training" not in ran.log
    assert ran.artifacts == {}
    assert not target.exists()


def test_tt_07_a_command_for_a_commit_that_is_not_the_head_any_more_runs_nothing(scene: Asking) -> None:
    request = scene.command("check")
    scene.github.commit(NAME, {"notes.txt": "pushed meanwhile"}, branch="change")
    ran = scene.start(request.inputs(), "run")
    assert ran.code != 0
    assert f"the command was given for {request.sha}" in ran.log
    assert "Install the project" not in ran.log.split("Refuse another commit")[-1]
    assert ran.artifacts == {}
