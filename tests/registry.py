"""A real `mlflow server` on loopback, for tests: one for each test process, started by the first test that asks (about 13 s).

`mlflow_server` is its address. Models are told apart by their names, so that tests do not meet: see `fresh`.
"""

import atexit
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from actions.registry.client import Registry
from actions.registry.register import Evidence
from policy import document
from policy.facts import Facts
from policy.facts.reading import write
from policy.facts.record import PolicyFacts, RevisionFacts, ToolFacts
from policy.result import Status
from tests.repositories import Repo


def fresh(stem: str = "model") -> str:
    """The name of a model that no other test has."""
    return f"{stem}-{uuid.uuid4().hex[:10]}"


class MlflowServer:
    """A server with a database of its own (SQLite, or the one named) and a folder of artifacts, which only it sees."""

    def __init__(self, database: str | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="assay-mlflow-"))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        command += ["--backend-store-uri", database or f"sqlite:///{self.folder / 'mlflow.db'}"]
        command += ["--artifacts-destination", str(self.folder / "artifacts")]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "PYTHONPATH"))}
        tools = str(Path(sys.executable).parent)
        env = kept | {"PATH": f"{tools}{os.pathsep}{kept['PATH']}", "MLFLOW_DISABLE_TELEMETRY": "true"}
        env |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        # So that its webhooks reach a service of a test: on loopback, without TLS, and as soon as they are made.
        env |= {
            "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http",
            "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
            "MLFLOW_WEBHOOK_CACHE_TTL": "0",
        }
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, env=env, start_new_session=True)

    def wait(self) -> "MlflowServer":
        """Wait until it answers."""
        deadline = time.monotonic() + 120
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-2_000:])
            time.sleep(0.1)
        return self

    def close(self) -> None:
        """End it with its workers, and delete its folder."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@functools.cache
def shared() -> MlflowServer:
    """The one server of this test process, whichever folder's tests ask first."""
    server = MlflowServer()
    atexit.register(server.close)
    return server.wait()


@pytest.fixture(scope="session")
def mlflow_server() -> str:
    """Its address."""
    return shared().url


@pytest.fixture
def registry(mlflow_server: str) -> Registry:
    """A client of it."""
    return Registry.connect({"MLFLOW_TRACKING_URI": mlflow_server})


@dataclass(frozen=True)
class Release:
    """A commit of `main` that may be registered: its repository, what the facts compare with, and the name of its model."""

    repo: Repo
    model: str
    base: str

    @property
    def head(self) -> str:
        """The commit."""
        return self.repo.sha()

    def facts(self, **changes: Any) -> Facts:
        """Facts about the commit, with changes to them; those of `revision` by their own names."""
        inner = {name: changes.pop(name) for name in list(changes) if name in RevisionFacts.model_fields}
        revision = {"base": self.base, "base_name": "main", "head": self.head, "head_name": "main", **inner}
        policy = self.repo.git("show", f"{self.base}:assay.yml") + "\n"
        whole = {
            "revision": RevisionFacts(**revision),
            "policy": PolicyFacts(digest=document.digest(policy), read_from="base"),
            "tools": ToolFacts(assay="0", python="3"),
            **changes,
        }
        return Facts(**whole)

    def evidence(self, stated: Status | None = None, **changes: Any) -> Evidence:
        """What speaks for the commit."""
        return Evidence(write(self.facts(**changes)), stated=stated, approvers=("ada", "grace"), pull_request=7)

    def again(self, path: str = "README.md", content: str = "more\n") -> "Release":
        """A further commit on `main`, compared with this one."""
        base = self.head
        self.repo.write(path, content).commit("a further commit")
        return Release(self.repo, self.model, base)


POLICY = """\
version: 1
model: {{name: {model}, artifact: model.txt}}
registry: {{git_tags: {git_tags}}}
"""


def release(template: Repo, folder: Path, *, model: str | None = None, git_tags: bool = False) -> Release:
    """A copy of a repository with a pipeline, with a policy for a model that no other test has."""
    name = model or fresh()
    repo = template.copy(folder)
    repo.write("assay.yml", POLICY.format(model=json.dumps(name), git_tags=str(git_tags).lower())).commit("a policy")
    return Release(repo, name, repo.sha()).again()
