"""Starts the workflow that moves the alias once a request is approved: once for each form of it, however often it is weighed.

The run's title holds the key by which it is found again, and whoever is about to start one looks for it among the runs first:
wherever this is cut off, nothing is started twice and nothing is forgotten. What the run is given decides nothing: its first step
decides anew.
"""

from bot import perform
from bot.around import PROMOTE, Around
from bot.effects import Dispatch
from bot.gateway.commanding import CommandGateway
from bot.gateway.problems import Forbidden, NotThere, Refused
from bot.gateway.records import WorkflowRun
from bot.promotion.deciding import Weighed
from reports import approval, rollbacks
from reports.markdown import EMPTY, Markdown


def key_of(found: Weighed, more: str = "") -> str:
    """What names the run: the request and its code, and where it was started again, what asked for that."""
    return "-".join(part for part in (str(found.issue.number), found.decision.code, more) if part)


def start(around: Around, found: Weighed, fresh: bool = False) -> Markdown:
    """Start it where it never was; in words for the card what becomes of the request. Empty where there is nothing to start.

    For a request that is `fresh`, opened a moment ago by whoever weighs it, nothing can have been started yet.
    """
    if not due(found):
        return EMPTY
    key, asked = key_of(found), found.asked
    try:
        _dispatch(around, found, key, look=not fresh)
    except NotThere:
        return approval.no_workflow(PROMOTE)
    except (Refused, Forbidden) as problem:
        return approval.not_started(PROMOTE, problem.what)
    where = f"{around.server}/{around.repository.full_name}/actions/workflows/{PROMOTE}"
    line = rollbacks.again(asked.model, str(asked.version), asked.environment) if asked.rollback else ""
    return approval.started(found.decision, PROMOTE, where, key, line)


def again(around: Around, found: Weighed, key: str) -> bool:
    """Start it once more for an asking that `key` names, where the last run ended without success; whether that was so."""
    if not due(found):
        return False
    runs = _runs(around, found)
    if not any(_is(run, key_of(found, key)) for run in runs):
        newest = max(runs, key=lambda run: run.id, default=None)
        if newest is None or newest.status != "completed" or newest.conclusion == "success":
            return False
    _dispatch(around, found, key_of(found, key))
    return True


def due(found: Weighed) -> bool:
    """Whether there is something to be started."""
    return found.decision.approved and found.promoted is None


def _dispatch(around: Around, found: Weighed, key: str, look: bool = True) -> None:
    inputs = {"issue": str(found.issue.number), "request": key}
    order = Dispatch(PROMOTE, around.repository.default_branch, inputs, key, again=look)
    perform.perform(around.gateway, [order])


def _runs(around: Around, found: Weighed) -> list[WorkflowRun]:
    """Those of this form of the request."""
    own = key_of(found)
    every = CommandGateway.of(around.gateway).workflow_runs(PROMOTE, "workflow_dispatch")
    return [run for run in every if any(word == own or word.startswith(f"{own}-") for word in run.title.split())]


def _is(run: WorkflowRun, key: str) -> bool:
    return key in run.title.split()
