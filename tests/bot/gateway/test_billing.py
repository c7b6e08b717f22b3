"""The jobs of a run, and the runs of a window: in as few requests as there are pages, and no more than was allowed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.gateway.billing import BillingGateway
from policy.cost import Job
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.loopback.state import Run

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
CHECK = "assay-check.yml"


@pytest.fixture
def gateway(here: Scene) -> BillingGateway:
    here.github.commit(
        REPOSITORY, {f".github/workflows/{CHECK}": "name: x\non: [push]\n", ".github/workflows/ci.yml": "on: [push]\n"}
    )
    here.github.forget_requests()
    return BillingGateway.of(here.gateway)


def run(here: Scene, at: str = "2026-03-14T12:00:00Z") -> Run:
    made = here.github.run(REPOSITORY, here.head, "feature")
    made.created_at = at
    return made


def test_jobs_of_all_attempts_are_read_with_their_labels_and_times(gateway: BillingGateway, here: Scene) -> None:
    made = run(here)
    here.github.job(REPOSITORY, made, 90)
    made.attempt = 2
    here.github.job(REPOSITORY, made, 30, ["self-hosted", "gpu"], status="in_progress", conclusion=None, completed_at=None)
    began = datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert gateway.jobs(made.id) == [
        Job(("ubuntu-latest",), began, began + timedelta(seconds=90)),
        Job(("self-hosted", "gpu"), began, None),
    ]
    assert len(here.github.requests) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"status": "queued", "conclusion": None, "completed_at": None},
        {"conclusion": "skipped"},
        {"conclusion": "cancelled", "runner": 0},
    ],
)
def test_a_job_that_no_runner_took_has_no_beginning(gateway: BillingGateway, here: Scene, more: dict[str, object]) -> None:
    made = run(here)
    here.github.job(REPOSITORY, made, 90, **more)
    assert [each.started for each in gateway.jobs(made.id)] == [None]


def test_of_a_great_many_jobs_three_hundred_are_read(gateway: BillingGateway, here: Scene) -> None:
    made = run(here)
    for _ in range(301):
        here.github.job(REPOSITORY, made, 1)
    assert len(gateway.jobs(made.id)) == 300 and len(here.github.requests) == 3


def test_a_run_that_was_deleted_has_no_jobs(gateway: BillingGateway) -> None:
    assert gateway.jobs(1) == []


def test_the_runs_of_a_window_are_read_and_what_is_beyond_its_pages_counted(gateway: BillingGateway, here: Scene) -> None:
    for at in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"):
        run(here, at)
    found = gateway.runs_between(CHECK, MARCH, APRIL, pages=5)
    assert [each.started_at for each in found.found] == ["2026-03-31T23:59:59Z", "2026-03-01T00:00:00Z"] and found.more == 0
    assert len(here.github.requests) == 1
    for _ in range(250):
        run(here)
    found = gateway.runs_between(CHECK, MARCH, APRIL, pages=2)
    assert (len(found.found), found.more) == (200, 52) and len(here.github.requests) == 3
    found = gateway.runs_between(CHECK, MARCH, APRIL, pages=9)
    assert (len(found.found), found.more) == (252, 0) and len(here.github.requests) == 6


def test_a_workflow_that_is_not_there_has_no_runs(gateway: BillingGateway) -> None:
    assert gateway.runs_between("assay-nothing.yml", MARCH, APRIL, pages=1).found == ()
    assert gateway.workflow_files() == [CHECK, "ci.yml"]


def test_pull_requests_are_known_by_their_heads(gateway: BillingGateway, here: Scene) -> None:
    assert gateway.pull_heads() == {(REPOSITORY, "feature"): here.number}
