"""A GitHub on loopback that holds a project, and a runner beside it: pull requests go through the real workflow files."""

import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.acting import Ran, Runner
from tests.loopback.server import Loopback
from tests.loopback.state import CheckRun, Pull
from tests.repositories import environment

NAME = "acme/flights"
RIGHTS = {"actions": "read", "checks": "write", "contents": "read", "pull_requests": "write"}
"""What assay-report.yml asks for."""


class Scene:
    """A GitHub that holds the `main` of a work tree, and a runner beside it."""

    def __init__(self, github: Loopback, runner: Runner, work: Path) -> None:
        self.github, self.runner, self.work = github, runner, work
        self.origin = github.repository(NAME).git.path
        self.token = github.token(NAME, "write")
        self.send("main:refs/heads/main", "--tags")

    def send(self, *what: str, to: Path | None = None) -> None:
        """Push from the work tree to the repository, or to a fork of it."""
        command = ("git", "push", "--quiet", str(to or self.origin), *what)
        subprocess.run(command, cwd=self.work, env=environment(), check=True, capture_output=True)

    def ask(self, path: str) -> dict[str, Any]:
        """What the API says."""
        answer = httpx.get(f"{self.github.url}{path}", headers={"Authorization": f"Bearer {self.token}"})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def checks(self, pull: Pull) -> list[CheckRun]:
        """The check runs on the head of a pull request."""
        return [check for check in self.github.repository(NAME).checks.values() if check.head_sha == pull.head_sha]

    def check(self, pull: Pull, text: str | None = None, **env: str) -> Ran:
        """The run that opening the pull request starts; `text` is a workflow to run in the place of ours."""
        told = self.ask(f"/repos/{NAME}/pulls/{pull.number}")
        event = {"action": "opened", "number": pull.number, "pull_request": told, "repository": told["base"]["repo"]}
        return self.runner.run("assay-check.yml", "pull_request", event, self.origin, text, **env)

    def report(self, pull: Pull, checked: Ran) -> Ran:
        """The run that the end of the check starts. `github.requests` holds what it asked, and nothing from before."""
        ended = "success" if checked.code == 0 else "failure"
        run = self.github.run(NAME, pull.head_sha, pull.head_ref, head_repository=pull.head_repository, conclusion=ended)
        for name, data in checked.artifacts.items():
            self.github.artifact(NAME, run, name, data)
        event = {
            "action": "completed",
            "workflow_run": self.ask(f"/repos/{NAME}/actions/runs/{run.id}"),
            "repository": self.ask(f"/repos/{NAME}"),
        }
        env = {"GITHUB_API_URL": self.github.url, "GITHUB_TOKEN": self.github.token(NAME, **RIGHTS)}
        self.github.forget_requests()
        return self.runner.run("assay-report.yml", "workflow_run", event, self.origin, **env)
