"""A run of a workflow began or ended."""

from pathlib import PurePosixPath

from bot import experiments, judging
from bot.around import CHECK, RUN, Around
from bot.gateway.records import WorkflowRun
from bot.handlers.handler import Payload
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Show that a command's run is under way, and publish what a run of ours found."""
    run = WorkflowRun.of(payload["workflow_run"])
    file = PurePosixPath(run.path.partition("@")[0]).name
    if file not in (CHECK, RUN):
        return Reason.NOT_OURS
    if payload["action"] != "completed":
        return experiments.began(around, run) if file == RUN else Reason.NOT_OURS
    if file == RUN:
        return experiments.ended(around, run)
    judging.publish_run(around, run)
    return Reason.PUBLISHED
