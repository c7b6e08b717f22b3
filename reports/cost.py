"""What runs cost, in words: minutes and money, what the next run will take, and why a budget does not let it."""

from collections.abc import Iterable
from decimal import Decimal

from policy import tokens as token_prices
from policy.cost import Bill, Cost, Estimate, Over, Spending, Spread
from reports import numbers
from reports.markdown import Markdown, code, join, put, text


def money(amount: Decimal, currency: str = "") -> str:
    """An amount with its currency: 0.084 USD, 12.50 USD; what is small keeps two digits, and nothing reads as 0 that is not."""
    value = float(amount)
    shown = numbers.number(value, 2) if 0 < value < 0.1 else numbers.fixed(value, 2) if value else "0"
    return f"{shown} {currency}".rstrip()


def bill(found: Bill, currency: str) -> Markdown:
    """Minutes, tokens where there are any, and money: 14 min, 0.084 USD.

    Where a price is not known, which labels or models have none; where tokens are not known, that.
    """
    used = f" and {numbers.count(token_prices.count(found.used))} tokens" if found.used else ""
    took = Markdown(f"{numbers.count(found.minutes)} min{used}")
    if not found.unpriced:
        said = put("{}, {}", took, Markdown(money(found.money, currency)))
    else:
        least = Markdown(f"at least {money(found.money, currency)}" if found.money else "money not known")
        said = put("{}, {} (nobody says what {} costs)", took, least, _labels(found.unpriced))
    if not found.unknown:
        return said
    whose = "a run" if found.unknown == 1 else f"{numbers.count(found.unknown)} runs"
    return put("{}, without the tokens of {}, which are not known", said, Markdown(whose))


def spent(found: Spending, currency: str) -> Markdown:
    """The sum of runs, and how well it is known."""
    said = bill(found.bill, currency)
    if found.left_out:
        return put("more than {}", said)
    return put("about {}", said) if found.reckoned else said


def expected(found: Estimate | None, currency: str) -> Markdown:
    """What the next run will cost, as the last ones did: the median, and the range in brackets."""
    if found is None:
        return Markdown("What it will cost is not known: no such run that went well is among the last hundred.")
    took = Markdown(f"about {_spread(found.minutes, 'min')}")
    like = Markdown(f"as the last {found.runs} such runs" if found.runs > 1 else "as the last such run")
    if found.tokens is not None:
        took = put("{}, {}", took, Markdown(_tokens(found.tokens)))
    if found.unknown:
        like = put("{} ({} are not known)", like, Markdown(_untold(found)))
    if found.money is None:
        return put("It will take {}, {}; nobody says what {} costs.", took, like, _labels(found.unpriced))
    return put("It will take {} and {}, {}.", took, Markdown(_money(found.money, currency)), like)


def before(cost: Cost, found: Estimate | None, month: Spending | None, passed: Over | None) -> Markdown:
    """What is said when a run starts: what it will cost, what the month did, and that a budget is passed with leave."""
    said = [expected(found, cost.currency)]
    limit = cost.budget.month
    if month is not None and limit is not None:
        whole = Markdown(money(Decimal(str(limit.money)), cost.currency))
        said.append(put("This month so far: {}, of {}.", spent(month, cost.currency), whole))
    if passed is not None:
        said.append(Markdown(f"That is beyond the budget of the {passed.which}, which you may pass."))
    return join(said, " ")


def unread(why: str) -> Markdown:
    """What is said where nothing could be read."""
    return put("What it will cost could not be read: {}.", text(why.rstrip(".")))


def of_pull(cost: Cost, found: Spending) -> Markdown:
    """What the runs of a pull request cost, and what a run and a month may cost."""
    said = put("Assay's runs for this pull request took {}.", spent(found, cost.currency))
    limits = [(name, limit) for name, limit in (("run", cost.budget.run), ("month", cost.budget.month)) if limit is not None]
    if not limits:
        return said
    may = [f"a {name} {money(Decimal(str(limit.money)), cost.currency)}" for name, limit in limits]
    return put("{} Beyond the budget ({}) it takes a role.", said, Markdown(", ".join(may)))


def over(found: Over, expected: Estimate | None, currency: str) -> str:
    """Which limit a run passes and by what, as plain text for one line."""
    limit = money(Decimal(str(found.limit.money)), currency)
    run = expected.money if expected is not None else None
    if found.which == "run":
        between = f", from {money(run.low)} to {money(run.high)}" if run is not None and run.low != run.high else ""
        return f"such a run costs about {money(found.money, currency)}{between}, and a run may cost {limit}"
    going = f", what is under way about {money(found.ahead, currency)} more" if found.ahead else ""
    more = f" and such a run costs about {money(run.median, currency)} more" if run is not None else ""
    return f"this month has cost {money(found.spent, currency)}{going}{more}, and a month may cost {limit}"


def _money(found: Spread, currency: str) -> str:
    low, median, high = (money(each) for each in (found.low, found.median, found.high))
    return f"{median} {currency}" if low == high else f"{median} {currency} ({low} … {high})"


def _spread(found: Spread, unit: str) -> str:
    low, median, high = (numbers.number(float(each)) for each in (found.low, found.median, found.high))
    return f"{median} {unit}" if low == high else f"{median} {unit} ({low} … {high})"


def _tokens(found: Spread) -> str:
    low, median, high = (numbers.count(round(each)) for each in (found.low, found.median, found.high))
    return f"{median} tokens" if low == high else f"{median} tokens ({low} … {high})"


def _untold(found: Estimate) -> str:
    if found.unknown < found.runs:
        return f"the tokens of {found.unknown}"
    return "its tokens" if found.runs == 1 else "their tokens"


def _labels(found: Iterable[str]) -> Markdown:
    return join([code(each, 60) for each in sorted(found)[:3]], ", ")
