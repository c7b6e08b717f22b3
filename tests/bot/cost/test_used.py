"""What runs used of language models comes from the facts they left, where the policy asks; what nobody knows is said, never 0."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.around import CHECK, MAIN, RETRAIN, TUNE
from bot.cost import used
from bot.cost.reading import Reader
from bot.gateway.billing import BillingGateway
from bot.gateway.records import WorkflowRun
from policy.cost import NOTHING, Bill, Cost
from policy.facts import TokenFacts
from policy.facts.reading import write
from policy.facts.tokens import ModelTokens
from policy.tokens import TokenPrice, Tokens, Used
from tests.bot.gateway.scene import REPOSITORY, Scene
from tests.bot.material import facts
from tests.loopback.state import Run

NOW = datetime(2027, 3, 1, tzinfo=UTC)
COST = Cost(
    prices={"ubuntu-latest": 0.5},
    tokens=Tokens(file="usage.json", prices={"gpt-x": TokenPrice(input=2.5, output=10)}),
)
TOLD = TokenFacts(file="usage.json", stage="judge", models=[ModelTokens(model="gpt-x", input=400_000, output=100_000)])
SPENT = Bill(money=Decimal(2), used=(Used("gpt-x", 400_000, 100_000),))
UNKNOWN = Bill(unknown=1)


def ran(here: Scene, file: str = CHECK, told: TokenFacts | None = TOLD, minutes: int = 2, **more: str) -> Run:
    """A run that left facts."""
    run = here.github.run(REPOSITORY, here.head, "feature", path=f".github/workflows/{file}", **more)
    here.github.job(REPOSITORY, run, minutes * 60)
    left = facts().model_copy(update={"tokens": told})
    here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": write(left)})
    here.github.forget_requests()
    return run


def read(here: Scene, run: Run) -> WorkflowRun:
    found = here.gateway.workflow_run(run.id)
    here.github.forget_requests()
    return found


@pytest.mark.parametrize("file", [CHECK, MAIN, RETRAIN])
def test_a_run_that_tells_what_it_used_costs_that_for_two_requests(here: Scene, file: str) -> None:
    found = read(here, ran(here, file))
    assert used.bill(here.gateway, COST, found) == SPENT
    assert len(here.github.requests) == 2


def test_facts_that_were_read_already_are_not_asked_for(here: Scene) -> None:
    found = read(here, ran(here, told=None))
    assert used.bill(here.gateway, COST, found, facts().model_copy(update={"tokens": TOLD})) == SPENT
    assert used.bill(here.gateway, COST, found, facts()) == UNKNOWN
    assert here.github.requests == []


def test_without_the_key_or_for_a_run_that_runs_no_stages_or_goes_on_nothing_is_asked(here: Scene) -> None:
    found = read(here, ran(here))
    assert used.bill(here.gateway, Cost(), found) == NOTHING
    assert used.bill(here.gateway, COST, replace(found, path=".github/workflows/assay-report.yml")) == NOTHING
    assert used.bill(here.gateway, COST, replace(found, status="in_progress")) == NOTHING
    assert here.github.requests == []


def test_az_a_fork_says_nothing_of_what_was_spent_here(here: Scene) -> None:
    found = read(here, ran(here))
    for repository in ("eve/flights", None):
        assert used.bill(here.gateway, COST, replace(found, head_repository=repository)) == NOTHING
    assert here.github.requests == []


def test_what_nobody_knows_is_not_nothing(here: Scene) -> None:
    assert used.bill(here.gateway, COST, read(here, ran(here, told=None))) == UNKNOWN
    lost = TokenFacts(file="usage.json", problem="stage judge did not come to its end")
    assert used.bill(here.gateway, COST, read(here, ran(here, told=lost))) == UNKNOWN
    bare = here.github.run(REPOSITORY, here.head, "feature")
    assert used.bill(here.gateway, COST, read(here, bare)) == UNKNOWN
    search = read(here, ran(here, TUNE))
    assert used.bill(here.gateway, COST, search) == UNKNOWN and here.github.requests == []
    again = replace(read(here, ran(here)), run_attempt=2)
    assert used.bill(here.gateway, COST, again) == SPENT + UNKNOWN


@pytest.mark.parametrize(
    "content",
    [b"no zip", {"facts.json": b"{"}, {"facts.json": b'{"schema_version": "9.0"}'}, {"other.json": b"{}"}],
)
def test_ga_facts_that_cannot_be_read_are_not_known(here: Scene, content: object) -> None:
    run = here.github.run(REPOSITORY, here.head, "feature")
    here.github.artifact(REPOSITORY, run, "assay-facts", content)  # type: ignore[arg-type]
    assert used.bill(here.gateway, COST, read(here, run)) == UNKNOWN


def test_ga_negative_tokens_make_no_run_cheaper(here: Scene) -> None:
    run = here.github.run(REPOSITORY, here.head, "feature")
    raw = write(facts().model_copy(update={"tokens": TOLD})).replace(b"400000", b"-400000")
    here.github.artifact(REPOSITORY, run, "assay-facts", {"facts.json": raw})
    assert used.bill(here.gateway, COST, read(here, run)) == UNKNOWN


@pytest.mark.parametrize("path", ["/artifacts", "/zip"])
def test_pp_a_token_that_may_not_download_keeps_minutes_known(here: Scene, path: str) -> None:
    found = read(here, ran(here))
    here.github.fail("permission", "GET", path, times=None)
    assert used.bill(here.gateway, COST, found) == UNKNOWN


def test_minutes_and_tokens_of_a_run_are_one_bill(here: Scene) -> None:
    run = ran(here)
    gateway = BillingGateway.of(here.gateway)
    found = read(here, run)
    one = Reader(gateway, COST, True, NOW)
    assert one.bill(found) == one.bill(found) == Bill(2, Decimal(1)) + SPENT
    assert len(here.github.requests) == 3
