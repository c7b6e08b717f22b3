"""Fifty promotions at once: four workers on PostgreSQL, every delivery thrice, every run twice, and two processes killed."""

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from actions.registry.client import Registry
from assay.registered import Registered
from policy import grounds, ledger, ledger_registry
from policy.ledger import Decision
from tests.assay.conftest import made
from tests.e2e import racing
from tests.e2e.racing import AGAIN, RUNNERS, VERSIONS, Place, Runners
from tests.e2e.scene import NAME
from tests.e2e.serving import Service, free_port, serving
from tests.loopback.server import Loopback, running
from tests.loopback.state import Comment
from tests.postgres import postgres_server, postgresql
from tests.registry import mlflow_server, registry
from tests.repositories import Repo

__all__ = ["made", "mlflow_server", "postgres_server", "postgresql", "registry"]
pytestmark = pytest.mark.slow
ENVIRONMENTS = ("staging", "canary", "europe", "asia", "production")
MODELS = 5
WORKERS = 4
PATIENCE = 600
"""Seconds, on a machine that has ten times as much to do."""


def approved_at_once(github: Loopback, codes: dict[int, str]) -> list[Comment]:
    """Somebody approves all requests; GitHub tells of each three times: twice as if it were new, once as it did before."""
    comments = [github.comment(NAME, number, f"/approve {code}", "carol") for number, code in codes.items()]
    for comment in comments * 2:
        github.announce(NAME, comment, "created")
    github.sender.drain()
    for each in [each for each in github.deliveries if each.event == "issue_comment"][: len(comments)]:
        github.sender.attempt(each)
    return comments


def raced(github: Loopback, runners: Runners, service: Service, count: int) -> None:
    """Carry out two runs for each that is asked for, as if each had been started twice. One worker and one runner are killed."""
    over = threading.Event()
    threads = [threading.Thread(target=runners.work, args=(index, over)) for index in range(RUNNERS)]
    for each in threads:
        each.start()
    seen: set[int] = set()
    until = time.monotonic() + PATIENCE
    while len(runners.said) < 2 * count and time.monotonic() < until:
        for run in racing.started(github):
            if run.id not in seen:
                seen.add(run.id)
                for id in (run.id, run.id + AGAIN):
                    runners.waiting.put((int(run.inputs["issue"]), id))
        if len(seen) > count // 5 and service.processes[-1].poll() is None:
            service.processes[-1].kill()
            service.processes[-1].wait()
        if len(runners.said) > count // 5 and not runners.died:
            runners.kill(0)
        time.sleep(0.05)
    over.set()
    for each in threads:
        each.join()


def holds(github: Loopback, registry: Registry, server: str, there: Place) -> None:
    """The ledger holds by what `assay audit verify` looks at: chain, decisions derived again, aliases."""
    found = ledger.check(racing.files(github), grounds.table())
    assert found.fault is None
    told = Registered.of({"MLFLOW_TRACKING_URI": server})
    assert told is not None
    aliases = {model: registry.aliases(model) for model in there.models}
    points = ledger_registry.compare((each.entry for each in found.entries), lambda model, _, place: aliases[model].get(place))
    assert points is None


def test_fifty_promotions_raced_by_four_workers_have_one_winner_each_and_the_chain_holds(
    made: Repo, registry: Registry, mlflow_server: str, postgresql: str, tmp_path: Path
) -> None:
    more = {"MLFLOW_TRACKING_URI": mlflow_server, "ASSAY_REGISTRY_REPOSITORY": NAME}
    more["ASSAY_LEASE_SECONDS"] = "15"  # as it is by itself: on a machine with more to do, who lives must not be taken for dead
    with running() as github:
        there = racing.place(github, made, tmp_path, mlflow_server, MODELS, ENVIRONMENTS)
        with serving(github, tmp_path, postgresql, **more) as service:
            given = racing.env(github, service.app, mlflow_server)
            with racing.runners(github, tmp_path, given) as runners:
                service.start("--role", "both")
                ports = [free_port() for _ in range(WORKERS - 1)]
                workers = [service.launch("--role", "worker", port=port) for port in ports]
                wanted = [(model, v, where) for where in ENVIRONMENTS for model in there.models for v in range(1, VERSIONS + 1)]
                numbers = racing.requests(github, service.app, there, wanted)
                codes = racing.codes(racing.around(given), there.asked)
                for port, worker in zip(ports, workers, strict=True):
                    service.await_ready(port, worker)
                comments = approved_at_once(github, codes)
                raced(github, runners, service, len(numbers))
                service.settle(comments)
        repository = github.repository(NAME)
        assert Counter(int(each.payload["issue"]) for each in repository.dispatches) == Counter(numbers), "each is started once"
        assert Counter(runners.said) == Counter([*((number, "promoted") for number in numbers), *map(_over, numbers)])
        assert runners.died == 1
        made_of = [(each.payload["issue"], each.payload["version"]) for each in repository.deployments.values()]
        assert sorted(made_of) == sorted((number, there.asked[number].version) for number in numbers)
        assert all(repository.issues[number].state == "closed" for number in numbers)
        for number in numbers:
            assert racing.entered(github, number) == [Decision.REQUESTED, Decision.APPROVED, Decision.PROMOTED]
        gateway = racing.around(given).gateway
        assert {name: gateway.lock(name).holder for name in gateway.lock_names()} == dict.fromkeys(ENVIRONMENTS)
        holds(github, registry, mlflow_server, there)


def _over(number: int) -> tuple[int, str]:
    """What the second run for a request is told."""
    return number, f"#{number}: this request is over. Ask for it again with `/promote`"
