"""What runs cost: costs add up, are never negative, and never fall while time goes on."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import document
from policy.cost import (
    LISTED_ON,
    NOTHING,
    Bill,
    Budget,
    Cost,
    Job,
    Limit,
    Run,
    bill,
    estimate,
    minutes,
    month,
    month_after,
    month_before,
    passed,
    spending,
    total,
)
from policy.document import PolicyProblem
from policy.tokens import Used, count, merged

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
LABELS = st.sampled_from(["ubuntu-latest", "windows-2025", "macos-15", "self-hosted", "gpu", "ubuntu-latest-8-cores", ""])
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 31), timezones=st.just(UTC))
JOBS = st.builds(
    Job,
    st.lists(LABELS, max_size=3).map(tuple),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
)
COSTS = st.builds(
    Cost, prices=st.dictionaries(LABELS.filter(bool), st.floats(0, 100).map(lambda each: round(each, 4)), max_size=3)
)
USED = st.builds(Used, st.sampled_from(["gpt-x", "gpt-y"]), st.integers(0, 10**9), st.integers(0, 10**9))
BILLS = st.builds(
    Bill,
    st.integers(0, 10_000),
    st.decimals(0, 1_000, places=3),
    st.frozensets(LABELS, max_size=2),
    st.lists(USED, max_size=3).map(merged),
    st.integers(0, 3),
)


def job(seconds: float | None, *labels: str) -> Job:
    return Job(labels or ("ubuntu-latest",), NOW, None if seconds is None else NOW + timedelta(seconds=seconds))


def dollars(text: str, minutes: int = 1, *unpriced: str) -> Bill:
    return Bill(minutes, Decimal(text), frozenset(unpriced))


# --- laws ---


@given(COSTS, st.lists(JOBS, max_size=6), st.lists(JOBS, max_size=6), st.booleans())
def test_costs_add_up(cost: Cost, some: list[Job], more: list[Job], private: bool) -> None:
    assert bill(cost, some + more, NOW, private) == bill(cost, some, NOW, private) + bill(cost, more, NOW, private)


@given(COSTS, st.lists(JOBS, max_size=6), MOMENTS)
def test_clocks_that_disagree_make_nothing_negative(cost: Cost, jobs: list[Job], now: datetime) -> None:
    found = bill(cost, jobs, now, True)
    assert found.minutes >= sum(each.started is not None for each in jobs) and found.money >= 0


@given(COSTS, st.lists(JOBS, max_size=6), MOMENTS, st.timedeltas(timedelta(), timedelta(days=3)))
def test_costs_never_fall_while_time_goes_on(cost: Cost, jobs: list[Job], now: datetime, later: timedelta) -> None:
    before, after = bill(cost, jobs, now, True), bill(cost, jobs, now + later, True)
    assert after.minutes >= before.minutes and after.money >= before.money


@given(st.lists(BILLS, max_size=6))
def test_the_whole_is_the_sum_whatever_the_order(bills: list[Bill]) -> None:
    assert total(bills) == total(reversed(bills))
    assert total([]) == NOTHING


@given(st.lists(BILLS, min_size=1, max_size=9))
def test_an_estimate_lies_within_what_such_runs_cost(bills: list[Bill]) -> None:
    found = estimate(bills)
    assert found is not None and found.runs == len(bills)
    assert found.minutes.low <= found.minutes.median <= found.minutes.high == max(each.minutes for each in bills)
    known = [each for each in bills if not each.unknown]
    assert found.unknown == len(bills) - len(known)
    told = known or bills
    assert (found.money is None) == any(each.unpriced for each in told)
    assert found.money is None or found.money.low <= found.money.median <= found.money.high == max(each.money for each in told)
    tokens = [count(each.used) for each in told]
    assert (found.tokens is None) == (not any(each.used for each in told))
    assert found.tokens is None or (found.tokens.low, found.tokens.high) == (min(tokens), max(tokens))


RUNS = st.builds(Run, st.sampled_from(["a.yml", "b.yml"]), st.none() | st.integers(1, 3), st.floats(0, 10_000), st.none() | BILLS)


@given(st.lists(RUNS, max_size=8))
def test_what_was_not_read_never_makes_the_sum_less_and_no_run_is_lost(runs: list[Run]) -> None:
    found = spending(runs)
    read = total(run.bill for run in runs if run.bill is not None)
    assert found.bill.money >= read.money and found.bill.minutes >= read.minutes
    assert len(found.runs) + found.left_out == len(runs)
    assert sum(count for _, _, count in found.by_workflow()) == len(found.runs)
    assert found.exact == (not any(run.bill is None for run in runs) and not read.unpriced and not read.unknown)
    assert count(found.bill.used) >= count(read.used) and found.bill.unknown >= read.unknown


# --- minutes ---


@pytest.mark.parametrize(("seconds", "whole"), [(0, 1), (1, 1), (60, 1), (60.5, 2), (3_600, 60), (-90, 1)])
def test_each_job_counts_by_itself_up_to_a_whole_minute(seconds: float, whole: int) -> None:
    assert minutes(job(seconds), NOW) == whole
    assert bill(Cost(), [job(seconds), job(seconds)], NOW, True).minutes == 2 * whole


def test_a_job_that_goes_on_counts_up_to_now_and_one_that_no_runner_took_not_at_all() -> None:
    assert minutes(job(None), NOW + timedelta(seconds=61)) == 2
    assert bill(Cost(), [Job(("gpu",), None, NOW)], NOW, True) == NOTHING


# --- prices ---


@pytest.mark.parametrize(
    ("labels", "price"),
    [
        (["ubuntu-latest"], "0.006"),
        (["ubuntu-24.04"], "0.006"),
        (["ubuntu-24.04-arm"], "0.005"),
        (["windows-2025"], "0.010"),
        (["macos-15"], "0.062"),
        (["self-hosted", "linux", "x64"], "0"),
        (["self-hosted", "ubuntu-latest"], "0"),
        (["ubuntu-latest-16-cores"], None),
        (["macos-15-xlarge"], None),
        ([], None),
    ],
)
def test_the_list_knows_standard_runners_and_those_of_ones_own(labels: list[str], price: str | None) -> None:
    assert Cost().price(labels, private=True) == (None if price is None else Decimal(price))


def test_the_list_in_the_documents_is_the_one_that_counts() -> None:
    text = (Path(__file__).parents[2] / "docs/cost.md").read_text("utf-8")
    assert f"since {LISTED_ON}" in text
    rows = re.findall(r"^  \| (`.+) \| ([0-9.]+) \|$", text, re.MULTILINE)
    assert len(rows) == 5
    for labels, price in rows:
        for label in re.findall(r"`([a-z0-9.-]{5,})`", labels):
            assert label.startswith("-") or Cost().price([label], private=True) == Decimal(price), label


def test_githubs_own_runners_cost_nothing_in_a_public_repository_unless_somebody_says_so() -> None:
    assert Cost().price(["ubuntu-latest"], private=False) == 0
    assert Cost(prices={"ubuntu-latest": 0.01}).price(["ubuntu-latest"], private=False) == Decimal("0.01")
    assert Cost().price(["ubuntu-latest-16-cores"], private=False) is None


def test_of_several_prices_of_ones_own_the_dearest_counts() -> None:
    cost = Cost(prices={"self-hosted": 0.1, "gpu": 0.5, "ubuntu-latest": 0.008})
    assert cost.price(["self-hosted", "gpu"], private=True) == Decimal("0.5")
    assert cost.price(["self-hosted", "linux"], private=True) == Decimal("0.1")
    assert cost.price(["ubuntu-latest"], private=True) == Decimal("0.008")


def test_the_list_is_in_dollars_and_not_taken_for_another_currency() -> None:
    cost = Cost(currency="EUR", prices={"gpu": 0.5})
    assert cost.price(["ubuntu-latest"], private=True) is None
    found = bill(cost, [job(60, "ubuntu-latest"), job(60, "gpu")], NOW, True)
    assert (found.minutes, found.money, found.unpriced) == (2, Decimal("0.5"), {"ubuntu-latest"})


# --- the next run ---


def test_the_next_run_costs_as_the_last_ones_did() -> None:
    found = estimate([dollars("0.09", 15), dollars("0.06", 10), dollars("0.12", 20)])
    assert found is not None and found.money is not None
    assert (found.money.low, found.money.median, found.money.high) == (Decimal("0.06"), Decimal("0.09"), Decimal("0.12"))
    assert estimate([]) is None


# --- many runs ---


def test_runs_that_were_not_read_cost_for_their_time_what_the_others_of_their_workflow_did() -> None:
    runs = [
        Run("run.yml", 7, 600, dollars("1", 10)),
        Run("run.yml", 8, 1_800),
        Run("check.yml", 7, 60, dollars("0.006", 1)),
        Run("other.yml", None, 60),
    ]
    found = spending(runs, left_out=4)
    assert (found.reckoned, found.left_out) == (1, 5)
    assert found.by_pull() == [(8, dollars("3", 30), 1), (7, dollars("1.006", 11), 2)]
    assert found.by_workflow() == [("run.yml", dollars("4", 40), 2), ("check.yml", dollars("0.006", 1), 1)]


def test_tokens_of_runs_that_were_not_read_are_reckoned_as_their_minutes_are() -> None:
    read = Bill(10, Decimal(1), used=(Used("gpt-x", 100, 11, 50),))
    found = spending([Run("run.yml", 7, 600, read), Run("run.yml", 8, 1_800), Run("run.yml", 9, 60, Bill(1, unknown=1))])
    assert found.by_pull()[0][:2] == (8, Bill(30, Decimal(1) * 1_800 / 660, used=(Used("gpt-x", 273, 30, 137),), unknown=1))
    assert found.bill.unknown == 2 and not found.exact


# --- the budget ---


def limits(run: float | None = None, each: float | None = None) -> Budget:
    made = [None if money is None else Limit(money=money, role="ml-lead") for money in (run, each)]
    return Budget(run=made[0], month=made[1])


def test_a_run_is_held_against_its_own_budget_by_the_median() -> None:
    found = estimate([dollars("1"), dollars("5"), dollars("9")])
    assert passed(limits(run=5), found, None) is None
    over = passed(limits(run=4.99), found, None)
    assert over is not None and (over.which, over.money) == ("run", 5)


def test_a_month_is_held_against_its_budget_with_the_run_that_is_asked_for() -> None:
    found = estimate([dollars("5")])
    assert passed(limits(each=200), found, dollars("195")) is None
    over = passed(limits(each=200), found, dollars("195.01"))
    assert over is not None and (over.which, over.money, over.spent) == ("month", Decimal("200.01"), Decimal("195.01"))


def test_what_is_under_way_counts_to_the_month() -> None:
    found = estimate([dollars("5")])
    assert passed(limits(each=20), found, dollars("5"), Decimal(10)) is None
    over = passed(limits(each=20), found, dollars("5"), Decimal(11))
    assert over is not None and (over.money, over.spent, over.ahead) == (21, 5, 11)


def test_what_is_not_known_blocks_nothing_and_what_costs_nothing_passes_nothing() -> None:
    assert passed(limits(run=0, each=0), None, None) is None
    assert passed(limits(run=0, each=1), estimate([dollars("1", 1, "gpu")]), dollars("0.5")) is None
    assert passed(limits(run=0, each=1), estimate([dollars("0")]), dollars("3")) is None
    assert passed(limits(each=1), None, dollars("1")) is None and passed(limits(each=1), None, dollars("1.5")) is not None


def test_a_month_begins_with_its_first_day_in_utc() -> None:
    east = datetime.fromisoformat("2026-04-01T01:00:00+02:00")
    assert month(east) == datetime(2026, 3, 1, tzinfo=UTC)
    assert month_before(east) == datetime(2026, 2, 1, tzinfo=UTC)
    assert month_after(east) == datetime(2026, 4, 1, tzinfo=UTC)
    assert month_after(datetime(2026, 12, 31, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)


# --- assay.yml ---


def problem(text: str) -> str:
    with pytest.raises(PolicyProblem) as raised:
        document.read(f"version: 1\nroles: {{ml-lead: [carol]}}\n{text}\n")
    return str(raised.value)


def test_the_section_is_read_with_its_defaults() -> None:
    text = "cost: {currency: USD, prices: {ubuntu-latest: 0.006, gpu: 0.5}, budget: {run: {money: 5, role: maintain}}}"
    found = document.read(f"version: 1\n{text}\n").cost
    assert found is not None and found.budget.run == Limit(money=5, role="maintain") and found.budget.month is None
    assert document.read("version: 1\n").cost is None and document.read("version: 1\ncost: {}\n").cost == Cost()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cost: {currency: EUR}", "the listed prices are in USD"),
        ("cost: {currency: dollars}", "cost.currency"),
        ("cost: {prices: {gpu: -1}}", "cost.prices.gpu"),
        ("cost: {prices: {gpu: .nan}}", "cost.prices.gpu"),
        ("cost: {budget: {run: {money: 5}}}", "cost.budget.run.role"),
        ("cost: {budget: {month: {money: 5, role: ml-leed}}}", "no role is called 'ml-leed'"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_its_key(text: str, said: str) -> None:
    assert said in problem(text)
