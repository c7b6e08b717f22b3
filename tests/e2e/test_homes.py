"""The same conversation in both homes, a service and the jobs of a real runner: the same comments, checks and reactions."""

import time
from pathlib import Path
from typing import Any

import pytest

from bot.around import RETRAIN, RUN, TUNE
from tests.e2e.acting import Runner
from tests.e2e.serving import NAME, prepare, same, say, serving, state
from tests.loopback.server import Loopback, running
from tests.loopback.state import Run

pytestmark = pytest.mark.slow
SAID = (
    ("/train train.lr=0.1\n/help check\n/retrain\n/tune --trials 3", "mona"),
    ("/check\n/retrain", "eve"),
    ('/hold because "the labels are being redone"', "tim"),
)
POLICY = """\
version: 1
evaluate: {metrics: [metrics.json]}
tune: {space: {train.lr: {from: 0.1, to: 1.0}}, objectives: [{metric: accuracy}]}
cost: {prices: {ubuntu-latest: 0.5}, budget: {month: {money: 0.5, role: maintain}}}
"""
RIGHTS = {"actions": "write", "checks": "write", "contents": "write", "issues": "write", "pull_requests": "write"}


def in_a_service(folder: Path) -> dict[str, Any]:
    """Webhooks, an App, a process that waits for them."""
    with running() as github:
        (number,) = prepare(github, policy=POLICY)
        with serving(github, folder) as service:
            service.start()
            for body, by in SAID:
                service.settle([say(github, number, body, by)])
            github.announce(NAME, trained(github), "completed")
            service.rest(time.monotonic() + 60)
        return state(github)


def in_jobs(folder: Path) -> dict[str, Any]:
    """No server: assay-commands.yml as it is, run by act for each event."""
    with running() as github:
        (number,) = prepare(github, policy=POLICY)
        runner = Runner(folder)
        for body, by in SAID:
            known = set(github.repository(NAME).runs)
            handle(github, runner, github.comment(NAME, number, body, by), "created")
            for run in [run for id, run in github.repository(NAME).runs.items() if id not in known and run.path.endswith(RUN)]:
                handle(github, runner, run, "requested")
        run = trained(github)
        for action in ("requested", "completed"):
            handle(github, runner, run, action)
        return state(github)


def trained(github: Loopback) -> Run:
    """The run of `/retrain`, which took a bit more than two minutes."""
    run = next(run for run in github.repository(NAME).runs.values() if run.path.endswith(RETRAIN))
    github.job(NAME, run, 130)
    run.status, run.conclusion = "completed", "success"
    return run


def handle(github: Loopback, runner: Runner, about: Any, action: str) -> None:
    event, payload = github.event(NAME, about, action)
    token = github.token(NAME, **RIGHTS)
    origin = github.repository(NAME).git.path
    ran = runner.run("assay-commands.yml", event, payload, origin, GITHUB_API_URL=github.url, GITHUB_TOKEN=token)
    assert ran.code == 0, ran.log[-3000:]
    assert token not in ran.log


def test_both_homes_leave_the_same(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    (tmp_path / "jobs").mkdir()
    served = in_a_service(tmp_path / "service")
    same(in_jobs(tmp_path / "jobs"), served)
    assert served["reactions"] == [["eyes", "rocket"], ["confused", "eyes"], ["eyes", "rocket"]]
    assert str(served["answers"]).count("ended: `success`. It took 3 min, 1.50 USD.") == 1
    assert served["orders"] == [(0, RETRAIN), (0, TUNE), (0, "train")]
    assert [(name, conclusion) for name, _, conclusion, _ in served["checks"]] == [
        ("assay / governance", "failure"),
        ("assay train", None),
    ]


def test_a_comment_without_a_command_starts_no_job(tmp_path: Path) -> None:
    with running() as github:
        (number,) = prepare(github)
        event, payload = github.event(NAME, github.comment(NAME, number, "not one / command"), "created")
        origin = github.repository(NAME).git.path
        ran = Runner(tmp_path).run("assay-commands.yml", event, payload, origin, GITHUB_API_URL=github.url)
        assert ran.code == 0 and github.requests == []
