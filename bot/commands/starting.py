"""What the commands that start a run have in common: the workflow, its inputs, and what may not be started. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.around import RUN
from bot.commands.command import Request
from bot.effects import Dispatch, Effect, refused, told
from policy.reasons import Reason


def start(request: Request, command: str, arguments: Mapping[str, Any]) -> list[Effect]:
    """Start a run of a command on the head as it is now, and say on which commit. The code of a fork is only ever checked."""
    pull = request.head
    if request.of_fork and command != "check":
        return [refused(Reason.FORK_ONLY_CHECKED, line=f"/check {pull.head_sha[:12]}")]
    inputs = {
        "request": request.key,
        "command": command,
        "pull-request": str(pull.number),
        "sha": pull.head_sha,
        "arguments": json.dumps(arguments, sort_keys=True),
    }
    order = Dispatch(RUN, request.repository.default_branch, inputs, request.key, request.again)
    return [order, told(Reason.RUN_STARTED, command=command, sha=pull.head_sha[:12])]
