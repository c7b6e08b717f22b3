"""Costs in words: nothing reads as nothing that is not, and what is not known is said."""

from decimal import Decimal

import pytest

from policy.cost import Bill, Budget, Cost, Limit, Over, Run, Spending, estimate, spending
from policy.tokens import Used
from reports import cost as told

LIMIT = Limit(money=5, role="ml-lead")


def bill(minutes: int, money: str, *unpriced: str) -> Bill:
    return Bill(minutes, Decimal(money), frozenset(unpriced))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0 USD"), ("0.006", "0.006 USD"), ("0.084", "0.084 USD"), ("0.1", "0.10 USD"), ("1234.5", "1,234.50 USD")],
)
def test_an_amount_keeps_what_tells_it_from_nothing(amount: str, shown: str) -> None:
    assert told.money(Decimal(amount), "USD") == shown


def test_a_bill_names_the_labels_without_a_price() -> None:
    assert told.bill(bill(1_204, "7.224"), "USD").source == "1,204 min, 7.22 USD"
    assert told.bill(bill(3, "0", "gpu`x"), "USD").source.startswith("3 min, money not known (nobody says what ``gpu`x`` costs)")
    assert "at least 2.00 EUR" in told.bill(bill(3, "2", "gpu"), "EUR").source


def test_the_next_run_is_told_with_its_range_and_what_it_is_taken_from() -> None:
    found = estimate([bill(12, "0.072"), bill(14, "0.084"), bill(18, "0.108")])
    assert told.expected(found, "USD").source == (
        "It will take about 14 min (12 … 18) and 0.084 USD (0.072 … 0.11), as the last 3 such runs."
    )
    assert (
        told.expected(estimate([bill(1, "0.006")]), "USD").source
        == "It will take about 1 min and 0.006 USD, as the last such run."
    )
    assert "is not known" in told.expected(None, "USD").source
    assert "nobody says what `gpu` costs" in told.expected(estimate([bill(1, "0", "gpu")]), "USD").source


def test_before_a_run_the_month_is_told_where_it_has_a_budget() -> None:
    spent = Spending((Run("a", None, 60, bill(100, "0.6")),))
    assert "month" not in told.before(Cost(), None, spent, None).source
    said = told.before(Cost(budget=Budget(month=LIMIT)), None, spent, Over("month", LIMIT, Decimal(6))).source
    assert "This month so far: 100 min, 0.60 USD, of 5.00 USD." in said and "beyond the budget of the month" in said


def test_a_sum_says_how_well_it_is_known() -> None:
    runs = [Run("a", None, 60, bill(1, "0.5")), Run("a", None, 60)]
    assert told.spent(spending(runs[:1]), "USD").source == "1 min, 0.50 USD"
    assert told.spent(spending(runs), "USD").source == "about 2 min, 1.00 USD"
    assert told.spent(spending(runs, left_out=3), "USD").source == "more than 2 min, 1.00 USD"


def test_what_a_limit_is_passed_by_is_one_line() -> None:
    found = estimate([bill(1_000, "6"), bill(1_200, "7.2")])
    assert told.over(Over("run", LIMIT, Decimal("6.6")), found, "USD") == (
        "such a run costs about 6.60 USD, from 6.00 to 7.20, and a run may cost 5.00 USD"
    )
    assert told.over(Over("month", LIMIT, Decimal("11"), Decimal("5.5")), None, "USD") == (
        "this month has cost 5.50 USD, and a month may cost 5.00 USD"
    )
    assert "and such a run costs about 6.60 USD" in told.over(Over("month", LIMIT, Decimal(12), Decimal("5.5")), found, "USD")
    going = told.over(Over("month", LIMIT, Decimal(12), Decimal("5.5"), Decimal(3)), None, "USD")
    assert going == "this month has cost 5.50 USD, what is under way about 3.00 USD more, and a month may cost 5.00 USD"


def test_a_pull_request_is_told_with_what_may_be_spent() -> None:
    found = spending([Run("a", 7, 60, bill(10, "0.5"))])
    assert told.of_pull(Cost(), found).source == "Assay's runs for this pull request took 10 min, 0.50 USD."
    both = Cost(budget=Budget(run=LIMIT, month=Limit(money=200, role="admin")))
    assert told.of_pull(both, found).source.endswith("Beyond the budget (a run 5.00 USD, a month 200.00 USD) it takes a role.")


def test_why_nothing_could_be_read_is_told_and_harmless() -> None:
    assert told.unread("the token may not.").source == "What it will cost could not be read: the token may not."
    assert "`@acme/all`" in told.unread("ask @acme/all").source


def test_tokens_stand_beside_the_minutes_and_what_is_not_known_of_them_is_said() -> None:
    used = Bill(3, Decimal(1), used=(Used("gpt-x", 400_000, 1_000),))
    assert told.bill(used, "USD").source == "3 min and 401,000 tokens, 1.00 USD"
    lost = told.bill(Bill(3, Decimal(1), unknown=1), "USD").source
    assert lost == "3 min, 1.00 USD, without the tokens of a run, which are not known"
    assert told.bill(used + Bill(unknown=12), "USD").source.endswith(
        "1.00 USD, without the tokens of 12 runs, which are not known"
    )
    assert told.expected(estimate([used]), "USD").source == (
        "It will take about 3 min, 401,000 tokens and 1.00 USD, as the last such run."
    )
    for bills, whose in (([Bill(1, unknown=1)], "its tokens"), ([Bill(1, unknown=1)] * 2, "their tokens")):
        assert f"({whose} are not known)." in told.expected(estimate(bills), "USD").source
    assert "(the tokens of 1 are not known)." in told.expected(estimate([used, Bill(1, unknown=1)]), "USD").source
