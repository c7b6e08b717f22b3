"""Branches of the flights demo as pull requests on a loopback GitHub, through the real workflow files."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from actions.progress import Progress
from examples.flights.build import Demo
from reports.section import ICONS
from tests.e2e.acting import Runner
from tests.e2e.scene import NAME, Scene
from tests.loopback.server import Loopback

NEWCOMER = "newcomer"
"""Who has a fork and no rights."""


@dataclass(frozen=True)
class Posted:
    """What stands on a pull request once both workflows ended.

    `head` is the branch, or of a fork `owner:branch`; `checks` the conclusion of each check run. `requests` were made by the
    workflow that reports. `logs` are what the runner printed of the check and of the report.
    """

    number: int
    head: str
    title: str
    comments: tuple[str, ...]
    author: str
    checks: Mapping[str, str]
    requests: int
    seconds: float
    logs: tuple[str, str]
    codes: tuple[int, int]


class Flights:
    """The demo's repository on a GitHub, and a runner that shares the demo's DVC cache: what was trained is not trained again."""

    def __init__(self, github: Loopback, runner: Runner, demo: Demo) -> None:
        self.scene = Scene(github, runner, demo.repository)
        config = runner.folder / "dvc"
        config.mkdir(exist_ok=True)
        (config / "config").write_text(f"[cache]\n    dir = {demo.repository / '.dvc' / 'cache'}\n", encoding="utf-8")
        self.environment = {
            "DVC_GLOBAL_CONFIG_DIR": str(config),
            "MLFLOW_TRACKING_URI": demo.tracking_uri,
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }

    def through(self, branch: str, title: str, progress: Progress, *, fork: bool = False) -> Posted:
        """Open a pull request and let both workflows run, one after the other."""
        started = perf_counter()
        scene, github = self.scene, self.scene.github
        head = f"{NEWCOMER}:{branch}" if fork else branch
        scene.send(f"{branch}:refs/heads/{branch}", to=github.fork(NAME, NEWCOMER).git.path if fork else None)
        pull = github.pull(NAME, head, title=title, author=NEWCOMER if fork else "mona")
        progress.step(f"#{pull.number} {head}: assay-check.yml")
        checked = scene.check(pull, **self.environment)
        progress.step(f"#{pull.number} {head}: assay-report.yml")
        reported = scene.report(pull, checked)
        comments = github.comments(NAME, pull.number)
        return Posted(
            number=pull.number,
            head=head,
            title=title,
            comments=tuple(comment.body for comment in comments),
            author=", ".join({comment.author.login for comment in comments}),
            checks={check.name.removeprefix("assay / "): check.conclusion or check.status for check in scene.checks(pull)},
            requests=sum(each.status != 304 for each in github.requests),
            seconds=perf_counter() - started,
            logs=(checked.log, reported.log),
            codes=(checked.code, reported.code),
        )


def headline(comment: str) -> str:
    """The first line of a comment that a reader sees."""
    lines = (line for line in comment.splitlines() if line.strip() and not line.startswith("<!--"))
    return next(lines, "").lstrip("# ")


def status_of(comment: str) -> str:
    """The verdict that a comment begins with; empty where it begins with none."""
    return next((status.value for status, icon in ICONS.items() if headline(comment).startswith(icon.source)), "")
