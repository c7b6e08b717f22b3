"""The workflow files themselves, run by a real runner."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from actions.registry.client import Registry
from policy import origin
from policy.facts import Facts
from policy.facts.reading import read
from tests.assay.conftest import CONTRACT, POLICY, rows
from tests.e2e.acting import ROOT, Ran, Runner
from tests.e2e.scene import NAME, RIGHTS, Scene
from tests.loopback.server import Loopback, running
from tests.registry import fresh, mlflow_server, registry
from tests.repositories import TRAIN, Repo

__all__ = ["mlflow_server", "registry"]
pytestmark = pytest.mark.slow
ASKING = {"actions": "write", "contents": "write", "deployments": "read", "issues": "write", "pull_requests": "read"}
"""What the job `ask` may do."""


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


class Workshop(Scene):
    """A scene whose work tree a test changes."""

    def __init__(self, github: Loopback, runner: Runner, project: Repo) -> None:
        super().__init__(github, runner, project.root)
        self.project = project

    def push(self, branch: str, message: str, to: Path | None = None) -> None:
        """Commit the work tree to a branch and push it, and the data that it names."""
        self.project.branch(branch).commit(message)
        self.send(f"HEAD:refs/heads/{branch}", to=to)
        self.project.switch("main")


@pytest.fixture
def scene(runner: Runner, project: Repo, tmp_path: Path) -> Any:
    with running() as github:
        yield Workshop(github, runner, project.clone(tmp_path / "clone"))


def facts_of(ran: Ran) -> Facts:
    """The one file of the artifact."""
    with zipfile.ZipFile(io.BytesIO(ran.artifacts["assay-facts"])) as archive:
        assert archive.namelist() == ["facts.json"]
        return read(archive.read("facts.json"))


def test_a_pull_request_is_checked_and_reported_by_the_workflow_files_themselves(scene: Workshop) -> None:
    scene.project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n")
    scene.push("better", "a steeper slope")
    pull = scene.github.pull(NAME, "better")
    checked = scene.check(pull)
    assert checked.code == 0, checked.log
    facts = facts_of(checked)
    assert facts.revision.head == pull.head_sha
    assert (facts.revision.repository, facts.revision.pull_request) == (NAME, pull.number)
    assert facts.training is not None
    assert set(checked.artifacts) == {"assay-facts"}
    reported = scene.report(pull, checked)
    assert reported.code == 0, reported.log
    (comment,) = scene.github.comments(NAME, pull.number)
    assert "Ready to merge" in comment.body
    assert {check.name: check.conclusion for check in scene.checks(pull)} == {
        "assay / data": "success",
        "assay / drift": "success",
        "assay / training": "success",
        "assay / evaluation": "success",
        "assay / governance": "success",
    }


def test_an_environment_that_is_cached_is_not_made_again(scene: Workshop) -> None:
    scene.project.write("README.md", "# Other words\n")
    scene.push("words", "other words")
    checked = scene.check(scene.github.pull(NAME, "words"))
    assert checked.code == 0, checked.log
    assert "hit=true" in checked.log
    assert "Creating " not in checked.log
    assert facts_of(checked).nothing_to_check
    assert "::group::training" not in checked.log


def test_data_that_breaks_its_contract_is_annotated_and_reported_as_not_ready(scene: Workshop) -> None:
    scene.project.write("data/raw.csv", rows(200, "200,-5\n")).dvc_add("data/raw.csv").push_data()
    scene.push("bad", "a negative value")
    pull = scene.github.pull(NAME, "bad")
    checked = scene.check(pull)
    assert checked.code != 0
    assert "::error file=contracts/raw.py,line=4,title=data%3A contract::" in checked.log
    reported = scene.report(pull, checked)
    assert reported.code == 0, reported.log
    (comment,) = scene.github.comments(NAME, pull.number)
    assert "Not ready to merge" in comment.body
    conclusions = {check.name: check.conclusion for check in scene.checks(pull)}
    assert conclusions["assay / data"] == "failure"


def test_ga_06_ga_07_a_fork_whose_branch_and_output_are_commands_is_checked_without_obeying_them(
    scene: Workshop, tmp_path: Path
) -> None:
    target = tmp_path / "hacked"
    branch = f'a";touch${{IFS}}{target};"$(touch${{IFS}}{target})'
    fork = scene.github.fork(NAME, "mallory")
    orders = ("::error::forged", "::set-output name=verdict::failed", "  ::add-mask::passed", "##[error]forged")
    scene.project.write("train.py", TRAIN + "".join(f"print({order!r})\n" for order in orders))
    scene.push(branch, f"$(touch {target}) `touch {target}` ::add-mask::x", to=fork.git.path)
    pull = scene.github.pull(NAME, f"mallory:{branch}", author="mallory")
    checked = scene.check(pull)
    assert checked.code == 0, checked.log
    printed = [line for line in checked.log.splitlines() if "forged" in line or "add-mask" in line or "name=verdict" in line]
    assert len(printed) == len(orders)
    assert all(line.startswith("[assay-check/check]   | ") for line in printed), "act marks what it obeys otherwise"
    assert "::set-output:: verdict=passed" in checked.log
    reported = scene.report(pull, checked)
    assert reported.code == 0, reported.log
    assert not target.exists()
    (comment,) = scene.github.comments(NAME, pull.number)
    assert "Ready to merge" in comment.body


def test_ga_01_a_fork_that_cannot_reach_the_data_says_so_and_how_a_maintainer_starts_the_rest(scene: Workshop) -> None:
    fork = scene.github.fork(NAME, "newcomer")
    scene.project.write("data/raw.csv", rows(300)).dvc_add("data/raw.csv")
    # What a fork has in place of the credentials: an address that does not let it in.
    scene.project.write(".dvc/config", "[core]\n    remote = store\n['remote \"store\"']\n    url = http://localhost:9/gone\n")
    scene.push("more-rows", "a hundred rows more", to=fork.git.path)
    pull = scene.github.pull(NAME, "newcomer:more-rows", author="newcomer")
    checked = scene.check(pull)
    assert checked.code != 0
    assert f"gh pr checkout {pull.number}" in checked.log
    reported = scene.report(pull, checked)
    assert reported.code == 0, reported.log
    (comment,) = scene.github.comments(NAME, pull.number)
    assert "Not ready to merge" in comment.body
    assert "success" not in {check.conclusion for check in scene.checks(pull) if check.name == "assay / data"}


def test_a_private_repository_may_publish_from_the_job_that_checks(scene: Workshop) -> None:
    scene.project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n")
    scene.push("better", "a steeper slope")
    pull = scene.github.pull(NAME, "better")
    text = (ROOT / "workflows/assay-check.yml").read_text("utf-8")
    before, after = "format('origin/{0}', github.base_ref) }}\n", '          publish: "true"\n'
    assert before in text
    ran = scene.check(
        pull,
        text.replace(before, before + after),
        GITHUB_API_URL=scene.github.url,
        GITHUB_TOKEN=scene.github.token(NAME, **RIGHTS),
    )
    assert ran.code == 0, ran.log
    (comment,) = scene.github.comments(NAME, pull.number)
    assert "Ready to merge" in comment.body


def test_the_default_branch_is_judged_against_what_it_was_before(scene: Workshop) -> None:
    before = scene.project.sha("main")
    scene.project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").commit("merged")
    scene.project.git("push", "--quiet", str(scene.origin), "main:main")
    event = {"ref": "refs/heads/main", "before": before, "repository": scene.ask(f"/repos/{NAME}")}
    ran = scene.runner.run("assay-main.yml", "push", event, scene.origin)
    assert ran.code == 0, ran.log
    facts = facts_of(ran)
    assert (facts.revision.base, facts.revision.head) == (before, scene.project.sha("main"))
    assert facts.training is not None
    assert "key=assay-branch-" in ran.log


def test_a_merge_becomes_a_version_and_a_request_for_it_by_jobs_that_run_nothing_of_the_repository(
    scene: Workshop, registry: Registry, mlflow_server: str
) -> None:
    project, model = scene.project, fresh()
    project.dvc("pull", "--quiet")
    people = "roles: {lead: [carol]}\nenvironments: {staging: {approved_if: [{role: lead}], on_merge: request}}\n"
    project.write("assay.yml", f"{POLICY}model: {{name: {model}, artifact: model.txt}}\n{people}").commit("a model")
    before = project.sha()
    project.write("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n").repro().commit("merged").push_data()
    scene.send("main:refs/heads/main")
    event = {"ref": "refs/heads/main", "before": before, "repository": scene.ask(f"/repos/{NAME}")}
    scene.github.role(NAME, "carol", "write")
    token = scene.github.token(NAME, **ASKING)
    ran = scene.runner.run(
        "assay-main.yml", "push", event, scene.origin, variables={"MLFLOW_TRACKING_URI": mlflow_server},
        GITHUB_API_URL=scene.github.url, GITHUB_TOKEN=token,
    )  # fmt: skip
    assert ran.code == 0, ran.log
    (version,) = registry.versions(model)
    assert origin.read(version.tags).code_sha == project.sha()
    assert f"registered {model}@1" in ran.log
    (request,) = [each for each in scene.github.repository(NAME).issues.values() if "assay: promotion" in each.labels]
    assert f"version 1 to staging: asked for in #{request.number}" in ran.log and [each.login for each in request.assignees] == [
        "carol"
    ]
