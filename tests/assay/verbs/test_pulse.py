"""`assay pulse` in a clone with a ledger: one screen, JSON, and what could not be read."""

import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from actions.progress import Silent
from actions.registry import register
from actions.registry.client import Registry
from actions.repository import Repository
from policy import ledger
from policy.facts import TokenFacts
from policy.facts.evaluation import EvaluationFacts
from policy.facts.reading import write
from policy.facts.tokens import ModelTokens
from policy.ledger import Decision
from policy.vigil_history import BRANCH, look, path
from policy.vigil_history import write as history
from tests.assay.conftest import Assay
from tests.bot.gateway.conftest import here
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts
from tests.policy.pulse import diary
from tests.policy.pulse.diary import Diary
from tests.policy.pulse.test_pulse import TEXT
from tests.policy.pulse.test_series import metric
from tests.policy.sightings import seen
from tests.registry import Release, fresh, release, shared
from tests.repositories import Repo, environment

__all__ = ["here"]

MODEL = fresh("flight-delay")
POLICY = TEXT.replace("2026-12-31", "2099-12-31").replace("flight-delay", MODEL)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone whose origin has a ledger of the last weeks."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(diary, "START", datetime.now(UTC) - timedelta(days=30))
    origin = Repo(tmp_path / "origin", dvc=False).write("README.md", "code\n").commit()
    origin.git("checkout", "--quiet", "--orphan", ledger.BRANCH)
    origin.write("README.md", "the ledger\n").commit("Begin")
    about = {"model": MODEL}
    book = Diary().add(Decision.REQUESTED, 1, **about).promoted(3, **about)
    book.add(Decision.INCIDENT, 20, 9, 40, **about).add(Decision.LOCKED, 25, **about)
    for each in book.kept:
        origin.write(ledger.path(each.entry.sequence), ledger.write(each)).commit(f"Entry {each.entry.sequence}")
    found = Repo(tmp_path / "clone", dvc=False).write("assay.yml", POLICY)
    found.git("remote", "add", "origin", str(origin.root))
    return found


@pytest.fixture(scope="module")
def improving(made: Repo, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A model with three versions that get better, one every ten days, in a real registry."""
    folder = tmp_path_factory.mktemp("improving")
    server, found = shared(), release(made, folder / "project", model=MODEL)
    registry = Registry.connect({"MLFLOW_TRACKING_URI": server.url})
    for number in (1, 2, 3):
        known = EvaluationFacts(metrics=[metric(0.7 + number / 100)])
        with Repository.open(found.repo.root) as repository:
            ready = register.look(repository, found.evidence(evaluation=known), folder, Silent())
            assert register.register(registry, repository, ready, folder, None, Silent()).version.number == number
        found = found.again()
    began = datetime.now(UTC) - timedelta(days=40)
    # No clock of a server can be moved, but that of its rows.
    with closing(sqlite3.connect(server.folder / "mlflow.db", timeout=10)) as database, database:
        for number in (1, 2, 3):
            moment = int((began + timedelta(days=number * 10)).timestamp() * 1000)
            change = "UPDATE model_versions SET creation_time = ? WHERE name = ? AND version = ?"
            assert database.execute(change, (moment, found.model, number)).rowcount == 1
    return found


@pytest.fixture
def registered(clone: Repo, improving: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry is named."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", shared().url)


@pytest.mark.usefixtures("registered")
def test_one_screen_shows_objectives_risks_and_flow(assay: Assay, clone: Repo) -> None:
    done = assay("pulse", cwd=clone.root)
    assert done.code == 0, done.err
    assert "better (roc_auc): on track" in done.out and "▁▅█" in done.out
    assert "incident" in done.out and f"{MODEL}@production points to version 9" in done.out and "overdue by 10 d" in done.out
    assert "Flow to production" in done.out and "100 % (1 of 1)" in done.out and "1 not restored yet" in done.out
    assert "An alias that was set right by hand leaves no entry" in done.out


@pytest.mark.usefixtures("registered")
def test_an_objective_is_missed_the_moment_its_last_day_is_over(assay: Assay, clone: Repo) -> None:
    found = []
    for moment in (datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)):
        with time_machine.travel(moment, tick=False):
            told = json.loads(assay("pulse", "--json", cwd=clone.root).out)
        found.append((told["at"], told["objectives"][0]["outlook"], {each["kind"] for each in told["risks"]}))
    assert found == [
        ("2099-12-31T23:59:59+00:00", "on track", {"incident", "lock"}),
        ("2100-01-01T00:00:00+00:00", "missed", {"incident", "lock"}),
    ]


@pytest.mark.usefixtures("registered")
def test_machines_read_the_same_as_json(assay: Assay, clone: Repo) -> None:
    told = json.loads(assay("pulse", "--json", cwd=clone.root).out)
    assert told["unread"] == [] and told["objectives"][0]["outlook"] == "on track"
    assert {each["kind"] for each in told["risks"]} == {"incident", "lock"}
    assert told["flow"]["now"]["promotions"] == 1 and told["flow"]["now"]["promotions_per_week"] == pytest.approx(
        7 / 29, rel=0.01
    )


def test_without_a_registry_the_rest_is_shown_and_the_part_is_named(assay: Assay, clone: Repo) -> None:
    done = assay("pulse", cwd=clone.root)
    assert done.code == 0 and "objectives: could not be read: no registry is named" in done.out
    assert "from first asked for to promoted" in done.out and "2 d (nine of ten: 2 d; of 1)" in done.out


def test_without_a_ledger_its_parts_are_named(assay: Assay, clone: Repo) -> None:
    done = assay("pulse", "--offline", "--json", cwd=clone.root)
    told = json.loads(done.out)
    assert done.code == 0 and {each["part"] for each in told["unread"]} == {"objectives", "risks", "flow"}
    assert told["risks"] is told["flow"] is None


def test_what_is_open_beside_the_ledger_is_listed(assay: Assay, clone: Repo, tmp_path: Path) -> None:
    clone.write("assay.yml", POLICY + "watch: {tell: ml-lead}\n")
    assert "What was seen in production could not be read" in assay("pulse", cwd=clone.root).out
    begun = datetime.now(UTC) - timedelta(hours=30)
    looks = [look(seen(severity, at=(begun + timedelta(hours=day)).isoformat())) for day, severity in enumerate(("none", "high"))]
    origin = Repo(tmp_path / "production", dvc=False).write(path(MODEL), history(looks)).commit()
    origin.git("branch", "--move", BRANCH)
    clone.git("fetch", "--quiet", str(origin.root), f"{BRANCH}:{BRANCH}")
    clone.git("push", "--quiet", "origin", BRANCH)
    done = assay("pulse", cwd=clone.root)
    assert done.code == 0 and f"{MODEL}, severity high: it moved" in done.out and "the role ml-lead" in done.out, done.err


def test_what_runs_cost_is_read_from_github(assay: Assay, clone: Repo, here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    clone.write("assay.yml", POLICY + "cost: {prices: {ubuntu-latest: 0.5}, budget: {month: {money: 50, role: ml-lead}}}\n")
    done = assay("pulse", cwd=clone.root)
    assert done.code == 0 and "cost: could not be read: there is no token (GITHUB_TOKEN)" in done.out and "Flow to" in done.out
    assert "`--offline` asks no GitHub" in assay("pulse", "--offline", cwd=clone.root).out
    for name, value in {"TOKEN": here.token, "API_URL": here.github.url, "REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    here.github.commit(REPOSITORY, {".github/workflows/assay-check.yml": "on: [push]\n"})
    here.github.job(REPOSITORY, here.github.run(REPOSITORY, here.head, "feature"), 600)
    done = assay("pulse", cwd=clone.root)
    assert f"Cost of {MODEL}" in done.out and "10 % of 50.00 USD" in done.out and f"#{here.number}" in done.out
    told = json.loads(assay("pulse", "--json", cwd=clone.root).out)["cost"]
    assert (told["currency"], told["now"]["minutes"], told["now"]["money"]) == ("USD", 10, 5.0)
    assert told["pull_requests"] == [{"number": here.number, "runs": 1, "minutes": 10, "money": 5.0}]


def test_what_runs_used_of_language_models_is_read_from_the_facts_they_left(
    assay: Assay, clone: Repo, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = "tokens: {file: u.json, prices: {gpt-x: {input: 2.5, output: 10}}}"
    clone.write("assay.yml", POLICY + f"cost: {{prices: {{ubuntu-latest: 0.5}}, {tokens}}}\n")
    for name, value in {"TOKEN": here.token, "API_URL": here.github.url, "REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    here.github.commit(REPOSITORY, {".github/workflows/assay-check.yml": "on: [push]\n"})
    used = TokenFacts(file="u.json", stage="judge", models=[ModelTokens(model="gpt-x", input=400_000, output=100_000)])
    for left in (facts().model_copy(update={"tokens": used}), facts()):
        made = here.github.run(REPOSITORY, here.head, "feature")
        here.github.job(REPOSITORY, made, 600)
        here.github.artifact(REPOSITORY, made, "assay-facts", {"facts.json": write(left)})
    said = assay("pulse", cwd=clone.root).out
    assert "gpt-x" in said and "400,000" in said and "2.00 USD" in said and "more than 12.00 USD" in said
    assert "What a run of this month used of language models is not known" in said
    told = json.loads(assay("pulse", "--json", cwd=clone.root).out)["cost"]
    assert told["tokens"]["unknown"] == 1 and told["tokens"]["models"][0]["money"] == 2.0 and told["now"]["money"] == 12.0
    assert told["pull_requests"] == [{"number": here.number, "runs": 2, "minutes": 20, "money": 12.0}]


@pytest.mark.usefixtures("registered")
def test_lead_times_from_pull_requests_are_read_from_github(
    assay: Assay, clone: Repo, here: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TOKEN": here.token, "API_URL": here.github.url, "REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    while here.github.issue(REPOSITORY).number < 6:
        pass
    pull = here.github.pull(REPOSITORY, "feature")
    assert pull.number == 7, "that of the versions"
    issue = here.github.repository(REPOSITORY).issues[pull.number]
    merged = datetime.now(UTC) - timedelta(days=28)
    issue.state, issue.created_at = "closed", (merged - timedelta(days=4)).isoformat()
    pull.merged_at = merged.isoformat()
    assert "from the merge" not in assay("pulse", "--offline", cwd=clone.root).out
    told = json.loads(assay("pulse", "--json", cwd=clone.root).out)["flow"]["now"]
    assert told["lead_time_from_merge"]["median"] == pytest.approx(86_400, abs=5)
    assert told["lead_time_from_pull_request"]["median"] == pytest.approx(5 * 86_400, abs=5)
    monkeypatch.setenv("GITHUB_TOKEN", "none-such")
    assert "Lead times from pull requests could not be read" in assay("pulse", cwd=clone.root).out


def test_flow_can_be_measured_since_a_day(assay: Assay, clone: Repo) -> None:
    day = (datetime.now(UTC) - timedelta(days=10)).date().isoformat()
    told = json.loads(assay("pulse", "--json", "--since", day, cwd=clone.root).out)
    assert told["flow"]["now"]["promotions"] == 0 and told["flow"]["now"]["since"].startswith(day)
    assert assay("pulse", "--since", "2999-01-01", cwd=clone.root).code == 2
    assert assay("pulse", "--since", "soon", cwd=clone.root).code == 2


def test_without_a_policy_it_is_an_error_that_says_what_next(assay: Assay, tmp_path: Path) -> None:
    done = assay("pulse", cwd=tmp_path)
    assert done.code == 2 and "assay init" in done.err


def test_au_02_a_ledger_that_does_not_hold_is_said(assay: Assay, clone: Repo, tmp_path: Path) -> None:
    origin = tmp_path / "origin" / "work"
    file = origin / ledger.path(2)
    file.write_bytes(file.read_bytes().replace(b"flight-delay-", b"flight-delax-"))
    for line in (("add", "--all"), ("commit", "--quiet", "-m", "a small correction")):
        subprocess.run(["git", *line], cwd=origin, env=environment(), check=True)
    assert "The ledger does not hold at entry 2" in assay("pulse", cwd=clone.root).out
