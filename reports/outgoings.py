"""What this month and the last cost, drawn: rows for every home of the pulse, Markdown for its issue, and data for machines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policy.cost import Bill, Spending
from policy.pulse.outgoings import Outgoings
from policy.tokens import Used, price
from reports import cost, numbers
from reports.markdown import Markdown, code, put, row

CAPTION = "Each job counts up to a whole minute; what is about so much is reckoned from the newest runs of its workflow."
_WORKFLOWS = 12


@dataclass(frozen=True)
class Part:
    """A workflow or a pull request (#7) of this month, as cells: runs, minutes, money."""

    name: str
    minutes: int
    cells: tuple[str, str, str]


@dataclass(frozen=True)
class Month:
    """A month as cells: its name, runs, minutes, money, and the share of the budget. `over` says that the budget is passed."""

    cells: tuple[str, str, str, str, str]
    over: bool = False


@dataclass(frozen=True)
class Asked:
    """A language model of this month, as cells: tokens that it was given, tokens that it gave back, money."""

    name: str
    cells: tuple[str, str, str]


def months(found: Outgoings) -> list[Month]:
    """This month and the one before."""
    limit = found.cost.budget.month
    share = numbers.MISSING
    if limit is not None and found.share is not None:
        share = f"{numbers.share(found.share)} of {_money(Decimal(str(limit.money)), found)}"
    now, before = (_sum(each, found) for each in (found.now, found.before))
    return [
        Month((f"{found.since:%B %Y}, so far", *now, share), found.over),
        Month((f"{found.before_since:%B %Y}", *before, numbers.MISSING)),
    ]


def workflows(found: Outgoings) -> list[Part]:
    """This month by workflow, the dearest first."""
    return [_part(name, bill, count, found) for name, bill, count in found.now.by_workflow()[:_WORKFLOWS]]


def pulls(found: Outgoings) -> list[Part]:
    """This month's dearest pull requests."""
    return [_part(f"#{number}", bill, count, found) for number, bill, count in found.dearest]


def models(found: Outgoings) -> list[Asked]:
    """This month by language model, those that were used most first."""
    used = sorted(found.now.bill.used, key=lambda each: (-each.input - each.output, each.model))[:_WORKFLOWS]
    about = "about " if found.now.reckoned else ""

    def count(tokens: int) -> str:
        return f"{about}{numbers.count(tokens)}"

    return [Asked(each.model, (count(each.input), count(each.output), about + _priced(each, found))) for each in used]


def untold(found: Outgoings) -> str:
    """Of how many runs of this month the tokens are not known, in a sentence; empty where they are of all."""
    runs = found.now.bill.unknown
    if not runs:
        return ""
    whose = "a run" if runs == 1 else f"{numbers.count(runs)} runs"
    return f"What {whose} of this month used of language models is not known, and not in the sums."


def body(found: Outgoings, model: str | None) -> Iterator[Markdown]:
    """The part of the issue."""
    yield put("### Cost of {}", code(model) if model else Markdown("all runs"))
    whole = [[Markdown(cell) for cell in each.cells] for each in months(found)]
    yield _table("| month | runs | minutes | money | of the budget |", whole)
    parts = [[code(each.name), *map(Markdown, each.cells)] for each in workflows(found)]
    if parts:
        yield _table("| this month by workflow | runs | minutes | money |", parts)
    named = [[Markdown(each.name), *map(Markdown, each.cells)] for each in pulls(found)]
    if named:
        yield _table("| dearest pull requests | runs | minutes | money |", named)
    asked = [[code(each.name), *map(Markdown, each.cells)] for each in models(found)]
    if asked:
        yield _table("| this month by language model | tokens given | given back | money |", asked)
    if unpriced := sorted(found.now.bill.unpriced | found.before.bill.unpriced):
        where = "`cost.prices` or `cost.tokens.prices`" if found.cost.tokens else "`cost.prices`"
        yield put(f"Nobody says what {{}} costs; name it in {where}.", code(", ".join(unpriced), 120))
    if missing := untold(found):
        yield Markdown(missing)
    yield Markdown(CAPTION)


def data(found: Outgoings) -> dict[str, Any]:
    """The whole for machines, ready for JSON; `exact` is false where some was reckoned, left out or has no price."""
    limit = found.cost.budget.month
    return {
        "currency": found.cost.currency,
        "month": f"{found.since:%Y-%m}",
        "now": _spending(found.now),
        "before": _spending(found.before),
        "budget": {"money": limit.money, "share": found.share, "passed": found.over} if limit else None,
        "pull_requests": [{"number": number, **_bill(bill, count)} for number, bill, count in found.dearest],
        "tokens": _tokens(found),
        "workflows": [{"workflow": name, **_bill(bill, count)} for name, bill, count in found.now.by_workflow()],
    }


def _tokens(found: Outgoings) -> dict[str, Any] | None:
    """This month by language model; `unknown` runs are in none of it. None where the policy does not ask for it."""
    if found.cost.tokens is None:
        return None
    used = [{**vars(each), "money": _amount(price(found.cost.tokens, each))} for each in found.now.bill.used]
    return {"models": used, "unknown": found.now.bill.unknown}


def _amount(money: Decimal | None) -> float | None:
    return None if money is None else round(float(money), 6)


def _priced(used: Used, found: Outgoings) -> str:
    amount = price(found.cost.tokens, used) if found.cost.tokens else None
    return numbers.MISSING if amount is None else _money(amount, found)


def _table(head: str, lines: Sequence[Sequence[Markdown]]) -> Markdown:
    columns = head.count("|") - 1
    return Markdown("\n".join([head, f"|---{'|--:' * (columns - 1)}|", *(row(list(each)) for each in lines)]))


def _sum(found: Spending, whole: Outgoings) -> tuple[str, str, str]:
    about = "more than " if found.left_out or found.bill.unpriced else "about " if found.reckoned else ""
    least = "more than " if found.bill.unknown else about
    runs = numbers.count(len(found.runs) + found.left_out)
    return runs, f"{about}{numbers.count(found.bill.minutes)}", f"{least}{_money(found.bill.money, whole)}"


def _part(name: str, bill: Bill, count: int, found: Outgoings) -> Part:
    shown = f"{'more than ' if bill.unpriced or bill.unknown else ''}{_money(bill.money, found)}"
    return Part(name, bill.minutes, (numbers.count(count), numbers.count(bill.minutes), shown))


def _money(amount: Decimal, found: Outgoings) -> str:
    return cost.money(amount, found.cost.currency)


def _spending(found: Spending) -> dict[str, Any]:
    more = {"exact": found.exact, "reckoned": found.reckoned, "left_out": found.left_out, "unpriced": sorted(found.bill.unpriced)}
    return {**_bill(found.bill, len(found.runs) + found.left_out), **more}


def _bill(bill: Bill, count: int) -> dict[str, Any]:
    return {"runs": count, "minutes": bill.minutes, "money": round(float(bill.money), 6)}
