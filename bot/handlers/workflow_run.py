"""A run of a workflow began or ended."""

from pathlib import PurePosixPath

from bot import experiments, judging
from bot.around import CHECK, RETRAIN, RUN, TUNE, Around
from bot.cost import afterwards
from bot.gateway.records import WorkflowRun
from bot.handlers.handler import Payload
from policy.reasons import Reason


def handle(around: Around, payload: Payload) -> Reason:
    """Show that a command's run is under way, publish what a run of ours found, and tell what one took that proposes."""
    run = WorkflowRun.of(payload["workflow_run"])
    file = PurePosixPath(run.path.partition("@")[0]).name
    if file in (RETRAIN, TUNE):
        return afterwards.ended(around, run) if payload["action"] == "completed" else Reason.NOT_OURS
    if file not in (CHECK, RUN):
        return Reason.NOT_OURS
    if payload["action"] != "completed":
        return experiments.began(around, run) if file == RUN else Reason.NOT_OURS
    if file == RUN:
        return experiments.ended(around, run)
    judging.publish_run(around, run)
    return Reason.PUBLISHED
