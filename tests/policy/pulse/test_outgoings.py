"""This month and the last: the share of the budget, and the dearest pull requests."""

from datetime import UTC, datetime
from decimal import Decimal

from policy.cost import Bill, Budget, Cost, Limit, Run, spending
from policy.pulse.outgoings import TOP, Outgoings
from policy.pulse.pulse import COST, Sources, compose, priced
from tests.policy.pulse.diary import at
from tests.policy.pulse.test_pulse import LEDGER, POLICY, VERSIONS

MARCH, FEBRUARY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def run(money: str, pull: int | None = None, workflow: str = "assay-run.yml", *unpriced: str) -> Run:
    """A run of ten minutes."""
    return Run(workflow, pull, 600, Bill(10, Decimal(money), frozenset(unpriced)))


def outgoings(*runs: Run, limit: float | None = 20, **more: int) -> Outgoings:
    """A March with runs, and a February with one."""
    budget = Budget(month=Limit(money=limit, role="admin")) if limit is not None else Budget()
    return Outgoings(Cost(budget=budget), MARCH, spending(runs, **more), FEBRUARY, spending([run("2")]))


def test_the_share_of_the_budget_is_that_of_this_month() -> None:
    assert outgoings(run("5")).share == 0.25 and not outgoings(run("20")).over
    assert outgoings(run("15"), run("6")).share == 1.05 and outgoings(run("21")).over
    assert outgoings(run("5"), limit=None).share is None and not outgoings(run("5"), limit=None).over
    assert outgoings(run("5"), limit=0).share is None and outgoings(run("5"), limit=0).over


def test_the_dearest_pull_requests_are_named_with_how_often_they_ran() -> None:
    found = outgoings(run("9"), run("1", 7), run("1.5", 7), *(run("1", number) for number in range(20, 30)))
    assert found.dearest[0] == (7, Bill(20, Decimal("2.5")), 2) and len(found.dearest) == TOP


def test_a_pulse_has_it_or_says_why_not() -> None:
    bare = compose(POLICY, Sources(LEDGER, VERSIONS), at(180))
    assert bare.cost is None and priced(bare, None) == bare
    found = outgoings(run("5"))
    assert priced(bare, found).cost is found and priced(bare, found).unread == ()
    assert priced(bare, "no token").unread == ((COST, "no token"),)
