"""A model reaches production by an approved issue and goes back from there, in both homes, and the ledger proves it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from actions.registry.client import Registry
from policy import ledger
from policy.ledger import Decision
from tests.assay.conftest import made
from tests.e2e.acting import ROOT, Runner
from tests.e2e.promoting import POLICY, Jobs, Stage, hand_over, push, registered, served
from tests.e2e.scene import NAME
from tests.e2e.serving import serving
from tests.loopback.server import Loopback, running
from tests.registry import Release, fresh, mlflow_server, registry
from tests.repositories import Repo

__all__ = ["made", "mlflow_server", "registry"]
pytestmark = pytest.mark.slow
TOLD = (Decision.REQUESTED, Decision.APPROVED, Decision.APPROVED, Decision.PROMOTED)


def two_versions(github: Loopback, made: Repo, folder: Path, server: str) -> tuple[str, int]:
    """A project with two versions of its model; the model's name, and an issue to talk on."""
    model = fresh("flight")
    project = made.copy(folder / "project")
    hand_over(github, project)
    project.write("assay.yml", POLICY.format(model=model, artifact="model.txt")).commit("a policy")
    first = Release(project, model, project.sha()).again()
    push(github, project)
    assert registered(first, server) == 1
    second = first.again("params.yaml", "prepare: {minimum: 0}\ntrain: {slope: 9}\n")
    project.repro().commit("another slope").push_data()
    second = replace(second, base=first.head)
    push(github, project)
    assert registered(second, server) == 2
    return model, github.issue(NAME, title="The next model").number


def verified(github: Loopback, folder: Path, server: str) -> list[Decision]:
    """What `assay audit verify` says of the ledger on a fresh clone, with registry and deployments: it holds, and holds these."""
    told = {"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": NAME, "GITHUB_TOKEN": github.token(NAME, "write")}
    clone = folder / "audit"
    subprocess.run(("git", "clone", "--quiet", str(github.repository(NAME).git.path), str(clone)), check=True)
    command = (sys.executable, str(ROOT / "assay/__main__.py"), "audit", "verify")
    env = {
        "PATH": str(Path(sys.executable).parent) + ":/usr/bin:/bin",
        "HOME": str(folder),
        "MLFLOW_TRACKING_URI": server,
        **told,
    }
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not compared" not in done.stdout
    git = github.repository(NAME).git
    found = []
    while (entry := git.entry("assay-ledger", ledger.path(len(found) + 1))) is not None:
        found.append(ledger.read(git.read(entry.sha)).entry.decision)
    return found


def through(stage: Stage, asked_on: int) -> None:
    """Both versions to staging, one after the other, and back to the first."""
    first = stage.promote(1, "staging", ("carol", "dan"), asked_on)
    second = stage.promote(2, "staging", ("carol", "dan"), asked_on)
    assert stage.registry.aliases(stage.model) == {"staging": 2}
    back = stage.roll_back("staging", "the new one forgets the holidays of the whole year", asked_on)
    assert stage.registry.aliases(stage.model) == {"staging": 1}
    assert [each.state for each in (first, second, back)] == ["closed"] * 3
    address = "https://models.example/staging/"
    assert stage.deployed() == [("staging", 1, f"{address}1"), ("staging", 2, f"{address}2"), ("staging", 1, f"{address}1")]
    reviews = [each for each in stage.github.repository(NAME).issues.values() if "assay: review" in each.labels]
    assert [each.state for each in reviews] == ["open"]


def test_by_the_workflow_files_alone(made: Repo, registry: Registry, mlflow_server: str, tmp_path: Path) -> None:
    with running() as github:
        model, issue = two_versions(github, made, tmp_path, mlflow_server)
        jobs = Jobs(github, Runner(tmp_path), mlflow_server)
        stage = Stage(github, registry, model, jobs.heard, jobs.ran)
        request = stage.promote(2, "staging", ("carol", "dan"), issue)
        assert registry.aliases(model) == {"staging": 2} and request.state == "closed"
        assert stage.deployed() == [("staging", 2, "https://models.example/staging/2")]
        assert verified(github, tmp_path, mlflow_server) == [*TOLD]


def test_by_a_service(made: Repo, registry: Registry, mlflow_server: str, tmp_path: Path) -> None:
    more = {"MLFLOW_TRACKING_URI": mlflow_server, "ASSAY_REGISTRY_REPOSITORY": NAME}
    with running() as github:
        model, issue = two_versions(github, made, tmp_path, mlflow_server)
        with serving(github, tmp_path, **more) as service:
            service.start()
            through(served(service, registry, model, mlflow_server, tmp_path), issue)
        assert verified(github, tmp_path, mlflow_server) == [*TOLD, *TOLD, Decision.REQUESTED, Decision.ROLLED_BACK]
