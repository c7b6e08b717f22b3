"""`assay register` from a check to a version, and every exit code on the way. On a real MLflow server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy.facts.reading import write
from tests.assay.conftest import Assay, told
from tests.loopback.server import running
from tests.registry import Release, fresh, mlflow_server, registry, release
from tests.repositories import Repo

__all__ = ["mlflow_server", "registry"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("template")).with_pipeline().push_data()


@pytest.fixture
def ready(template: Repo, tmp_path: Path, mlflow_server: str, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A commit with its facts where `assay check` leaves them, and a registry in the environment."""
    found = release(template, tmp_path / "ready")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    folder = found.repo.root / ".assay"
    folder.mkdir()
    (folder / ".gitignore").write_text("*\n")
    (folder / "facts.json").write_bytes(write(found.facts()))
    return found


def test_from_a_check_to_a_version(
    assay: Assay, made: Repo, tmp_path: Path, ready: Release, mlflow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_server)
    repo, model = made.copy(tmp_path / "real"), fresh()
    text = (repo.root / "assay.yml").read_text()
    repo.write("assay.yml", f"{text}model: {{name: {model}, artifact: model.txt}}\n").write(".gitignore", ".assay/\n").commit(
        "a model"
    )
    base = repo.sha()
    repo.write("README.md", "# Better\n").commit("words")
    checked = assay("check", "--base", base, "--whole", cwd=repo.root)
    assert checked.code == 0, checked.out + checked.err
    done = assay("register", "--base", base, cwd=repo.root)
    assert done.code == 0, done.out + done.err
    assert f"registered {model}@1" in done.out
    again = assay("register", "--base", base, "--verdict", ".assay/verdict.json", "--json", cwd=repo.root)
    assert (json.loads(again.out)["version"], json.loads(again.out)["made"]) == (1, False)
    shown = assay("lineage", f"{model}@1", cwd=repo.root)
    assert shown.code == 0 and repo.sha() in shown.out


def test_registering_twice_is_one_version_and_says_so(assay: Assay, ready: Release) -> None:
    assert f"registered {ready.model}@1" in assay("register", cwd=ready.repo.root).out
    assert f"registered before: {ready.model}@1" in assay("register", cwd=ready.repo.root).out


def test_a_dry_run_asks_nobody(assay: Assay, ready: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    done = assay("register", "--dry-run", cwd=ready.repo.root)
    assert done.code == 0
    assert f"would register {ready.model}: model.txt md5:" in done.out


def test_a_refusal_is_exit_code_1_with_what_and_what_next(assay: Assay, ready: Release) -> None:
    ready.repo.write("notes.txt", "x\n")
    done = assay("register", cwd=ready.repo.root)
    assert done.code == 1
    assert "the work tree has changes" in done.out and "next: commit or remove them" in done.out
    found = json.loads(assay("register", "--json", cwd=ready.repo.root).out)
    assert (found["status"], found["version"], found["origin"]) == ("failed", None, None)


def test_facts_that_are_missing_or_broken_are_exit_code_2(assay: Assay, ready: Release, tmp_path: Path) -> None:
    (line,) = told(assay("register", "--facts", tmp_path / "none.json", cwd=ready.repo.root), 2)
    assert "none.json: it cannot be read" in line
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema_version": "1.1", "revision": NaN}')
    (line,) = told(assay("register", "--facts", broken, cwd=ready.repo.root), 2)
    assert "not strict JSON" in line
    (line,) = told(assay("register", "--verdict", broken, cwd=ready.repo.root), 2)
    assert "not strict JSON" in line


def test_a_registry_that_is_away_is_exit_code_3(assay: Assay, ready: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ada:s3cret-word@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    done = assay("register", cwd=ready.repo.root)
    (line,) = told(done, 3)
    assert "cannot be reached" in line
    assert "s3cret-word" not in done.err


def test_no_registry_and_no_model_are_exit_code_2(assay: Assay, ready: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    (line,) = told(assay("register", cwd=ready.repo.root), 2)
    assert "no registry is named" in line
    ready.repo.write("assay.yml", "version: 1\n").commit("no model")
    (line,) = told(assay("register", cwd=ready.repo.root), 2)
    assert "no model is named" in line


def test_the_default_branch_is_the_one_of_the_runners_event(
    assay: Assay, ready: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "trunk"}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    (line,) = told(assay("register", cwd=ready.repo.root), 2)
    assert "trunk: there is no such branch" in line
    assert assay("register", "--branch", "main", "--dry-run", cwd=ready.repo.root).code == 0


def test_a_policy_without_a_model_may_be_passed_over(assay: Assay, ready: Release) -> None:
    ready.repo.write("assay.yml", "version: 1\n").commit("no model")
    done = assay("register", "--optional", cwd=ready.repo.root)
    assert (done.code, done.out) == (0, "assay.yml names no model: nothing to register\n")


def test_a_job_learns_the_number_of_the_version(
    assay: Assay, ready: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    assert assay("register", cwd=ready.repo.root).code == 0
    assert (tmp_path / "outputs").read_text() == "version=1\n"


def test_github_is_asked_which_pull_request_the_commit_came_by(
    assay: Assay, ready: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as github:
        github.repository("acme/flights")
        github.commit("acme/flights", {"README.md": "x\n"})
        monkeypatch.setenv("GITHUB_API_URL", github.url)
        monkeypatch.setenv("GITHUB_SERVER_URL", github.host)
        monkeypatch.setenv("GITHUB_REPOSITORY", "acme/flights")
        monkeypatch.setenv("GITHUB_TOKEN", github.token("acme/flights", "read"))
        found = json.loads(assay("register", "--json", cwd=ready.repo.root).out)
        assert found["version"] == 1 and found["origin"]["pull_request"] is None  # GitHub knows no such commit


def test_the_help_needs_no_mlflow() -> None:
    script = (
        "import sys; from assay.cli import run\ntry: run(['register', '--help'])\nfinally: assert 'mlflow' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": "."}
    )
    assert done.returncode == 0, done.stderr
    assert "Examples" in done.stdout
