"""What this month and the last cost, read from GitHub for the pulse."""

from bot.around import Around
from bot.cost.reading import READ, Reader
from bot.gateway.billing import BillingGateway
from bot.gateway.gateway import Gateway
from policy import cost as costs
from policy.document import Policy
from policy.problems import OutsideProblem, UserProblem
from policy.pulse.outgoings import Outgoings


def read(around: Around, policy: Policy, gateway: Gateway | None = None, each: int = READ) -> Outgoings | str | None:
    """The sums of both months, by jobs of `each` runs of a workflow; why they cannot be read, and None without `cost`.

    `gateway` asks in the place of that of `around`. It takes two requests, and for each workflow and month one for a hundred runs
    and `each` at most for jobs.
    """
    if policy.cost is None:
        return None
    now, asking = around.clock(), BillingGateway.of(gateway or around.gateway)
    reader = Reader(asking, policy.cost, around.repository.private, now, each)
    this, last = costs.month(now), costs.month_before(now)
    try:
        heads = asking.pull_heads()
        before = reader.spent(last, this, heads)
        return Outgoings(policy.cost, this, reader.spent(this, costs.month_after(now), heads), last, before)
    except (UserProblem, OutsideProblem) as problem:
        return problem.what
