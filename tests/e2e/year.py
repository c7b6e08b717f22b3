"""A year of a project whose model is watched, trained anew and held to an objective, lived in a home with the clock in hand.

The GitHub on loopback is in this process, so its clock is moved with the bot's. What is seen on a day is written into a diary.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.around import CHECK, RETRAIN
from bot.gateway.allowance import Allowance
from bot.monitoring.noted import LABEL as WATCHED
from bot.pulse.marked import LABEL as PULSE
from policy import document, monitoring
from policy.facts.evaluation import Confidence, EvaluationFacts, MetricFact
from policy.facts.monitoring import ApartFacts, MonitorFacts, PerformanceFact
from policy.lineage import Step
from tests.bot.gateway.scene import scene
from tests.bot.material import facts
from tests.bot.promotion.court import Shelf
from tests.bot.proposing.scene import POLICY as GATES
from tests.bot.proposing.scene import Runs
from tests.e2e.homes import HOMES, Home
from tests.e2e.scene import NAME
from tests.e2e.serving import ROOT
from tests.loopback import world
from tests.loopback.server import Loopback, running
from tests.loopback.state import Issue, Json, Run
from tests.policy.test_monitoring import column
from tests.policy.test_origin import SOME

POLICY = f"""{GATES}\
roles: {{lead: [carol]}}
environments: {{production: {{approved_if: [{{role: lead}}]}}}}
monitor:
  data: live/flights.parquet
  reference: data/rows.csv
  time: at
  window: 30 days
  late_after: 2 days
  predictions: {{label: late, score: probability, metrics: [{{metric: roc_auc, floor: 0.7}}]}}
watch: {{tell: lead, every: 7 days, late_after: 1 day, clean: 3}}
retrain: {{at: high, merge: passed}}
objectives: [{{name: nearly right, metric: accuracy, target: 0.99, by: 2027-11-17, owner: carol}}]
pulse: {{}}
cost: {{prices: {{ubuntu-latest: 0.5}}}}
"""
WORKFLOWS = (CHECK, RETRAIN)
"""Those that the project has of ours, as far as anything is made of their runs."""
WEEK = timedelta(days=7)
LOOK, SWEEP = timedelta(hours=6), timedelta(hours=7)
"""When on a day production is looked at, and when what was missed is looked for."""
BEGIN = datetime(2027, 1, 4, tzinfo=UTC)
"""A Monday."""


def day(text: str) -> datetime:
    """The beginning of a day of that year, such as `07-05`."""
    return datetime.fromisoformat(f"2027-{text}T00:00:00+00:00")


@dataclass(frozen=True)
class Shown:
    """An issue as people saw it; `comments` without their hidden lines, `opened` by GitHub's clock."""

    number: int
    opened: str
    state: str
    title: str
    body: str
    labels: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """What there was to see at a moment."""

    at: datetime
    watched: Shown | None
    pulse: Shown | None
    milestone: tuple[str, str, str] | None
    """Its state, day and text."""
    started: int
    """Trainings so far."""
    merged: str | None
    """When the proposal was merged, by GitHub's clock."""


class Registry(Shelf):
    """A registry in memory that knows when a version was made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[datetime] = []

    def register(self, accuracy: float) -> None:
        """A version is registered now, with its facts."""
        self.origins.append(SOME.model_copy(update={"pull_request": None}))
        self.made.append(datetime.now(UTC))
        known = EvaluationFacts(metrics=[MetricFact(metric="accuracy", source="metrics.json", head=accuracy)])
        self.keep(len(self.origins), facts().model_copy(update={"evaluation": known}))

    def versions(self, model: str) -> list[Step]:
        """All of them."""
        return [replace(each, created=self.made[each.version - 1]) for each in super().versions(model)]


@dataclass
class Year:
    """The project in its home. `asked` counts what was written to GitHub; `again` is all that ever reached the bot."""

    github: Loopback
    home: Home
    clock: Any
    registry: Registry
    runs: Runs
    diary: list[Page] = field(default_factory=list)
    again: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    swept: list[tuple[datetime, str]] = field(default_factory=list)
    """What each sweep said."""
    left: Json = field(default_factory=dict)
    """What there was at the end."""
    once_more: Json = field(default_factory=dict)
    """And after all had reached the bot again."""
    rewritten: list[str] = field(default_factory=list)
    """What was written while it did."""

    # --- what happens ---

    def look(self, on: datetime, worse: float = 0.0, **more: object) -> None:
        """The monitor looks: its columns moved by as many times what they may, and `more` is what else it saw."""
        self.clock.move_to(on + LOOK)
        now = datetime.now(UTC)
        policy = document.read(POLICY)
        assert policy.monitor is not None
        moved = column("distance", 0.5 * worse, 1e-9 if worse else 0.5)
        known = {"rows": 1_200, "rows_reference": 9_000, "columns": [moved, column("carrier")], "age_days": 0.5}
        window = {"start": (now - timedelta(days=30)).isoformat(), "end": now.isoformat()}
        apart = ApartFacts(auc=0.5 + 0.05 * worse, p=0.5, rows=1_200)
        found = MonitorFacts.model_validate({**known, **window, "apart": apart, **more})
        told = monitoring.decide(policy.monitor, found, model="flight-delay", at=now.isoformat(timespec="seconds"), version="3")
        self._reaches("sight", told.model_dump_json().encode())

    def sweep(self, at: datetime) -> None:
        """A sweep comes by at a moment."""
        self.clock.move_to(at)
        self._reaches("sweep")

    def weeks(self, since: str, until: str) -> None:
        """Mondays on which all is well, both days included."""
        on = day(since)
        while on <= day(until):
            self.look(on)
            self.sweep(on + SWEEP)
            on += WEEK

    def days(self, since: str, until: str) -> None:
        """Days on which nobody looks and sweeps come by, both days included."""
        on = day(since)
        while on <= day(until):
            self.sweep(on + SWEEP)
            on += timedelta(days=1)

    def train(self) -> None:
        """The training that was started ends, and its second job proposes what came of it."""
        (run,) = self.trainings
        self.github.job(NAME, run, 3_600)
        self.runs.leave(run, facts=self.runs.facts(0.93))
        self.github.finish(NAME, run)
        self._reaches("propose", run.id, run.inputs["because"])

    def check(self) -> None:
        """The check of the proposal ends well. Where a job proposed it, a person closed it and opened it again before."""
        one = self.github.repository(NAME)
        (pull,) = [each for each in one.pulls.values() if each.head_ref.startswith("assay/")]
        base = one.git.ref("refs/heads/main")
        claim = {"pull_request": pull.number, "base": base, "head": pull.head_sha, "merge_base": base}
        run = self.github.run(NAME, pull.head_sha, pull.head_ref)
        left = self.runs.facts(0.93, **claim)
        self.github.artifact(NAME, run, "assay-facts", {"facts.json": left.model_dump_json()})
        self._reaches("hear", *self.github.event(NAME, pull, "opened"))
        self._reaches("hear", *self.github.event(NAME, run, "completed"))

    def _reaches(self, what: str, *given: Any) -> None:
        """Something reaches the bot, and the diary says what there is to see after it."""
        self.again.append((what, given))
        answer = getattr(self.home, what)(*given)
        if what == "sweep":
            self.swept.append((datetime.now(UTC), answer))
        self.asked.update(self._writes())
        self.diary.append(self._page())

    def repeat(self) -> None:
        """All that ever reached the bot reaches it again, the newest first, with a sweep before and after."""
        told = [each for each in reversed(self.again) if each[0] != "sweep"]
        for what, given in [("sweep", ()), *told, ("sweep", ())]:
            getattr(self.home, what)(*given)
        self.rewritten = self._writes()

    def _writes(self) -> list[str]:
        """What was written since this was asked last. Tokens change nothing, and of GraphQL only questions are asked."""
        found = [f"{each.method} {each.path.removeprefix(f'/repos/{NAME}')}" for each in self.github.requests]
        self.github.forget_requests()
        return [each for each in found if not re.match(r"GET |POST /graphql|POST /app/installations/\d+/access_tokens", each)]

    # --- what is to be seen ---

    @property
    def trainings(self) -> list[Run]:
        """The runs of `assay-retrain.yml`."""
        return [each for each in self.github.repository(NAME).runs.values() if each.path.endswith(RETRAIN)]

    def on(self, text: str) -> Page:
        """The diary at the end of a day."""
        return [each for each in self.diary if each.at < day(text) + timedelta(days=1)][-1]

    def turns(self, what: str) -> list[str]:
        """The days on which an issue changed in anything that people are notified of, with how it was then."""
        found, before = [], (None, 0)
        for page in self.diary:
            shown: Shown | None = getattr(page, what)
            now = (shown.state, len(shown.comments)) if shown else (None, 0)
            if now != before:
                found.append(f"{page.at:%m-%d} {now[0]} {now[1]}")
            before = now
        return found

    def written(self, what: str) -> list[datetime]:
        """When an issue was written."""
        bodies = [(page.at, getattr(page, what).body) for page in self.diary if getattr(page, what)]
        return [at for place, (at, body) in enumerate(bodies) if place == 0 or body != bodies[place - 1][1]]

    def _page(self) -> Page:
        one = self.github.repository(NAME)
        kept = [(each.state, str(each.due_on)[:10], str(each.description)) for each in one.milestones.values()]
        merged = [each.merged_at for each in one.pulls.values() if each.merged_at]
        started = len(self.trainings)
        shown = self._shown(WATCHED), self._shown(PULSE)
        return Page(datetime.now(UTC), *shown, kept[0] if kept else None, started, merged[0] if merged else None)

    def _shown(self, label: str) -> Shown | None:
        found = [each for each in self.github.repository(NAME).issues.values() if label in each.labels]
        assert len(found) <= 1, f"{len(found)} issues with {label}"
        return self._as_seen(found[0]) if found else None

    def _as_seen(self, issue: Issue) -> Shown:
        said = tuple(each.body.split("\n", 1)[-1] for each in self.github.comments(NAME, issue.number))
        return Shown(issue.number, issue.created_at, issue.state, issue.title, str(issue.body), tuple(issue.labels), said)

    def everything(self) -> Json:
        """All that the bot left on GitHub."""
        one = self.github.repository(NAME)
        branches = ("main", "assay-ledger", "assay-monitor")
        return {
            "issues": [self._as_seen(one.issues[number]) for number in sorted(one.issues)],
            "milestones": [(each.title, each.state, each.due_on, each.description) for each in one.milestones.values()],
            "checks": [(each.name, each.conclusion, each.title, each.summary) for each in one.checks.values()],
            "started": [each.payload for each in one.dispatches],
            "branches": {each: one.git.ref(f"refs/heads/{each}") for each in branches},
            "reactions": len(one.reactions),
        }


def lived(name: str, folder: Path) -> Year:
    """The year in a home."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(BEGIN, tick=False) as clock, running(folder) as github:
        # In a job writes keep a second apart, which nobody need wait for.
        patch.setattr(Allowance, "turn", lambda *given: None)
        year = _begin(name, github, folder, clock)
        _winter(year)
        _summer(year)
        _autumn(year)
        year.left = year.everything()
        year.repeat()
        year.once_more = year.everything()
    return year


def _begin(name: str, github: Loopback, folder: Path, clock: Any) -> Year:
    here, registry = scene(github), Registry()
    world.close(github.repository(NAME).issues[here.number])
    github.commit(NAME, {f".github/workflows/{name}": (ROOT / "workflows" / name).read_text("utf-8") for name in WORKFLOWS})
    runs = Runs(here, policy=POLICY).begin()
    github.forget_requests()
    return Year(github, HOMES[name](github, folder, registry), clock, registry, runs)


def _winter(year: Year) -> None:
    """All is well: a week by the day, and Mondays until July."""
    year.registry.register(0.80)
    year.weeks("01-04", "01-04")
    year.days("01-05", "01-10")
    year.look(day("01-11"))
    year.sweep(day("01-11") + SWEEP - timedelta(seconds=1))
    year.sweep(day("01-11") + SWEEP)
    year.weeks("01-18", "02-22")
    year.clock.move_to(day("02-28"))
    year.registry.register(0.86)
    year.weeks("03-01", "04-26")
    year.clock.move_to(day("05-02"))
    year.registry.register(0.90)
    year.weeks("05-03", "06-28")


def _summer(year: Year) -> None:
    """Production drifts in July, labels say that the model does worse, it is trained anew, and is well again; for a while."""
    labels = PerformanceFact(metric="roc_auc", rows=900, value=0.6, confidence=Confidence(method="delong", standard_error=0.01))
    for on, worse, more in (("07-05", 1.2, {}), ("07-12", 1.6, {}), ("07-19", 2.0, {"labelled": 900, "performance": [labels]})):
        year.look(day(on), worse, **more)
        year.sweep(day(on) + SWEEP)
    year.clock.move_to(day("07-20") + LOOK)
    year.train()
    year.sweep(day("07-20") + SWEEP)
    year.clock.move_to(day("07-21") + LOOK)
    year.check()
    year.sweep(day("07-21") + SWEEP)
    year.clock.move_to(day("07-22"))
    year.registry.register(0.93)
    year.look(day("07-26"), 1.2)
    year.sweep(day("07-26") + SWEEP)
    year.weeks("08-02", "08-23")
    year.look(day("08-30"), 1.4)
    year.sweep(day("08-30") + SWEEP)
    year.weeks("09-06", "09-06")


def _autumn(year: Year) -> None:
    """A version that brings nothing puts the objective at risk; the monitor falls silent for three weeks; the day passes."""
    year.clock.move_to(day("09-07"))
    year.registry.register(0.93)
    year.days("09-07", "09-07")
    year.weeks("09-13", "10-04")
    year.days("10-09", "10-11")
    year.sweep(day("10-12") + LOOK)
    year.sweep(day("10-12") + LOOK + timedelta(seconds=1))
    year.days("10-12", "10-13")
    year.days("10-18", "10-18")
    year.days("10-24", "10-24")
    year.weeks("10-25", "11-15")
    year.sweep(day("11-18") - timedelta(seconds=1))
    year.sweep(day("11-18"))
    year.days("11-18", "11-21")
    year.weeks("11-22", "12-27")


def plain(found: Any) -> str:
    """What was left, without what differs from one GitHub to another: addresses, numbers of runs, hashes, who wrote it."""
    return re.sub(r"localhost:\d+|\b[0-9a-f]{7,64}\b|(?<=runs/)\d+|assay\[bot\]|github-actions\[bot\]", "·", repr(found))
