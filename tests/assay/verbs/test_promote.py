"""`assay promote` on the command line: the decision in, the outcome out, and every exit code. On a real MLflow server."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry
from actions.repository import Repository
from assay.registered import Registered
from policy import digests, document
from policy.authorization import Authorization, outcome
from policy.digests import Subject
from policy.origin import Origin
from policy.promotion import covered
from tests.assay.conftest import Assay, told
from tests.assay.verbs.promoting import as_in_a_job, here
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.promotion.court import POLICY, court
from tests.registry import Release, fresh, mlflow_server, registry, release
from tests.repositories import Repo

__all__ = ["here", "mlflow_server", "registry"]


def version_of(found: Release, scratch: Path, server: str) -> Origin:
    """Register the head of a project, and say what of."""
    with Repository.open(found.repo.root) as repository:
        ready = register.look(repository, replace(found.evidence(), pull_request=None), scratch, Silent())
        assert ready.origin is not None
        register.register(Registry.connect({"MLFLOW_TRACKING_URI": server}), repository, ready, scratch, None, Silent())
    return ready.origin


@pytest.fixture(scope="module")
def registered(made: Repo, tmp_path_factory: pytest.TempPathFactory, mlflow_server: str) -> tuple[Release, Authorization]:
    """A version, and the leave to promote it to production."""
    found = release(made, tmp_path_factory.mktemp("registered") / "ready")
    made_of = version_of(found, tmp_path_factory.mktemp("bytes"), mlflow_server)
    subject = Subject(
        repository=1,
        model=found.model,
        version="1",
        environment="production",
        report=made_of.facts_digest,
        policy=document.digest((found.repo.root / "assay.yml").read_text()),
        request=12,
        body="sha256:1",
        **covered(made_of),
    )
    whole = digests.digest(subject)
    at = datetime.now(UTC)
    return found, Authorization(subject=subject, bind="commit", digest=whole, expected=None, approvers=(1,), lock=1, run=7, at=at)


@pytest.fixture
def ready(
    registered: tuple[Release, Authorization], tmp_path: Path, mlflow_server: str, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Authorization]:
    """A clone with the decision in it, and a registry in the environment."""
    found, leave = registered
    clone = found.repo.clone(tmp_path / "clone")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    (clone.root / "decision.json").write_text(leave.model_dump_json())
    return clone.root, leave


def test_a_leave_that_is_too_old_is_exit_code_1_and_leaves_an_outcome(ready: tuple[Path, Authorization], assay: Assay) -> None:
    folder, leave = ready
    old = leave.model_copy(update={"at": leave.at - timedelta(hours=1)})
    (folder / "decision.json").write_text(old.model_dump_json())
    done = assay("promote", cwd=folder)
    assert done.code == 1
    assert "was good for half an hour" in done.err and "/promote" in done.err
    found = outcome((folder / "outcome.json").read_bytes(), leave)
    assert (found.state, found.now) == ("refused", None)


def test_what_may_not_be_read_is_exit_code_2_and_leaves_nothing(ready: tuple[Path, Authorization], assay: Assay) -> None:
    folder, _ = ready
    (line,) = told(assay("promote", "--decision", "none.json", cwd=folder), 2)
    assert "Run `assay authorize` first" in line
    (folder / "decision.json").write_text("{}")
    assert told(assay("promote", cwd=folder), 2)
    assert not (folder / "outcome.json").exists()


def test_what_ends_before_it_begins_has_changed_nothing_and_says_so(
    ready: tuple[Path, Authorization], assay: Assay, tmp_path: Path
) -> None:
    folder, leave = ready
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = assay("promote", "--decision", folder / "decision.json", "--branch", "main", cwd=elsewhere)
    assert done.code == 2
    assert outcome((elsewhere / "outcome.json").read_bytes(), leave).state == "refused"


def test_from_a_decision_to_an_outcome_and_once_more(
    ready: tuple[Path, Authorization], assay: Assay, registry: Registry, tmp_path: Path
) -> None:
    folder, leave = ready
    done = assay("promote", "--json", cwd=folder)
    assert done.code == 0, done.err
    found = outcome((folder / "outcome.json").read_bytes(), leave)
    assert (found.state, found.before, found.now) == ("promoted", None, 1)
    assert json.loads(done.out) == json.loads((folder / "outcome.json").read_bytes())
    assert registry.aliases(leave.subject.model) == {"production": 1}
    again = assay("promote", cwd=folder)
    assert (again.code, again.out) == (0, f"promoted: production of {leave.subject.model} points to 1\n")
    assert (tmp_path / "outputs").read_text() == "state=promoted\n" * 2


def test_from_an_approval_to_a_deployment(
    assay: Assay, here: Scene, made: Repo, mlflow_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = fresh("flight")
    policy = f"{POLICY.replace('flight-delay', model).replace('model/', 'model.txt')}promote: {{run: sh deploy.sh}}\n"
    there = court(here, policy)
    origin = str(here.github.repository(REPOSITORY).git.path)
    project = made.copy(tmp_path / "project")
    project.git("fetch", "--quiet", origin, "main")
    project.git("merge", "--quiet", "--strategy=ours", "--allow-unrelated-histories", "--message", "theirs", "FETCH_HEAD")
    project.git("checkout", "--quiet", "FETCH_HEAD", "--", ".github")
    project.write("assay.yml", policy).write("deploy.sh", "exit 5\n").commit("a policy")
    found = Release(project, model, project.sha()).again()
    scratch = tmp_path / "bytes"
    scratch.mkdir()
    version_of(found, scratch, mlflow_server)
    project.git("push", "--quiet", origin, "main:main")
    there.chat.around = replace(there.chat.around, registry=Registered.of({"MLFLOW_TRACKING_URI": mlflow_server}))
    number = there.ask(f"/promote {model} to staging")
    for name in ("carol", "dan"):
        there.approve(number, name)
    as_in_a_job(monkeypatch, here, mlflow_server)
    clone = project.clone(tmp_path / "clone").root
    assert assay("authorize", number, cwd=clone).code == 0
    # The deployment fails after the alias has moved: the request stays open, and the same again finishes it.
    failed = assay("promote", cwd=clone)
    assert failed.code == 1 and "The alias staging points to version 1 now" in failed.err
    done = assay("record", number, cwd=clone)
    assert (done.code, there.gateway.issue(number).state) == (1, "open"), done.err
    (clone / "deploy.sh").write_text("echo url=https://staging.example >> $ASSAY_OUTPUT\n")
    assert assay("authorize", number, cwd=clone).code == 0
    done = assay("promote", cwd=clone)
    assert (done.code, done.out) == (0, f"promoted: staging of {model} points to 1, running at https://staging.example\n")
    done = assay("record", number, cwd=clone)
    assert (done.code, there.gateway.issue(number).state) == (0, "closed"), done.err
    (deployment,) = here.github.repository(REPOSITORY).deployments.values()
    assert deployment.statuses[0]["environment_url"] == "https://staging.example"
