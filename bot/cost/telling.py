"""What a run cost, told once it ended."""

from bot.around import Around
from bot.cost.reading import Reader
from bot.gateway.billing import BillingGateway
from bot.gateway.records import WorkflowRun
from policy.document import Policy
from policy.facts import Facts
from policy.problems import OutsideProblem, UserProblem
from reports import cost as told
from reports.markdown import Markdown, put, text


def took(around: Around, run: WorkflowRun, policy: Policy | None, facts: Facts | None = None) -> list[Markdown]:
    """A sentence, by one request; none where the policy has no `cost`, and why where it cannot be read.

    `facts` are the run's, where they were read already: where the policy asks for tokens, it takes two more without them.
    """
    if policy is None or policy.cost is None:
        return []
    reader = Reader(BillingGateway.of(around.gateway), policy.cost, around.repository.private, around.clock())
    try:
        return [put("It took {}.", told.bill(reader.bill(run, facts), policy.cost.currency))]
    except (UserProblem, OutsideProblem) as problem:
        return [put("What it cost could not be read: {}.", text(problem.what))]
