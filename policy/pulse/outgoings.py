"""What the runs of this month and of the last cost, as the pulse tells it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from policy.cost import Bill, Cost, Spending

TOP = 5
"""Pull requests that are named, the dearest."""


@dataclass(frozen=True)
class Outgoings:
    """The month since a moment, as far as it has come, and the whole one before, both in UTC."""

    cost: Cost
    since: datetime
    now: Spending
    before_since: datetime
    before: Spending

    @property
    def share(self) -> float | None:
        """How much of the month's budget is spent, 1 being all of it; None without a budget."""
        limit = self.cost.budget.month
        return None if limit is None or not limit.money else float(self.now.bill.money) / limit.money

    @property
    def over(self) -> bool:
        """Whether the month's budget is passed."""
        limit = self.cost.budget.month
        return limit is not None and float(self.now.bill.money) > limit.money

    @property
    def dearest(self) -> list[tuple[int, Bill, int]]:
        """The pull requests whose runs cost most this month, with how many runs these were."""
        return self.now.by_pull()[:TOP]
