"""The branches of the demo as pull requests: the workflow files, a runner, a GitHub, one comment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.progress import Silent
from examples.flights.branches import EXPECTED
from examples.flights.build import Demo
from policy.problems import UserProblem
from tests.e2e.acting import Runner
from tests.e2e.demo import as_promised, line, page, show
from tests.e2e.flights import Flights, Posted, status_of
from tests.loopback.server import running

STATUS = {expected.branch: expected.status for expected in EXPECTED}
HOLDS = {"data": "success", "training": "success", "evaluation": "success", "drift": "success", "governance": "success"}
NOT_TRAINED = {"training": "skipped", "evaluation": "skipped", "governance": "success"}
CHECKS = {
    "better-model": HOLDS,
    "worse-model": HOLDS | {"evaluation": "failure"},
    "corrupt-data": NOT_TRAINED | {"data": "failure", "drift": "neutral"},
    "readme-only": NOT_TRAINED | {"data": "skipped", "drift": "skipped"},
}
"""What each check must conclude; a warning is neutral."""
OWN = ("better-model", "corrupt-data", "readme-only")
"""One that passes, one that fails and one that is skipped: what each branch comes to is tested beside the example."""
FORKED = ("worse-model",)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("runner"))


@pytest.fixture
def flights(own_demo: Demo, runner: Runner) -> Iterator[Flights]:
    """A GitHub of its own for each test: a branch and its fork have the same head, and so would share their checks."""
    with running() as github:
        yield Flights(github, runner, own_demo)


def holds(posted: Posted, branch: str) -> None:
    """One comment with the promised verdict, a check for each part, few requests."""
    checked, reported = posted.logs
    assert [status_of(comment) for comment in posted.comments] == [STATUS[branch]], checked + reported
    assert posted.codes == (1 if STATUS[branch] == "failed" else 0, 0)
    assert posted.checks == CHECKS[branch]
    assert posted.author == "github-actions[bot]"
    assert posted.requests <= 14


@pytest.mark.slow
@pytest.mark.parametrize("branch", OWN)
def test_a_branch_gets_its_promised_verdict_on_its_pull_request(flights: Flights, branch: str) -> None:
    holds(flights.through(branch, "A change", Silent()), branch)


@pytest.mark.slow
@pytest.mark.parametrize("branch", FORKED)
def test_the_same_branch_gets_the_same_verdict_from_a_fork(flights: Flights, branch: str) -> None:
    posted = flights.through(branch, "A change", Silent(), fork=True)
    assert posted.head == f"newcomer:{branch}"
    holds(posted, branch)


POSTED = Posted(
    number=3,
    head="newcomer:worse-model",
    title="<script>more</script>",
    comments=("<!-- marker -->\n### 🔴 Not ready to merge: `a` lost 1\n\n<script>x</script>",),
    author="github-actions[bot]",
    checks={"data": "success", "evaluation": "failure", "drift": "success"},
    requests=14,
    seconds=9.6,
    logs=("", ""),
    codes=(1, 0),
)


def test_the_demo_tells_each_pull_request_in_a_line() -> None:
    assert line(POSTED) == (
        "#3 newcomer:worse-model (failure: evaluation; success: data, drift) 14 requests, 10 s  🔴 Not ready to merge: `a` lost 1"
    )


def test_the_page_shows_the_comment_and_its_checks_and_runs_nothing() -> None:
    html = page([POSTED])
    assert "Not ready to merge" in html and "assay / evaluation" in html
    assert "<script" not in html and "marker" not in html


def test_the_demo_knows_what_was_promised() -> None:
    assert as_promised("worse-model", POSTED)
    assert not as_promised("readme-only", POSTED)


def test_without_a_demo_there_is_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(UserProblem, match="no demo"):
        show(tmp_path)
