"""The demo's last chapter: July opens the one issue about production, a model trained anew closes it, a search for better
parameters is proposed, and a sweep tells the pulse.

The workflow files as they are, on a real runner. What the model meets in production is a file beside the repository.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx
import polars as pl

from actions.progress import Progress
from bot.around import RETRAIN, TUNE
from bot.monitoring.noted import LABEL as WATCHED
from bot.pulse.marked import LABEL as PULSE
from examples.flights import source
from policy.problems import OutsideProblem
from tests.e2e.acting import ROOT, Ran
from tests.e2e.flights import Flights
from tests.e2e.promoting import RIGHTS
from tests.e2e.proposing import through
from tests.e2e.scene import NAME
from tests.loopback.state import App, Comment, Issue
from tests.repositories import environment

ROWS = 2_000
"""Rows of one look."""
SEED = 2013
TRIALS = 2
MAY, JULY = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)
"""The months that are over at the end of May, when the champion was made, and at that of July."""
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
retrain: {{keep: passed, at: medium}}
tune:
  space:
    train.learning_rate: {{from: 0.05, to: 0.09, scale: log}}
    train.trees: {{from: 95, to: 125}}
    train.min_data_in_leaf: {{from: 800, to: 1200}}
  objectives:
    - {{metric: roc_auc}}
    - {{metric: trees, better: lower}}
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
        """Have the policy of the default branch watch, and what it starts be there; `clone` is one of the repository."""
        policy, workflow = clone / "assay.yml", clone / ".github/workflows" / RETRAIN
        workflow.parent.mkdir(parents=True, exist_ok=True)
        workflow.write_text((ROOT / "workflows" / RETRAIN).read_text("utf-8"), encoding="utf-8")
        policy.write_text(policy.read_text("utf-8") + POLICY.format(live=self.live, rows=ROWS), encoding="utf-8")
        _git(clone, "add", str(workflow))
        _commit(clone, "Watch over production")

    def arrive(self, clone: Path) -> None:
        """The flights of June and July come to the default branch; nobody trains on them yet."""
        _git(clone, "pull", "--quiet", "--ff-only", "origin", "main")
        _git(clone, "fetch", "--quiet", str(self.flights.scene.work), "new-months")
        _git(clone, "checkout", "--quiet", "FETCH_HEAD", "--", "data/flights.parquet.dvc", "data/weather.parquet.dvc")
        _commit(clone, "Add the flights of June and July")

    def retrain(self, because: str = "") -> tuple[Ran, Ran]:
        """The run that `/retrain` starts: its first job, and the second, which finds at GitHub what the first left."""
        inputs = {"request": "4711-0", "because": because, "full": "false"}
        return through(self.flights.scene, RETRAIN, inputs, **self.flights.environment)

    def tune(self, trials: int, because: str = "") -> tuple[Ran, Ran]:
        """The run that `/tune --trials N` starts: its first job, and the second, which finds at GitHub what the first left."""
        inputs = {"request": "4712-0", "because": because, "trials": str(trials), "minutes": "", "workers": "1"}
        return through(self.flights.scene, TUNE, inputs, **self.flights.environment)

    def merge(self, number: int, by: str = "carol") -> None:
        """Somebody merges a pull request."""
        github = self.flights.scene.github
        headers = {"Authorization": f"Bearer {github.user_token(by)}"}
        httpx.put(f"{github.url}/repos/{NAME}/pulls/{number}/merge", headers=headers, json={}).raise_for_status()

    def look(self, months: tuple[int, ...], seed: int = SEED) -> Ran:
        """The scheduled run, after production had the flights of these months; it looks at some of them, drawn at random."""
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

    def crown(self, clone: Path) -> None:
        """What is on the default branch becomes the champion, which what the model meets is held against."""
        _git(clone, "pull", "--quiet", "--ff-only", "origin", "main")
        _git(clone, "tag", "--force", "champion")
        _git(clone, "push", "--quiet", "--force", "origin", "champion")

    def _scheduled(self, workflow: str) -> Ran:
        scene = self.flights.scene
        event = {"schedule": "41 5 * * *", "repository": scene.ask(f"/repos/{NAME}")}
        variables = {"MLFLOW_TRACKING_URI": self.registry} if self.registry else {}
        return scene.runner.run(
            workflow, "schedule", event, scene.origin, variables=variables, **self.flights.environment, **self._token()
        )

    def _token(self) -> dict[str, str]:
        """The App's, where there is one: it knows the issues and requests that are its own."""
        github = self.flights.scene.github
        if self.app is None:
            return self._own()
        return {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.app_token(self.app, NAME), "ASSAY_APP_SLUG": self.app.slug}

    def _own(self) -> dict[str, str]:
        """The job's own, which `assay-retrain.yml` proposes with unless its step names an App."""
        github = self.flights.scene.github
        return {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token(NAME, **RIGHTS)}


def met(months: tuple[int, ...]) -> pl.DataFrame:
    """What the model met in these months of 2013: the columns that it was trained with."""
    flights = source.flights(max(months)).filter(pl.col("month").is_in(months)).drop_nulls("arr_delay")
    weather = source.weather(max(months)).select("origin", "time_hour", *WEATHER)
    day = pl.date("year", "month", "day")
    joined = flights.join(weather, on=["origin", "time_hour"], how="left", maintain_order="left")
    schedule = ("time_hour", "carrier", "flight", "origin", "dest", "distance", "month", "hour", "minute")
    return joined.select(*schedule, *WEATHER, weekday=day.dt.weekday())


def shown(production: Production, clone: Path, folder: Path, progress: Progress) -> list[tuple[Issue, list[Comment]]]:
    """Play the chapter; the issues and the pull requests it leaves.

    Raises:
        OutsideProblem: a run failed; its log is named.
    """
    production.begin(clone)
    for until, months in (("May", MAY), ("July", JULY)):
        progress.step(f"assay-monitor.yml looks at what the model met until {until}")
        _went(production.look(months), folder / "monitor.log")
    progress.step("the flights of June and July arrive, and assay-retrain.yml trains on them")
    production.arrive(clone)
    for number, ran in enumerate(production.retrain("July is not what the model was made with")):
        _went(ran, folder / f"retrain-{number}.log")
    ((proposal, _),) = production.issues("assay: retrain")
    progress.step(f"carol merges #{proposal.number}, its model is the champion, and assay-monitor.yml looks again")
    production.merge(proposal.number)
    production.crown(clone)
    _went(production.look(JULY, seed=SEED + 1), folder / "monitor.log")
    progress.step(f"assay-tune.yml tries {TRIALS} other sets of parameters, and proposes the best")
    for number, ran in enumerate(production.tune(TRIALS, "more data may bear more trees")):
        _went(ran, folder / f"tune-{number}.log")
    progress.step("assay-commands.yml sweeps, and tells the project's pulse")
    _went(production.sweep(), folder / "sweep.log")
    proposals = [*production.issues("assay: retrain"), *production.issues("assay: tune")]
    return [*production.watched, *proposals, *production.pulse]


def _commit(clone: Path, message: str) -> None:
    _git(clone, "commit", "--quiet", "--all", "--message", message)
    _git(clone, "push", "--quiet", "origin", "HEAD:main")


def _git(clone: Path, *arguments: str) -> None:
    command = ("git", "-c", "user.name=Ada Lindqvist", "-c", "user.email=ada@acme.example", *arguments)
    subprocess.run(command, cwd=clone, env=environment(), check=True, capture_output=True)


def _went(ran: Ran, log: Path) -> None:
    log.write_text(ran.log, encoding="utf-8")
    if ran.code:
        raise OutsideProblem("a run failed", str(log), "Look at the end of that log")
