"""How long the comment that completes an approval takes until the alias has moved, without what a runner takes to start.

The service, a real MLflow server, and the steps of `assay-promote.yml` as processes; writes keep a second apart, as on GitHub.
"""

import statistics
import tempfile
import time
from pathlib import Path

from actions.registry.client import Registry
from bot.around import PROMOTE
from tests.assay.conftest import built
from tests.bench.cases import Row
from tests.e2e.promoting import Stage, job, served
from tests.e2e.scene import NAME
from tests.e2e.serving import Service, serving
from tests.e2e.test_promotion import two_versions
from tests.loopback.server import Loopback, running
from tests.loopback.state import Run
from tests.registry import MlflowServer


def approved(quick: bool) -> list[Row]:
    """Versions 1 and 2 to staging by turns: the comment, the service's work until the run is asked for, and the two steps."""
    server = MlflowServer()
    try:
        server.wait()
        more = {"MLFLOW_TRACKING_URI": server.url, "ASSAY_REGISTRY_REPOSITORY": NAME, "ASSAY_WRITE_SPACING": "1"}
        with running() as github, tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "made").mkdir()
            model, talk = two_versions(github, built(folder / "made"), folder, server.url)
            with serving(github, folder, **more) as service:
                service.start()
                stage = served(service, Registry.connect({"MLFLOW_TRACKING_URI": server.url}), model, server.url, folder)
                turns = [
                    _turn(stage, service, version, talk, server.url, folder)
                    for version in (1, 2, 1, 2, 1, 2)[: 2 if quick else 6]
                ]
    finally:
        server.close()
    parts = [statistics.median(turn[index] for turn in turns) for index in range(3)]
    whole = sorted(sum(turn) for turn in turns)
    told = f"{statistics.median(whole):.1f} s ({whole[0]:.1f}–{whole[-1]:.1f})"
    told += f": service {parts[0]:.1f}, authorize {parts[1]:.1f}, promote {parts[2]:.1f}"
    median = statistics.median(whole)
    return [
        Row("from the approving comment to the alias, runners' start aside", told, "—", "≤ 5 s", f"{median:.1f} s", median <= 5)
    ]


def _turn(stage: Stage, service: Service, version: int, talk: int, server: str, folder: Path) -> tuple[float, float, float]:
    """Seconds until the run was asked for, and those of the first two steps of that run."""
    github = stage.github
    stage.say(f"/promote {stage.model}@{version} to staging", "mona", talk)
    request = stage.requests[-1]
    approve = f"/approve {stage.code(request.number)}"
    if "**unknown authors**" in stage.card(request.number):  # of the commits that were not promoted before
        stage.say(approve, "dan", request.number)
    time.sleep(2)  # what the service wrote before is no reason to wait
    known = set(github.repository(NAME).runs)
    began = time.perf_counter()
    comment = github.comment(NAME, request.number, approve, "carol")
    github.announce(NAME, comment, "created")
    run = _asked(github, known)
    service_done = time.perf_counter()
    env = {"GITHUB_TOKEN": github.app_token(service.app, NAME), "ASSAY_APP_SLUG": service.app.slug}
    run.status, run.conclusion = "in_progress", None
    authorize, promote, record = job(github, run, server, folder, **env)
    seconds = []
    for step in (authorize, promote):
        started = time.perf_counter()
        if step():
            raise SystemExit("a step of assay-promote.yml failed")
        seconds.append(time.perf_counter() - started)
    if stage.registry.aliases(stage.model) != {"staging": version}:
        raise SystemExit("the alias has not moved")
    record()
    run.status, run.conclusion = "completed", "success"
    stage.done.append(run.id)
    service.settle([comment])
    return service_done - began, seconds[0], seconds[1]


def _asked(github: Loopback, known: set[int]) -> Run:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for run in list(github.repository(NAME).runs.values()):
            if run.id not in known and run.path.endswith(PROMOTE):
                return run
        time.sleep(0.01)
    raise SystemExit("no run was asked for in a minute")
