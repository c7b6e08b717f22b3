"""`assay promote` on the command line: the decision in, the outcome out, and every exit code. On a real MLflow server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry
from actions.repository import Repository
from policy import digests, document
from policy.authorization import Authorization, outcome
from policy.digests import Subject
from policy.promotion import covered
from tests.assay.conftest import Assay, told
from tests.registry import Release, mlflow_server, registry, release
from tests.repositories import Repo

__all__ = ["mlflow_server", "registry"]


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory, mlflow_server: str) -> tuple[Release, Authorization]:
    """A version, and the leave to promote it to production."""
    folder, scratch = tmp_path_factory.mktemp("registered"), tmp_path_factory.mktemp("bytes")
    found = release(Repo(folder).with_pipeline().push_data(), folder / "ready")
    with Repository.open(found.repo.root) as repository:
        ready = register.look(repository, found.evidence(), scratch, Silent())
        assert ready.origin is not None
        register.register(Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server}), repository, ready, scratch, None, Silent())
    subject = Subject(
        repository=1,
        model=found.model,
        version="1",
        environment="production",
        report=ready.origin.facts_digest,
        policy=document.digest((found.repo.root / "assay.yml").read_text()),
        request=12,
        body="sha256:1",
        **covered(ready.origin),
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
