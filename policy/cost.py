"""What runs cost: the section `cost` of `assay.yml`, from jobs to minutes and money, and what the next run will cost. Pure.

GitHub counts each job by itself, and up to a whole minute. Nothing here knows what a plan includes: prices are those of a minute.
"""

import math
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import StringConstraints

from policy import tokens as token_prices
from policy.facts.tokens import TokenFacts
from policy.models import Section
from policy.prices import Amount, Label
from policy.prices import money as _money
from policy.roles import Roles, Who, is_level
from policy.tokens import Tokens, Used, merged

LISTED_ON = date(2026, 1, 1)
"""Since when the listed prices hold."""
LISTED = "USD"
"""Their currency."""
SELF_HOSTED = "self-hosted"
_LIST = (
    (re.compile(r"ubuntu-(latest|\d\d\.\d\d)"), Decimal("0.006")),
    (re.compile(r"ubuntu-\d\d\.\d\d-arm"), Decimal("0.005")),
    (re.compile(r"ubuntu-slim"), Decimal("0.002")),
    (re.compile(r"windows-(latest|\d{4})"), Decimal("0.010")),
    (re.compile(r"macos-(latest|\d\d)(-intel)?"), Decimal("0.062")),
)
_FREE = Decimal(0)
K = TypeVar("K", str, int)

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Limit(Section):
    """How much money may be spent, and who may spend more."""

    money: Amount
    """In the currency of `cost`."""
    role: Who
    """Who may go beyond it: a role of `roles`, or a level such as `maintain`."""


class Budget(Section):
    """What `/train`, `/retrain` and `/tune` may spend before it takes a role."""

    run: Limit | None = None
    """One run, by what such runs cost lately."""
    month: Limit | None = None
    """All runs of Assay's workflows in a calendar month (UTC), with the one that is asked for."""


class Cost(Section):
    """What minutes of runners cost. Without this section nothing is reckoned, and nothing is asked of GitHub for it."""

    currency: Currency = "USD"
    """Of all amounts here. The listed prices are in USD, so another one needs `prices`."""
    prices: dict[Label, Amount] = {}
    """What a minute costs, by a label of the runner, in the place of GitHub's list; of several labels the dearest counts."""
    budget: Budget = Budget()
    """Above what it takes a role to start a run."""
    tokens: Tokens | None = None
    """What runs use of language models, and what that costs."""

    def price(self, labels: Sequence[str], private: bool) -> Decimal | None:
        """What a minute costs on a runner with these labels, in a repository that is private or not; None where nobody says."""
        own = [_money(self.prices[label]) for label in labels if label in self.prices]
        if own:
            return max(own)
        if SELF_HOSTED in labels:
            return _FREE
        listed = [price for label in labels for form, price in _LIST if form.fullmatch(label)]
        if not listed:
            return None
        if not private:  # GitHub's own runners cost nothing there
            return _FREE
        return max(listed) if self.currency == LISTED else None


@dataclass(frozen=True)
class Job:
    """A job of a run, on a runner with these labels. `started` is None where no runner ever took it."""

    labels: tuple[str, ...]
    started: datetime | None
    completed: datetime | None = None


@dataclass(frozen=True)
class Bill:
    """What something cost: whole minutes, money, and the labels of which nobody says the price, so that it cost more.

    The money is that of tokens too; `used` are those, and `unknown` counts the runs of which nobody knows what they used.
    """

    minutes: int = 0
    money: Decimal = _FREE
    unpriced: frozenset[str] = frozenset()
    used: tuple[Used, ...] = ()
    unknown: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        """Both together."""
        return Bill(
            self.minutes + other.minutes,
            self.money + other.money,
            self.unpriced | other.unpriced,
            merged((*self.used, *other.used)),
            self.unknown + other.unknown,
        )


NOTHING = Bill()


def minutes(job: Job, now: datetime) -> int:
    """The minutes of a job: up to `now` where it goes on, each begun one whole, and at least one once it started."""
    if job.started is None:
        return 0
    return max(1, math.ceil(((job.completed or now) - job.started).total_seconds() / 60))


def bill(section: Cost, jobs: Iterable[Job], now: datetime, private: bool) -> Bill:
    """What jobs cost until now. `private`: only there GitHub's own runners cost what the list says."""
    whole = NOTHING
    for job in jobs:
        took, price = minutes(job, now), section.price(job.labels, private)
        unpriced = frozenset({"/".join(job.labels) or "no label"}) if price is None and took else frozenset[str]()
        whole += Bill(took, took * (price or _FREE), unpriced)
    return whole


def tokens(section: Cost, facts: TokenFacts | None) -> Bill:
    """What a run used of language models, which may not be known; nothing where the policy does not ask for it."""
    if section.tokens is None:
        return NOTHING
    if facts is None or facts.problem:
        return Bill(unknown=1)
    used = merged(map(Used.of, facts.models))
    money, unpriced = token_prices.cost(section.tokens, used)
    return Bill(money=money, unpriced=unpriced, used=used)


def total(bills: Iterable[Bill]) -> Bill:
    """All of them together."""
    return sum(bills, NOTHING)


# --- the next run ---


@dataclass(frozen=True)
class Spread:
    """The lowest, the median and the highest."""

    low: Decimal
    median: Decimal
    high: Decimal

    @classmethod
    def of(cls, values: Sequence[Decimal]) -> "Spread":
        """Of at least one value."""
        return cls(min(values), statistics.median(values), max(values))


@dataclass(frozen=True)
class Estimate:
    """What a run will cost if it is like the last ones; `money` is None where a price is not known, of `unpriced` labels.

    `tokens` are those of language models, None where none were used. Of `unknown` runs they are not known: then they and the
    money are those of the other runs, where there are any, and else the money is without them.
    """

    runs: int
    minutes: Spread
    money: Spread | None
    unpriced: frozenset[str] = frozenset()
    tokens: Spread | None = None
    unknown: int = 0


def estimate(bills: Sequence[Bill]) -> Estimate | None:
    """From the bills of comparable runs; None where there are none."""
    if not bills:
        return None
    known = [each for each in bills if not each.unknown]
    told = known or bills  # a run whose tokens nobody knows does not make the others cheaper
    whole = total(told)
    took = Spread.of([Decimal(each.minutes) for each in bills])
    money = None if whole.unpriced else Spread.of([each.money for each in told])
    used = Spread.of([Decimal(token_prices.count(each.used)) for each in told]) if whole.used else None
    return Estimate(len(bills), took, money, whole.unpriced, used, len(bills) - len(known))


# --- many runs ---


@dataclass(frozen=True)
class Run:
    """A run of a workflow (its file's name), for a pull request where it was for one, and the seconds that it took in all.

    `bill` is None where its jobs were not read.
    """

    workflow: str
    pull: int | None
    seconds: float
    bill: Bill | None = None


@dataclass(frozen=True)
class Spending:
    """What runs cost. `reckoned` of them were not read; `left_out` runs are known by their number alone and not in the sum."""

    runs: tuple[Run, ...] = ()
    reckoned: int = 0
    left_out: int = 0

    @property
    def bill(self) -> Bill:
        """All of it."""
        return total(run.bill for run in self.runs if run.bill is not None)

    @property
    def exact(self) -> bool:
        """Whether it is no less and no more than what jobs took."""
        return not (self.reckoned or self.left_out or self.bill.unpriced or self.bill.unknown)

    def by_workflow(self) -> list[tuple[str, Bill, int]]:
        """Each workflow with what its runs cost and how many there were, the dearest first."""
        return _dearest((run.workflow, run.bill) for run in self.runs)

    def by_pull(self) -> list[tuple[int, Bill, int]]:
        """Each pull request with what its runs cost and how many there were, the dearest first."""
        return _dearest((run.pull, run.bill) for run in self.runs if run.pull is not None)


def spending(runs: Sequence[Run], left_out: int = 0) -> Spending:
    """The sum of runs. Those whose jobs were not read cost as much for their time as those of their workflow that were."""
    rates = {name: _rate([run for run in runs if run.workflow == name]) for name in {run.workflow for run in runs}}
    known: list[Run] = []
    reckoned = 0
    for run in runs:
        rate = rates[run.workflow]
        if run.bill is not None:
            known.append(run)
        elif rate is not None:
            known.append(replace(run, bill=_reckoned(rate, run.seconds)))
            reckoned += 1
    return Spending(tuple(known), reckoned, left_out + len(runs) - len(known))


def _rate(runs: Sequence[Run]) -> tuple[Bill, float] | None:
    """What the runs of a workflow that were read cost, and the seconds that they took; None where none was read."""
    read = [run for run in runs if run.bill is not None]
    return (total(run.bill for run in read if run.bill is not None), sum(_length(run.seconds) for run in read)) if read else None


def _reckoned(rate: tuple[Bill, float], seconds: float) -> Bill:
    whole, over = rate
    part = Decimal(_length(seconds)) / Decimal(over)
    used = tuple(Used(each.model, *(math.ceil(n * part) for n in (each.input, each.output, each.cached))) for each in whole.used)
    return Bill(math.ceil(whole.minutes * part), whole.money * part, whole.unpriced, used, min(1, whole.unknown))


def _length(seconds: float) -> float:
    """No run is shorter than what it is counted as."""
    return max(60.0, seconds)


def _dearest(found: Iterable[tuple[K, Bill | None]]) -> list[tuple[K, Bill, int]]:
    whole: dict[K, list[Bill]] = {}
    for key, each in found:
        whole.setdefault(key, []).append(each or NOTHING)
    summed = [(key, total(bills), len(bills)) for key, bills in whole.items()]
    return sorted(summed, key=lambda each: (-each[1].money, -each[1].minutes, str(each[0])))


# --- the budget ---


@dataclass(frozen=True)
class Over:
    """A limit that would be passed: `run` or `month`, what it would come to, what was spent, and what is under way."""

    which: str
    limit: Limit
    money: Decimal
    spent: Decimal = _FREE
    ahead: Decimal = _FREE


def passed(budget: Budget, expected: Estimate | None, month: Bill | None, ahead: Decimal = _FREE) -> Over | None:
    """The first limit that a run passes, by the median of such runs; None where it passes none, or nobody can tell.

    `ahead` is what runs under way will still cost. What is not known blocks nothing: a month counts with what is known of it, and
    a run without an estimate with nothing.
    """
    own = expected.money.median if expected is not None and expected.money is not None else None
    if budget.run is not None and own is not None and own > _money(budget.run.money):
        return Over("run", budget.run, own)
    if budget.month is None or month is None or own == _FREE:
        return None
    money = month.money + ahead + (own or _FREE)
    return Over("month", budget.month, money, month.money, ahead) if money > _money(budget.month.money) else None


def month(now: datetime) -> datetime:
    """The first moment of the month, in UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_before(now: datetime) -> datetime:
    """The first moment of the month before, in UTC."""
    return month(month(now) - timedelta(days=1))


def month_after(now: datetime) -> datetime:
    """The first moment of the month after, in UTC."""
    return month(month(now) + timedelta(days=32))


def contradictions(cost: Cost | None, roles: Roles) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What no such section may say: where it stands, what is wrong, and what would be right."""
    if cost is None:
        return
    if cost.currency != LISTED and not cost.prices:
        yield ("cost", "currency"), f"the listed prices are in {LISTED}", f"name `prices` in {cost.currency}"
    for name, limit in (("run", cost.budget.run), ("month", cost.budget.month)):
        if limit is not None and not is_level(limit.role) and limit.role not in roles:
            yield ("cost", "budget", name, "role"), f"no role is called {limit.role!r}", "name a level or a role of `roles`"
