"""What runs cost is read by few requests: the newest of each workflow, and the rest reckoned."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.around import RUN
from bot.cost.reading import READ, Reader
from bot.gateway.billing import BillingGateway
from policy.cost import NOTHING, Bill, Cost, estimate
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import Run

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
CHECK = "assay-check.yml"


@pytest.fixture
def scene(here: Scene) -> Scene:
    files = {f".github/workflows/{name}": "on: [push]\n" for name in (CHECK, RUN, "ci.yml")}
    here.github.commit(REPOSITORY, files)
    here.github.forget_requests()
    return here


def reader(scene: Scene) -> Reader:
    return Reader(BillingGateway.of(scene.gateway), Cost(), True, NOW)


def ran(scene: Scene, minutes: int, file: str = CHECK, title: str | None = None, **more: str) -> Run:
    event = "workflow_dispatch" if title else "pull_request"
    made = scene.github.run(REPOSITORY, scene.head, "feature", event, path=f".github/workflows/{file}", **more)
    made.created_at, made.title = (NOW - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"), title
    scene.github.job(REPOSITORY, made, minutes * 60)
    return made


def asked(scene: Scene, command: str = "train") -> str:
    return f"assay {command} #{scene.number} {scene.head} 1-0"


def test_the_runs_of_our_workflows_are_summed_and_no_others(scene: Scene) -> None:
    ran(scene, 10)
    ran(scene, 20, RUN, asked(scene))
    ran(scene, 99, "ci.yml")
    found = reader(scene).spent(MARCH, NOW)
    assert found.bill == Bill(30, Decimal("0.18")) and found.exact
    assert found.by_pull() == [(scene.number, Bill(20, Decimal("0.12")), 1)]
    assert len(scene.github.requests) == 1 + 2 + 2


def test_a_check_is_its_pull_requests_by_the_branch(scene: Scene) -> None:
    ran(scene, 10)
    scene.github.repository("eve/flights")
    ran(scene, 5, head_repository="eve/flights")
    found = reader(scene).spent(MARCH, NOW, {(REPOSITORY, "feature"): scene.number})
    assert found.by_pull() == [(scene.number, Bill(10, Decimal("0.06")), 1)]


def test_of_many_runs_the_newest_are_read_and_the_others_reckoned_by_how_long_they_took(scene: Scene) -> None:
    for minutes in (40, *[10] * READ):
        ran(scene, minutes)
    found = reader(scene).spent(MARCH, NOW)
    assert found.bill == Bill(90, Decimal("0.54")) and found.reckoned == 1
    assert len(scene.github.requests) == 3 + READ


def test_what_never_started_costs_neither_money_nor_a_request(scene: Scene) -> None:
    ran(scene, 10, conclusion="skipped")
    found = reader(scene).spent(MARCH, NOW)
    assert (found.bill, found.exact) == (NOTHING, True) and len(scene.github.requests) == 3


def test_a_run_that_goes_on_counts_up_to_now(scene: Scene) -> None:
    made = ran(scene, 1)
    made.status, made.conclusion = "in_progress", None
    made.jobs[0].status, made.jobs[0].completed_at, made.jobs[0].conclusion = "in_progress", None, None
    assert reader(scene).spent(MARCH, NOW).bill.minutes == 120


def test_comparable_are_the_newest_five_that_are_alike_and_went_well(scene: Scene) -> None:
    for minutes in (99, 1, 2, 3, 4, 5):
        ran(scene, minutes, RUN, asked(scene))
    ran(scene, 50, RUN, asked(scene), conclusion="failure")
    ran(scene, 60, RUN, asked(scene, command="evaluate"))
    looking = reader(scene)
    listed = looking.gateway.workflow_runs(RUN, "workflow_dispatch")
    assert [each.minutes for each in looking.comparable(listed, lambda run: " train " in run.title)] == [5, 4, 3, 2, 1]
    assert looking.comparable(listed, lambda run: False) == []
    assert len(scene.github.requests) == 1 + 5


def test_what_is_under_way_will_cost_what_is_expected_of_it_less_what_it_cost_so_far(scene: Scene) -> None:
    going = ran(scene, 10, RUN, asked(scene))
    going.status, going.conclusion = "in_progress", None
    ran(scene, 10, RUN, asked(scene))
    looking = reader(scene)
    listed = looking.gateway.workflow_runs(RUN, "workflow_dispatch")
    expected = estimate([Bill(60, Decimal("0.36"))])
    assert looking.ahead(listed, expected) == Decimal("0.30")
    assert looking.ahead(listed, estimate([Bill(5, Decimal("0.03"))])) == looking.ahead(listed, None) == 0


def test_no_run_is_read_twice(scene: Scene) -> None:
    ran(scene, 5, RUN, asked(scene))
    looking = reader(scene)
    looking.comparable(looking.gateway.workflow_runs(RUN, "workflow_dispatch"), lambda run: True)
    asked_before = len(scene.github.requests)
    looking.spent(MARCH, NOW)
    assert len(scene.github.requests) == asked_before + 3


def test_of_a_pull_request_count_the_runs_of_its_branch_and_those_of_its_commands(scene: Scene) -> None:
    ran(scene, 10)
    ran(scene, 99, "ci.yml")
    ran(scene, 20, RUN, asked(scene))
    ran(scene, 40, RUN, asked(scene).replace(f"#{scene.number} ", "#77 "))
    looking = reader(scene)
    found = looking.of_pull(scene.number, looking.gateway.runs("branch=feature&event=pull_request"))
    assert found.bill == Bill(30, Decimal("0.18")) and len(scene.github.requests) == 2 + 2
