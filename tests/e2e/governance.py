"""The demo's third part: the flights model is registered, promoted by people, rolled back, and watched over in production.

`python -m tests.e2e.governance [TARGET]`, after `assay demo [TARGET]`. A GitHub on loopback, a real MLflow server, the service.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from actions.progress import Progress
from actions.registry.client import Registry
from assay import progress
from examples.flights.build import MARKER, Demo
from policy.problems import OutsideProblem, Problem, UserProblem
from reports import github
from reports.html import environment, stylesheet
from tests.e2e import production
from tests.e2e.acting import ROOT, Runner
from tests.e2e.flights import Flights
from tests.e2e.production import Production
from tests.e2e.promoting import POLICY, RIGHTS, Stage, open_door, served
from tests.e2e.scene import NAME
from tests.e2e.serving import serving
from tests.loopback.server import running
from tests.loopback.state import Comment, Issue
from tests.registry import MlflowServer

MODEL = "flight-delay"
_TEMPLATE = Path(__file__).with_name("issues.html.j2")


@dataclass(frozen=True)
class Shown:
    """What came of the story: the requests with what was said on them, where the aliases point, and what took how long."""

    requests: Sequence[tuple[Issue, Sequence[Comment]]]
    aliases: dict[str, int]
    seconds: Sequence[float]
    """How long each run took that moved an alias, from its start to its record."""
    verified: str
    """What `assay audit verify` printed."""
    watched: Sequence[tuple[Issue, Sequence[Comment]]]
    """The issues about production and about the project, as they stand in the end."""


def show(target: Path) -> Shown:
    """Play the story, and write `promotion.html`, `ledger.html` and `production.html`.

    Raises:
        UserProblem: the folder holds no demo.
    """
    target = target.resolve()
    if not (target / MARKER).is_file() or not (target / "flights").is_dir():
        raise UserProblem("there is no demo in this folder", str(target), f"Run: assay demo {target}")
    folder = target / "promotion"
    folder.mkdir(exist_ok=True)
    server = MlflowServer()
    try:
        with progress.shown() as shown:
            shown.step("a real MLflow server starts")
            server.wait()
            found = _story(Demo(target, target / "flights", target / "remote"), folder, server.url, shown)
    finally:
        server.close()
    (target / "promotion.html").write_text(
        page(PROMOTED, found.requests, "; ".join(found.verified.splitlines())), encoding="utf-8"
    )
    (target / "production.html").write_text(page(WATCHED, found.watched), encoding="utf-8")
    return found


def _story(demo: Demo, folder: Path, server: str, shown: Progress) -> Shown:
    more = {"MLFLOW_TRACKING_URI": server, "ASSAY_REGISTRY_REPOSITORY": NAME}
    with running() as world:
        open_door(world)
        flights = Flights(world, Runner(folder / "runner"), demo)
        flights.environment["MLFLOW_TRACKING_URI"] = server
        for branch, words in (("main", "the model of today"), ("better-model", "the better model")):
            shown.step(f"assay-main.yml reproduces and registers {words}")
            _merged(flights, branch, server, folder)
        with serving(world, folder, **more) as service:
            service.start()
            stage = served(service, Registry.connect({"MLFLOW_TRACKING_URI": server}), MODEL, server, folder)
            _promoted(stage, world.issue(NAME, title="Who takes the new model out?").number, shown)
        requests = [(each, world.comments(NAME, each.number)) for each in stage.requests]
        audited = _audited(world.repository(NAME).git.path, folder, server)
        watched = production.shown(
            Production(flights, folder / "live.parquet", server, service.app), folder / "clone", folder, shown
        )
        return Shown(requests, stage.registry.aliases(MODEL), stage.seconds, audited, watched)


def _promoted(stage: Stage, talk: int, shown: Progress) -> None:
    for version in (1, 2):
        for where, people in (("staging", ("carol", "dan")), ("production", ("carol", "dan", "alice"))):
            shown.step(f"version {version} to {where}: {', '.join(people)} approve")
            stage.promote(version, where, people, talk)
    shown.step("production goes back to version 1")
    stage.roll_back("production", "the new model answers nothing since noon of today", talk)


def _merged(flights: Flights, branch: str, server: str, folder: Path) -> None:
    """Merge a branch of the demo and let `assay-main.yml` register what came of it; `main` gets its environments instead."""
    origin, clone = flights.scene.origin, folder / "clone"
    if not clone.exists():
        _git(folder, "clone", "--quiet", str(origin), str(clone))
    before = _git(clone, "rev-parse", "HEAD")
    if branch == "main":
        policy = clone / "assay.yml"
        policy.write_text(policy.read_text("utf-8") + _ENVIRONMENTS, encoding="utf-8")
        shutil.copytree(ROOT / "workflows", clone / ".github" / "workflows", dirs_exist_ok=True)
        _git(clone, "add", "--all")
        _git(clone, "commit", "--quiet", "--message", "Say who lets a model into production")
    else:
        _git(clone, "fetch", "--quiet", str(flights.scene.work), branch)
        _git(clone, "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", "FETCH_HEAD")
        # What is registered is what `dvc.lock` says, so somebody trains it and commits that.
        for command in (("dvc", "repro", "--quiet", "--pull"), ("dvc", "push", "--quiet")):
            _run(clone, *command, **flights.environment)
        _git(clone, "commit", "--quiet", "--all", "--message", f"Train {branch}")
    _git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    event = {"ref": "refs/heads/main", "before": before, "repository": flights.scene.ask(f"/repos/{NAME}")}
    world = flights.scene.github
    env = {**flights.environment, "GITHUB_API_URL": world.url, "GITHUB_TOKEN": world.token(NAME, **RIGHTS)}
    variables = {"MLFLOW_TRACKING_URI": server}
    ran = flights.scene.runner.run("assay-main.yml", "push", event, origin, variables=variables, **env)
    (folder / f"{branch}.log").write_text(ran.log, encoding="utf-8")
    if ran.code:
        raise OutsideProblem("assay-main.yml failed", str(folder / f"{branch}.log"), "Look at the end of that log")


_ENVIRONMENTS = "\n" + POLICY[POLICY.index("roles:") :].format()


def _git(folder: Path, *arguments: str) -> str:
    return _run(folder, "git", "-c", "user.name=Ada Lindqvist", "-c", "user.email=ada@acme.example", *arguments)


def _run(folder: Path, *command: str, **env: str) -> str:
    """What a program printed. Raises OutsideProblem where it failed."""
    done = subprocess.run(command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-500:]
        raise OutsideProblem(f"{command[0]} failed: {said}", str(folder), "Run `make demo` again")
    return done.stdout.strip()


def _audited(origin: Path, folder: Path, server: str) -> str:
    """What `assay audit verify` says on a fresh clone; the ledger as a page lies beside the others then."""
    clone = folder / "audit"
    _git(folder, "clone", "--quiet", str(origin), str(clone))
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder), "MLFLOW_TRACKING_URI": server}
    assay = (sys.executable, str(ROOT / "assay/__main__.py"), "audit")
    page = ("export", "--format", "html", "-o", str(folder.parent / "ledger.html"))
    subprocess.run((*assay, *page), cwd=clone, env=env, capture_output=True, check=True)
    done = subprocess.run((*assay, "verify"), cwd=clone, env=env, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def page(words: "Words", issues: Sequence[tuple[Issue, Sequence[Comment]]], more: str = "") -> str:
    """Issues with what was said on them, as GitHub would show them. No script, no request."""
    made = environment().overlay()
    made.filters = {**made.filters, "github": github.to_html}
    return made.from_string(_TEMPLATE.read_text("utf-8")).render(
        style=stylesheet("page.css", "github.css", "gallery.css"), words=words, issues=issues, more=more
    )


@dataclass(frozen=True)
class Words:
    """What a page says above its issues."""

    title: str
    what: str
    told: str


PROMOTED = Words(
    "A model on its way to production, and back",
    "requests",
    "People asked and approved in comments; the bot decided, a run moved the alias and recorded it. What follows was posted to a "
    "GitHub on loopback, and read back from it. The ledger says:",
)
WATCHED = Words(
    "What production and the project are told of themselves",
    "issues",
    "A schedule looked at production: until May it had nothing to say, and July opened one issue. A model trained anew on "
    "the data that had come was proposed and merged, which closed the issue. A search proposed better parameters, and a sweep "
    "wrote the project's pulse. Posted to a GitHub on loopback, and read back from it.",
)


def main(arguments: Sequence[str]) -> int:
    """The command line: one optional argument, the folder of the demo."""
    target = Path(next((each for each in arguments if not each.startswith("-")), "demo"))
    started = perf_counter()
    print("\nThe model's way to production and back: a real MLflow server, the bot as a service, people who approve", flush=True)
    try:
        found = show(target)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    for (issue, _), seconds in zip(found.requests, found.seconds, strict=False):
        print(f"#{issue.number} {issue.title}: {issue.state}, {seconds:.0f} s from the run's start to its record")
    print(found.verified)
    print(f"\n{perf_counter() - started:.0f} s. The requests: {(target / 'promotion.html').resolve()}")
    print(f"The ledger: {(target / 'ledger.html').resolve()}")
    print(f"Production, what was proposed, and the pulse: {(target / 'production.html').resolve()}")
    right = found.aliases == {"staging": 2, "production": 1} and len(found.seconds) == len(found.requests) == _STEPS
    right = right and [(each.state, len(said)) for each, said in found.watched] == _WATCHED
    if not right:
        told = [f"#{each.number} {each.title}: {each.state}" for each, _ in (*found.requests, *found.watched)]
        print(f"not as promised: {found.aliases}, {', '.join(told)}", file=sys.stderr)
    return 0 if right else 1


_STEPS = 5
_WATCHED = [("closed", 1), ("closed", 0), ("open", 0), ("open", 0)]
"""Production, the model trained anew, better parameters, the pulse: the state of each, and how many comments it has."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
