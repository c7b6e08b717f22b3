"""What the commands that start a run have in common: the workflow, its inputs, and what may not be started. Pure."""

from typing import Any

from pydantic import ValidationError

from bot.around import RUN
from bot.commands.command import Request
from bot.effects import Dispatch, Effect, refused, told
from policy.facts import request as asking
from policy.facts.record import Command
from policy.reasons import Reason


def start(request: Request, command: Command, **arguments: Any) -> list[Effect]:
    """Start a run of a command on the head as it is now, and say on which commit. The code of a fork is only ever checked.

    `arguments` are those of `policy.facts.request.Arguments`, by which the runner reads them again.
    """
    pull = request.head
    if request.of_fork and command != "check":
        return [refused(Reason.FORK_ONLY_CHECKED, line=f"/check {pull.head_sha[:12]}")]
    try:
        asked = asking.Request(
            id=request.key,
            command=command,
            pull_request=pull.number,
            sha=pull.head_sha,
            arguments=asking.Arguments(base=pull.base_ref, **arguments),
        )
    except ValidationError as error:
        said = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        return [refused(Reason.INPUTS_REFUSED, workflow=RUN, detail=said)]
    order = Dispatch(RUN, request.repository.default_branch, asked.inputs(), request.key, request.again)
    return [order, told(Reason.RUN_STARTED, command=command, sha=pull.head_sha[:12])]
