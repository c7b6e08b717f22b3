"""The service as people meet it: they comment, it answers; whatever happens to it meanwhile, the end is the same."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving import NAME, Service, conversation, free_port, prepare, reactions, same, say, serving, state
from tests.loopback.server import Loopback, running
from tests.postgres import postgres_server, postgresql

__all__ = ["postgres_server", "postgresql"]
PULLS, FEW, MANY = 6, 60, 200


@pytest.fixture
def github() -> Iterator[Loopback]:
    with running() as found:
        prepare(found, PULLS)
        yield found


@pytest.fixture
def service(github: Loopback, tmp_path: Path) -> Iterator[Service]:
    with serving(github, tmp_path, ASSAY_MISSED_MINUTES="0.05") as made:
        yield made


def undisturbed(folder: Path, count: int) -> dict[str, Any]:
    """What a service leaves that nothing happens to."""
    with running() as github:
        prepare(github, PULLS)
        with serving(github, folder) as service:
            service.start()
            service.settle(conversation(github, PULLS, count))
            return state(github)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return undisturbed(tmp_path_factory.mktemp("few"), FEW)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return undisturbed(tmp_path_factory.mktemp("many"), MANY)


def test_a_comment_is_acknowledged_done_and_answered(service: Service) -> None:
    service.start()
    comment = say(service.github, 1, "/train train.lr=0.1")
    service.settle([comment])
    found = state(service.github)
    assert found["reactions"] == [["eyes", "rocket"]]
    assert found["orders"] == [(0, "train")]
    assert "runs on" in found["answers"][1][0][0]


def test_an_undisturbed_conversation_is_what_it_should_be(few: dict[str, Any]) -> None:
    assert len(few["reactions"]) == FEW
    assert sum(each == [] for each in few["reactions"]) == FEW // 10
    assert len(few["orders"]) == FEW // 10 * 4
    assert {"assay / governance", "assay train", "assay evaluate"} <= {name for name, *_ in few["checks"]}
    assert all(len(each) == 1 for each in few["answers"].values())


@pytest.mark.slow
def test_every_delivery_three_times_in_any_order_ends_the_same(service: Service, few: dict[str, Any]) -> None:
    service.start()
    comments = conversation(service.github, PULLS, FEW)
    service.github.sender.drain()
    sent = [each for each in service.github.deliveries if each.event == "issue_comment"] * 2
    random.Random(7).shuffle(sent)
    for each in sent:
        service.github.sender.redeliver(each)
    service.settle(comments)
    time.sleep(1)
    same(state(service.github), few)


@pytest.mark.slow
def test_a_github_that_fails_a_fifth_of_the_time_ends_the_same(service: Service, few: dict[str, Any]) -> None:
    service.start()
    chance = random.Random(11)
    stop = threading.Event()

    def trouble() -> None:
        """One request in five goes wrong: a bad gateway, a secondary limit, a lost answer."""
        while not stop.is_set():
            kind = chance.choice(["status", "secondary", "drop", "after"])
            if kind == "after":
                service.github.fail("drop", "POST|PATCH", "/repos/", skip=chance.randrange(3, 8), after=True)
            elif kind == "secondary":
                service.github.fail(kind, path="/repos/", skip=chance.randrange(3, 8), retry_after=1)
            else:
                service.github.fail(kind, path="/repos/", skip=chance.randrange(3, 8), status=502)
            while any(fault.hits < (fault.times or 0) for fault in service.github.faults._all) and not stop.is_set():
                time.sleep(0.01)
            service.github.faults.clear()

    thread = threading.Thread(target=trouble)
    thread.start()
    try:
        service.settle(conversation(service.github, PULLS, FEW), seconds=300)
    finally:
        stop.set()
        thread.join()
        service.github.faults.clear()
    same(state(service.github), few)


@pytest.mark.slow
def test_wh_24_killed_twenty_times_during_two_hundred_comments_nothing_is_lost_or_doubled(
    service: Service, many: dict[str, Any]
) -> None:
    service.start()
    chance = random.Random(13)
    comments: list[Any] = []
    talking = threading.Thread(target=lambda: comments.extend(conversation(service.github, PULLS, MANY, pause=0.15)))
    talking.start()
    for _ in range(20):
        time.sleep(chance.uniform(0.2, 1.2))
        service.kill()
        service.start()
    talking.join()
    service.settle(comments, seconds=240)
    service.heal(many)


@pytest.mark.slow
def test_au_10_of_two_workers_on_postgresql_one_dies_and_the_other_does_its_work(
    github: Loopback, tmp_path: Path, postgresql: str, few: dict[str, Any]
) -> None:
    with serving(github, tmp_path, postgresql) as service:
        service.start("--role", "web")
        service.start("--role", "worker", port=free_port())
        second = free_port()
        doomed = service.start("--role", "worker", port=second)
        comments: list[Any] = []
        talking = threading.Thread(target=lambda: comments.extend(conversation(github, PULLS, FEW, pause=0.02)))
        talking.start()
        while not any(reactions(github, each) for each in list(github.repository(NAME).comments.values())):
            time.sleep(0.01)
        doomed.kill()
        talking.join()
        service.settle(comments)
        same(state(github), few)
