"""What rose in production trains the model anew: once for each rise, by whoever comes, and never beside a proposal."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from bot.around import RETRAIN
from bot.gateway.locking import LockGateway
from policy.problems import OutsideProblem
from policy.vigil_history import Training
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.monitoring.production import POLICY, Production, production
from tests.bot.talk import workflow
from tests.policy.sightings import MODEL, seen

PATH = f".github/workflows/{RETRAIN}"
SOON = 1 / 24


def training(here: Scene, at: str = "high", file: bool = True) -> Production:
    """The scene with a workflow that trains, unless `file` is false."""
    made = production(here, f"{POLICY}retrain: {{at: {at}}}\n")
    if file:
        here.github.commit(REPOSITORY, {PATH: workflow(RETRAIN)})
    here.github.forget_requests()
    return made


@pytest.fixture
def there(here: Scene) -> Production:
    return training(here)


def orders(there: Production) -> list[dict[str, Any]]:
    return [each.payload for each in there.here.github.repository(REPOSITORY).dispatches]


def became(there: Production) -> list[Training]:
    return [each.training for each in there.history if each.training is not None]


def test_it_is_started_once_for_a_rise_that_is_bad_enough_and_the_issue_says_so(there: Production) -> None:
    assert there.look("medium").training is None and orders(there) == [] and "| training |" not in there.issue.body
    told = there.look("high")
    assert told.training == "started" and told.said.endswith("told; training started") and told.plain["training"] == "started"
    (order,) = orders(there)
    key = f"monitor-{there.history[1].digest}"
    why = "the severity in production rose to high, seen at 2026-07-02 06:00 UTC"
    assert order == {"request": key, "because": why, "full": "false"}
    (run,) = there.here.github.repository(REPOSITORY).runs.values()
    assert (run.title, run.head_branch, run.path) == (f"assay retrain {key}", "main", PATH)
    assert f"was started; the run is called `{key}`" in there.issue.body
    assert f"/acme/flights/actions/workflows/{RETRAIN}>" in there.issue.body
    there.look("high", "medium", "high")
    there.sweep()
    assert len(orders(there)) == 1 and f"`{key}`" in there.issue.body


def test_each_rise_that_is_bad_enough_starts_one_and_what_is_over_says_nothing_more(here: Scene) -> None:
    there = training(here, "medium")
    there.look("medium", "high", "high")
    assert len({each["request"] for each in orders(there)}) == len(orders(there)) == 2
    there.look("none", "none", "none")
    assert there.issue.state == "closed" and "| training |" not in there.issue.body
    assert there.look("medium").training == "started" and len(orders(there)) == 3


def test_ap_01_what_was_started_costs_no_request_more(there: Production) -> None:
    there.look("none", "high")
    there.here.github.forget_requests()
    assert there.keep(seen("high", 1)).did == "nothing" and there.sweep() is not None
    assert there.written == [] and len(there.here.github.requests) == 6


def test_lk_of_six_at_once_one_starts_it(there: Production) -> None:
    there.day = 1
    problems: list[Exception] = []
    doors = threading.Barrier(6)

    def write() -> None:
        token = there.here.as_token(there.here.github.token(REPOSITORY, "write"))
        one = replace(there, around=replace(there.around, gateway=LockGateway.of(token)))
        try:
            doors.wait()
            one.keep(seen("high", 1))
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == [] and len(orders(there)) == 1 and [each.state for each in became(there)] == ["started"]


@pytest.mark.parametrize("skip", range(6))
def test_cut_off_between_any_two_writes_it_is_started_once(there: Production, skip: int) -> None:
    there.look("none")
    there.here.github.fail("status", "POST|PATCH|PUT", times=None, status=500, skip=skip)
    with pytest.raises(OutsideProblem):
        for _ in range(4):
            there.look("high")
    there.here.github.faults.clear()
    there.day += SOON
    there.look("high")
    there.sweep()
    assert len(orders(there)) == 1 and there.issue.state == "open" and became(there)[-1].state == "started"


def test_where_only_the_answer_was_lost_its_run_is_found_and_none_is_started(there: Production) -> None:
    there.look("none")
    there.here.github.fail("status", "POST", "/dispatches", after=True, times=1, status=502)
    told = there.look("high")
    assert (told.training, told.did) == ("due", "opened") and "is being started" in there.issue.body and len(orders(there)) == 1
    there.day -= 1 - 0.005
    assert there.sweep() is not None and [each.state for each in became(there)] == ["due"]
    there.day += SOON
    swept = there.sweep()
    assert swept is not None and swept.training == "started" and len(orders(there)) == 1
    assert "was started" in there.issue.body


def test_beside_an_open_proposal_none_is_started_and_none_once_it_is_closed(there: Production) -> None:
    github = there.here.github
    github.commit(REPOSITORY, {"dvc.lock": "new"}, branch="assay/retrain-7")
    pull = github.pull(REPOSITORY, "assay/retrain-7")
    there.look("none")
    assert there.look("high").training == "held"
    assert f"none was started, because #{pull.number} is open" in there.issue.body
    pull.state = "closed"
    there.look("high")
    there.sweep()
    assert orders(there) == []


@pytest.mark.parametrize("branch", ["assay/retrain-7x", "assay/refresh-7", "retrain-7"])
def test_another_pull_request_holds_nothing_up(there: Production, branch: str) -> None:
    there.here.github.commit(REPOSITORY, {"dvc.lock": "new"}, branch=branch)
    there.here.github.pull(REPOSITORY, branch)
    assert there.look("high").training == "started"


def test_without_the_workflow_the_issue_says_so_and_the_next_look_starts_it_once_it_is_there(here: Scene) -> None:
    there = training(here, file=False)
    assert there.look("high").training == "missing" and f"has no `{RETRAIN}`" in there.issue.body
    here.github.forget_requests()
    there.sweep()
    assert there.written == [] and len(here.github.requests) == 3
    here.github.commit(REPOSITORY, {PATH: workflow(RETRAIN)})
    assert there.look("high").training == "started" and len(orders(there)) == 1 and "was started" in there.issue.body


@pytest.mark.parametrize("what", ["/dispatches", "/pulls"])
def test_az_where_the_token_may_not_the_issue_says_so_and_nothing_fails(there: Production, what: str) -> None:
    there.here.github.fail("permission", path=what, times=None)
    told = there.look("high")
    assert (told.training, told.did) == ("refused", "opened") and orders(there) == []
    assert "could not be started" in there.issue.body and "Resource not accessible" in there.issue.body.replace("`", "")
    there.here.github.faults.clear()
    assert there.sweep() is not None and orders(there) == []
    assert there.look("high").training == "started" and len(orders(there)) == 1


def test_a_workflow_that_does_not_take_it_is_said_to_refuse(there: Production) -> None:
    there.here.github.commit(REPOSITORY, {PATH: "on: push\njobs: {}\n"})
    assert there.look("high").training == "refused" and "workflow_dispatch" in there.issue.body


def test_where_the_policy_begins_to_ask_for_it_an_open_rise_is_trained_by_the_next_sweep(here: Scene) -> None:
    there = production(here)
    here.github.commit(REPOSITORY, {PATH: workflow(RETRAIN)})
    there.look("high")
    here.github.commit(REPOSITORY, {"assay.yml": f"{POLICY}retrain: {{at: medium}}\n"})
    swept = there.sweep()
    assert swept is not None and (swept.training, swept.did) == ("started", "updated") and len(orders(there)) == 1


def test_whatever_becomes_of_the_issue_none_is_started_again(there: Production) -> None:
    there.look("high")
    there.issue.body = "gone"
    there.look("high")
    del there.here.github.repository(REPOSITORY).issues[there.issue.number]
    told = there.look("high")
    assert (told.did, told.training) == ("opened", "started") and len(orders(there)) == 1


def test_where_github_does_not_answer_the_rise_is_told_all_the_same(there: Production) -> None:
    there.here.github.fail("status", "GET", "/pulls", times=None, status=500)
    told = there.look("high")
    assert (told.did, told.training) == ("opened", None) and MODEL in there.issue.title and orders(there) == []
    there.here.github.faults.clear()
    assert there.sweep() is not None and len(orders(there)) == 1


COSTS = "cost: {prices: {ubuntu-latest: 0.5}%s}\n"
RUN_LIMIT, MONTH_LIMIT = (f", budget: {{{each}: {{money: 5, role: lead}}}}" for each in ("run", "month"))


def priced(here: Scene, budget: str, *minutes: int) -> Production:
    """Where such runs took so many minutes before, in the month of the looks."""
    there = production(here, f"{POLICY}retrain: {{at: high}}\n{COSTS % budget}")
    here.github.commit(REPOSITORY, {PATH: workflow(RETRAIN)})
    for index, each in enumerate(minutes):
        run = here.github.run(REPOSITORY, here.base, "main", "workflow_dispatch", path=PATH)
        run.title, run.created_at = f"assay retrain {index + 1}-0", "2026-07-01T00:00:00Z"
        run.started_at = run.created_at
        here.github.job(REPOSITORY, run, each * 60)
    here.github.forget_requests()
    return there


def test_az_beyond_the_budget_of_a_run_none_is_started_and_the_issue_says_who_may(here: Scene) -> None:
    there = priced(here, RUN_LIMIT, 12, 14)
    told = there.look("high")
    assert (told.training, told.did) == ("withheld", "opened") and orders(there) == []
    said = (
        "none was started: such a run costs about 6.50 USD, from 6.00 to 7.00, and a run may cost 5.00 USD; beyond that it takes"
    )
    assert said in there.issue.body and "alice" in there.issue.body
    assert "Who may starts one with `/retrain`" in there.issue.body
    here.github.forget_requests()
    there.look("high", "high")
    assert there.sweep() is not None and not [each for each in here.github.requests if "/actions/" in each.path]
    assert orders(there) == [] and [each.state for each in became(there)] == ["withheld"]


def test_az_beyond_the_budget_of_the_month_none_is_started(here: Scene) -> None:
    there = priced(here, MONTH_LIMIT, 4, 4)
    assert there.look("high").training == "withheld" and orders(there) == []
    assert "this month has cost 4.00 USD and such a run costs about 2.00 USD more, and a month may cost" in there.issue.body


def test_a_later_rise_asks_again_and_within_the_budget_it_is_started(here: Scene) -> None:
    there = priced(here, RUN_LIMIT, 12)
    there.look("high", "none", "none", "none")
    assert orders(there) == []
    here.github.commit(REPOSITORY, {"assay.yml": f"{POLICY}retrain: {{at: high}}\n{COSTS % RUN_LIMIT.replace('5', '50')}"})
    assert there.look("high").training == "started" and len(orders(there)) == 1


@pytest.mark.parametrize("budget", ["", RUN_LIMIT])
def test_without_a_budget_nothing_is_asked_and_what_is_not_known_blocks_nothing(here: Scene, budget: str) -> None:
    there = priced(here, budget)
    assert there.look("high").training == "started" and len(orders(there)) == 1
    assert len([each for each in here.github.requests if each.method == "GET" and "/actions/" in each.path]) == bool(budget)


def test_pp_a_token_that_may_not_read_runs_holds_no_training_up(here: Scene) -> None:
    there = priced(here, RUN_LIMIT, 20)
    here.github.fail("permission", "GET", "/jobs", times=None)
    assert there.look("high").training == "started"


def test_what_was_about_to_be_started_is_not_weighed_again(here: Scene) -> None:
    there = priced(here, MONTH_LIMIT, 4)
    here.github.fail("status", "POST", "/dispatches", after=True, times=1, status=502)
    assert there.look("high").training == "due" and len(orders(there)) == 1
    there.day += SOON
    here.github.commit(REPOSITORY, {"assay.yml": f"{POLICY}retrain: {{at: high}}\n{COSTS % MONTH_LIMIT.replace('5', '0')}"})
    swept = there.sweep()
    assert swept is not None and swept.training == "started" and len(orders(there)) == 1
