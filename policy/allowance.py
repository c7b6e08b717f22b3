"""How long a search may go on: by its time, and by what may be spent on it. Pure."""

import math
from decimal import Decimal

from policy.cost import Cost
from policy.problems import UserProblem
from policy.tuning import Tune

_WHERE = "assay.yml: tune.money"


def seconds(tune: Tune, cost: Cost | None, minutes: float | None, jobs: int) -> float | None:
    """The seconds until no further trial begins; None where nothing limits them.

    Args:
        minutes: what was asked for, in the place of the budget of the policy.
        jobs: how many jobs share the search, and so the money. Each is paid by the whole minute.

    Raises:
        UserProblem: nobody says what a minute costs, or the money is not enough for one.
    """
    asked = tune.budget.total_seconds() if minutes is None and tune.budget else None if minutes is None else minutes * 60
    paid = _paid(tune, cost or Cost(), jobs)
    return min((each for each in (asked, paid) if each is not None), default=None)


def _paid(tune: Tune, cost: Cost, jobs: int) -> float | None:
    """How long the money lasts, as if the repository were private; None where there is no such limit or a minute is free."""
    if tune.money is None:
        return None
    price = cost.price([tune.runner], private=True)
    if price is None:
        raise UserProblem(f"nobody says what a minute on {tune.runner!r} costs", _WHERE, "Add it to `cost.prices`")
    if not price:
        return None
    bought = math.floor(Decimal(str(tune.money)) / jobs / price)
    if bought < 1:
        what = f"{tune.money:g} {cost.currency} is less than a minute of {jobs} on {tune.runner!r} costs, {price * jobs}"
        raise UserProblem(what, _WHERE, "Allow more, or fewer workers")
    return bought * 60.0
