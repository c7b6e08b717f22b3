"""From a registered version to production and back: people who comment, the bot in one of its homes, the runs that it starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry
from actions.repository import Repository
from bot.around import PROMOTE
from tests.e2e.acting import ROOT, Ran, Runner
from tests.e2e.scene import NAME
from tests.e2e.serving import Service
from tests.loopback.server import Loopback
from tests.loopback.state import Comment, Deployment, Issue, Run
from tests.registry import Release
from tests.repositories import Repo, environment

PEOPLE = ("mona", "carol", "dan", "alice", "bob")
RIGHTS = dict.fromkeys(("actions", "checks", "contents", "deployments", "issues", "pull_requests"), "write")
POLICY = """\
version: 1
model: {{name: {model}, artifact: {artifact}}}
roles: {{ml-lead: [carol, dan], model-risk: [alice, bob]}}
environments:
  staging:
    approved_if: [{{role: ml-lead}}]
    break_glass: {{role: model-risk}}
  production:
    after: staging
    approved_if: [{{role: ml-lead}}, {{role: model-risk}}]
    break_glass: {{role: model-risk}}
promote:
  run: echo "url=https://models.example/$ASSAY_ENVIRONMENT/$ASSAY_VERSION" >> "$ASSAY_OUTPUT"
"""


@dataclass
class Stage:
    """A GitHub that holds a project with a model, a registry, and somebody who hears (`heard`) and carries out (`ran`).

    `heard` is told of each comment and comes back once it was answered; `ran` of each run of `assay-promote.yml`, and gives the
    exit code of the whole.
    """

    github: Loopback
    registry: Registry
    model: str
    heard: Callable[[Comment], object]
    ran: Callable[[Run], int]
    done: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """How long each run took."""

    def say(self, body: str, by: str, number: int) -> None:
        """Somebody comments; what that starts is run to its end."""
        self.heard(self.github.comment(NAME, number, body, by))
        for run in [each for each in self.github.repository(NAME).runs.values() if each.path.endswith(PROMOTE)]:
            if run.id not in self.done:
                self.done.append(run.id)
                run.status, run.conclusion = "in_progress", None
                began = perf_counter()
                code = self.ran(run)
                self.seconds.append(perf_counter() - began)
                run.status, run.conclusion = "completed", "failure" if code else "success"

    @property
    def requests(self) -> list[Issue]:
        """The requests, the newest last."""
        every = self.github.repository(NAME).issues.values()
        return [each for each in every if "assay: promotion" in each.labels]

    def card(self, number: int) -> str:
        """The card of a request."""
        return next(each.body for each in self.github.comments(NAME, number) if " approval v1 " in each.body.split("\n")[0])

    def code(self, number: int) -> str:
        """What is to be named in an approval."""
        return self.card(number).partition("/approve ")[2][:12]

    def promote(self, version: int, where: str, approvers: tuple[str, ...], asked_on: int) -> Issue:
        """Ask for a promotion, and let people approve it."""
        self.say(f"/promote {self.model}@{version} to {where}", "mona", asked_on)
        request = self.requests[-1]
        for login in approvers:
            self.say(f"/approve {self.code(request.number)}", login, request.number)
        return request

    def roll_back(self, where: str, because: str, asked_on: int) -> Issue:
        """Go back to the version before."""
        self.say(f'/rollback {self.model} in {where} because "{because}"', "alice", asked_on)
        return self.requests[-1]

    def deployed(self) -> list[tuple[str, int, str]]:
        """What was recorded: environment, version and address, the oldest first."""
        made = sorted(self.github.repository(NAME).deployments.values(), key=lambda each: each.id)
        return [(each.environment, each.payload["version"], _address(each)) for each in made if each.statuses]


def _address(made: Deployment) -> str:
    # Of those before, GitHub says later that they are no longer active.
    return next((str(each["environment_url"]) for each in made.statuses if each["state"] == "success"), "")


def open_door(github: Loopback) -> None:
    """The repository, and people who may write."""
    github.repository(NAME)
    for login in PEOPLE:
        github.role(NAME, login, "write")


def hand_over(github: Loopback, project: Repo) -> None:
    """Put the project's `main` and the workflows on the GitHub, and people with rights beside it."""
    open_door(github)
    for file in (ROOT / "workflows").glob("*.yml"):
        project.write(f".github/workflows/{file.name}", file.read_text("utf-8"))
    project.commit("workflows")
    push(github, project)


def push(github: Loopback, project: Repo) -> None:
    """Push `main`."""
    command = ("git", "push", "--quiet", str(github.repository(NAME).git.path), "+main:refs/heads/main")
    subprocess.run(command, cwd=project.root, env=environment(), check=True, capture_output=True)


def registered(found: Release, server: str) -> int:
    """Register the head of a project as the job of `assay-main.yml` does; the version's number."""
    scratch = Path(mkdtemp(prefix="assay-bytes-"))
    with Repository.open(found.repo.root) as repository:
        ready = register.look(repository, replace(found.evidence(), approvers=(), pull_request=None), scratch, Silent())
        registry = Registry.connect({"MLFLOW_TRACKING_URI": server})
        return register.register(registry, repository, ready, scratch, None, Silent()).version.number


@dataclass
class Jobs:
    """No server: the workflow files as they are, run by a real runner with the job's own token."""

    github: Loopback
    runner: Runner
    server: str
    logs: list[str] = field(default_factory=list)

    def heard(self, comment: Comment) -> None:
        """`assay-commands.yml` for a comment."""
        event, payload = self.github.event(NAME, comment, "created")
        ran = self._run("assay-commands.yml", event, payload)
        assert ran.code == 0, ran.log[-3000:]

    def ran(self, run: Run) -> int:
        """`assay-promote.yml` for a dispatch."""
        _, payload = self.github.event(NAME, run, "requested")
        given = {"inputs": run.inputs, "ref": "refs/heads/main", "repository": payload["repository"]}
        return self._run(PROMOTE, "workflow_dispatch", given, GITHUB_RUN_ID=str(run.id)).code

    def _run(self, workflow: str, event: str, payload: Any, **more: str) -> Ran:
        ran = self.runner.run(
            workflow, event, payload, self.github.repository(NAME).git.path,
            variables={"MLFLOW_TRACKING_URI": self.server}, GITHUB_API_URL=self.github.url,
            GITHUB_TOKEN=self.github.token(NAME, **RIGHTS), **more,
        )  # fmt: skip
        self.logs.append(ran.log)
        return ran


def steps_of_a_job(github: Loopback, run: Run, server: str, folder: Path, **env: str) -> int:
    """What the three jobs of `assay-promote.yml` run, one after the other in a checkout; the first exit code that is not 0."""
    codes = []
    for step in job(github, run, server, folder, **env):
        codes.append(step())
        if codes[0]:
            break
    return next((code for code in codes if code), 0)


def job(github: Loopback, run: Run, server: str, folder: Path, **env: str) -> list[Callable[[], int]]:
    """The three steps of a run in a checkout, each a process that gives its exit code: authorize, promote and record."""
    checkout = folder / f"checkout-{run.id}"
    subprocess.run(
        ("git", "clone", "--quiet", str(github.repository(NAME).git.path), str(checkout)), check=True, capture_output=True
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "ASSAY_", "MLFLOW_"))}
    given = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github.url,
        "GITHUB_SERVER_URL": github.url,
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_RUN_ID": str(run.id),
        "MLFLOW_TRACKING_URI": server,
        **env,
    }

    def step(*words: str) -> int:
        command = (sys.executable, str(ROOT / "assay/__main__.py"), *words)
        done = subprocess.run(command, cwd=checkout, env={**kept, **given}, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout, done.stderr, file=sys.stderr)
        return done.returncode

    issue = run.inputs["issue"]
    return [
        partial(step, "authorize", issue, "--request", run.inputs["request"]),
        partial(step, "promote", "--branch", "main"),
        partial(step, "record", issue),
    ]


def served(service: Service, registry: Registry, model: str, server: str, folder: Path) -> Stage:
    """The stage whose home is the service of an App; the runs that it starts have the App's token. It must be started."""
    github = service.github

    def heard(comment: Comment) -> None:
        github.announce(NAME, comment, "created")
        service.settle([comment])

    def ran(run: Run) -> int:
        env = {"GITHUB_TOKEN": github.app_token(service.app, NAME), "ASSAY_APP_SLUG": service.app.slug}
        return steps_of_a_job(github, run, server, folder, **env)

    return Stage(github, registry, model, heard, ran)
