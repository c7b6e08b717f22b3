"""The demo's last chapter: production is looked at on a schedule, July opens the one issue about it, a sweep tells the pulse.

The workflow files as they are, on a real runner. What the model meets in production is a file beside the repository.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from actions.progress import Progress
from bot.monitoring.noted import LABEL as WATCHED
from bot.pulse.marked import LABEL as PULSE
from examples.flights import source
from policy.problems import OutsideProblem
from tests.e2e.acting import Ran
from tests.e2e.flights import Flights
from tests.e2e.promoting import RIGHTS
from tests.e2e.scene import NAME
from tests.loopback.state import App, Comment, Issue
from tests.repositories import environment

ROWS = 2_000
"""Rows of one look."""
SEED = 2013
WEATHER = ("temp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
POLICY = """
monitor:
  data: {live}
  reference: prepared/train.parquet
  rows: {rows}
  columns:
    late: {{ignore: true}}         # not known yet when we predict
    flight: {{ignore: true}}
    month: {{ignore: true}}
    time_hour: {{ignore: true}}
watch: {{opens_at: medium, clean: 1}}
objectives:
  - {{name: worth a phone call, metric: roc_auc, target: 0.72, by: 2099-12-31, owner: carol}}
"""


@dataclass
class Production:
    """A project on a GitHub that watches over what its model meets."""

    flights: Flights
    live: Path
    registry: str = ""
    """The address of the registry; without one the pulse names what it cannot know."""
    app: App | None = None
    """Whose token the runs have, where it is not the job's own: what that App wrote is believed."""

    def begin(self, clone: Path) -> None:
        """Have the policy of the default branch watch; `clone` is one of the repository."""
        policy = clone / "assay.yml"
        policy.write_text(policy.read_text("utf-8") + POLICY.format(live=self.live, rows=ROWS), encoding="utf-8")
        for command in (
            ("commit", "--quiet", "--all", "--message", "Watch over production"),
            ("push", "--quiet", "origin", "HEAD:main"),
        ):
            git = ("git", "-c", "user.name=Ada Lindqvist", "-c", "user.email=ada@acme.example", *command)
            subprocess.run(git, cwd=clone, env=environment(), check=True, capture_output=True)

    def look(self, months: tuple[int, ...], seed: int = SEED) -> Ran:
        """The scheduled run, on a day when production had flights of these months."""
        met(months).sample(ROWS, seed=seed).write_parquet(self.live)
        return self._scheduled("assay-monitor.yml")

    def sweep(self) -> Ran:
        """The scheduled run that finds what was missed."""
        return self._scheduled("assay-commands.yml")

    def issues(self, label: str) -> list[tuple[Issue, list[Comment]]]:
        """The issues with a label, with what was said on them."""
        github = self.flights.scene.github
        every = github.repository(NAME).issues.values()
        return [(each, github.comments(NAME, each.number)) for each in every if label in each.labels]

    @property
    def watched(self) -> list[tuple[Issue, list[Comment]]]:
        """The issue about production, once there is one."""
        return self.issues(WATCHED)

    @property
    def pulse(self) -> list[tuple[Issue, list[Comment]]]:
        """The issue that tells how the project does, once there is one."""
        return self.issues(PULSE)

    def _scheduled(self, workflow: str) -> Ran:
        scene = self.flights.scene
        event = {"schedule": "41 5 * * *", "repository": scene.ask(f"/repos/{NAME}")}
        env = {"GITHUB_API_URL": scene.github.url, "GITHUB_TOKEN": scene.github.token(NAME, **RIGHTS)}
        if self.app is not None:
            env |= {"GITHUB_TOKEN": scene.github.app_token(self.app, NAME), "ASSAY_APP_SLUG": self.app.slug}
        variables = {"MLFLOW_TRACKING_URI": self.registry} if self.registry else {}
        return scene.runner.run(
            workflow, "schedule", event, scene.origin, variables=variables, **{**self.flights.environment, **env}
        )


def met(months: tuple[int, ...]) -> pl.DataFrame:
    """What the model met in these months of 2013: the columns that it was trained with."""
    flights = source.flights(max(months)).filter(pl.col("month").is_in(months)).drop_nulls("arr_delay")
    weather = source.weather(max(months)).select("origin", "time_hour", *WEATHER)
    day = pl.date("year", "month", "day")
    joined = flights.join(weather, on=["origin", "time_hour"], how="left", maintain_order="left")
    schedule = ("time_hour", "carrier", "flight", "origin", "dest", "distance", "month", "hour", "minute")
    return joined.select(*schedule, *WEATHER, weekday=day.dt.weekday())


def shown(production: Production, clone: Path, folder: Path, progress: Progress) -> list[tuple[Issue, list[Comment]]]:
    """Play the chapter; the issues it leaves.

    Raises:
        OutsideProblem: a run failed; its log is named.
    """
    production.begin(clone)
    for what, months in (("a day of spring", (1, 2, 3, 4, 5)), ("a day of July", (7,)), ("another day of July", (7,))):
        progress.step(f"assay-monitor.yml looks at {what}")
        _went(production.look(months, seed=SEED + len(what)), folder / "monitor.log")
    progress.step("assay-commands.yml sweeps, and tells the project's pulse")
    _went(production.sweep(), folder / "sweep.log")
    return [*production.watched, *production.pulse]


def _went(ran: Ran, log: Path) -> None:
    log.write_text(ran.log, encoding="utf-8")
    if ran.code:
        raise OutsideProblem("a scheduled run failed", str(log), "Look at the end of that log")
