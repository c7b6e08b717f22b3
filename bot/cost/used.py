"""What a run used of language models, out of the facts that it left behind: read as data, and not known where there are none."""

from pathlib import PurePosixPath

from bot.around import CHECK, MAIN, RETRAIN, RUN, TUNE
from bot.artifact import MAX_ZIP, NAME, facts_in
from bot.gateway.gateway import Gateway
from bot.gateway.records import WorkflowRun
from policy import cost as costs
from policy.cost import NOTHING, Bill, Cost
from policy.facts import Facts
from policy.facts.reading import read
from policy.problems import UserProblem

_READ = frozenset({CHECK, RUN, MAIN, RETRAIN})
"""The workflows that run stages and leave facts of all of them."""
_UNTOLD = Bill(unknown=1)


def bill(gateway: Gateway, cost: Cost, run: WorkflowRun, facts: Facts | None = None) -> Bill:
    """What the tokens of a run cost; `facts` are its own where they were read already, else it takes two requests.

    None are asked for where the policy has no `cost.tokens`, the workflow runs no stages, the run goes on, or its code is a
    fork's, which no key of a language model is given to. What a search used is not known, because each of its trials runs stages
    of its own, nor what the attempts before the last one did.
    """
    file = PurePosixPath(run.path.partition("@")[0]).name
    if cost.tokens is None or run.status != "completed":
        return NOTHING
    if file == TUNE:
        return _UNTOLD
    if file not in _READ or run.head_repository != gateway.full_name:
        return NOTHING
    told = facts or _left(gateway, run.id)
    last = costs.tokens(cost, told.tokens if told else None)
    return last if run.run_attempt < 2 else last + _UNTOLD


def _left(gateway: Gateway, run_id: int) -> Facts | None:
    """The facts that a run left; None where it left none, they are gone by now, or nobody can read them."""
    try:
        left = [each for each in gateway.artifacts(run_id, NAME) if not each.expired]
        if not left or left[0].size > MAX_ZIP:
            return None
        return read(facts_in(gateway.download(left[0].id, MAX_ZIP)))
    except UserProblem:  # no rights, or no facts
        return None
