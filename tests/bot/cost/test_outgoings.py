"""This month and the last are read for the pulse, by as few requests as can be, or the reason why not is told."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.around import RUN, Around
from bot.cost import outgoings
from bot.gateway.locking import LockGateway
from bot.gateway.records import Repository
from policy import document
from policy.cost import Bill
from policy.pulse.outgoings import Outgoings
from tests.bot.gateway.scene import REPOSITORY, Scene

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
POLICY = document.read("version: 1\ncost: {prices: {ubuntu-latest: 0.5}}\n")
CHECK = "assay-check.yml"


@pytest.fixture
def around(here: Scene) -> Around:
    """A check in February and two in March, and the run of a command."""
    here.github.commit(REPOSITORY, {f".github/workflows/{name}": "on: [push]\n" for name in (CHECK, RUN, "ci.yml")})
    for at, minutes in (("2026-02-28T23:59:59Z", 7), ("2026-03-01T00:00:00Z", 10), ("2026-03-02T00:00:00Z", 20)):
        made = here.github.run(REPOSITORY, here.head, "feature")
        made.created_at = at
        here.github.job(REPOSITORY, made, minutes * 60)
    asked = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch", path=f".github/workflows/{RUN}")
    asked.created_at, asked.title = "2026-03-03T00:00:00Z", f"assay train #99 {here.head} 1-0"
    here.github.job(REPOSITORY, asked, 60 * 60)
    here.github.forget_requests()
    return Around(LockGateway.of(here.gateway), Repository(1, REPOSITORY, "main", True), clock=lambda: NOW)


def read(around: Around, **more: int) -> Outgoings:
    found = outgoings.read(around, POLICY, **more)
    assert isinstance(found, Outgoings)
    return found


def test_both_months_are_summed_by_pull_request_and_workflow(around: Around, here: Scene) -> None:
    found = read(around)
    assert (found.now.bill, found.before.bill) == (Bill(90, Decimal(45)), Bill(7, Decimal("3.5")))
    assert found.dearest == [(99, Bill(60, Decimal(30)), 1), (here.number, Bill(30, Decimal(15)), 2)]
    assert [name for name, _, _ in found.now.by_workflow()] == [RUN, CHECK]
    assert len(here.github.requests) == 2 + 4 + 4


def test_who_waits_gets_it_by_fewer_jobs(around: Around, here: Scene) -> None:
    found = read(around, each=1)
    assert found.now.bill == Bill(90, Decimal(45)) and found.now.reckoned == 1
    assert len(here.github.requests) == 2 + 4 + 3


def test_without_cost_in_the_policy_nothing_is_asked(around: Around, here: Scene) -> None:
    assert outgoings.read(around, document.read("version: 1\n")) is None and here.github.requests == []


def test_what_cannot_be_read_is_told(around: Around, here: Scene) -> None:
    here.github.fail("status", "GET", "/actions/workflows", status=500, times=None)
    assert isinstance(outgoings.read(around, POLICY), str)
