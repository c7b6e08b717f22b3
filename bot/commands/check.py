"""Checks the head again; for the code of a fork, the one commit that is named."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Nothing, Request, nothing
from bot.commands.starting import start
from bot.effects import Effect, refused
from bot.grammar import kinds
from bot.grammar.arguments import Positional
from policy.reasons import Reason

WHO = "write"
WHERE = "pull request"
DRAFTS = True
EXAMPLES = ("/check", "/check 9ab41d0fe33a")


@dataclass(frozen=True)
class Arguments:
    """The commit that is meant, at least 12 digits of it. Whoever names it has read it."""

    sha: Annotated[str | None, Positional(kinds.sha)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """Start the check of the head. A fork's needs its commit named, and a commit that is not the head any more is not checked."""
    head = request.head.head_sha
    if arguments.sha is None and request.of_fork:
        return [refused(Reason.FORK_NOT_TRUSTED, line=f"/check {head[:12]}")]
    if arguments.sha is not None and not head.startswith(arguments.sha):
        return [refused(Reason.HEAD_MOVED, head=head[:12], sha=arguments.sha[:12])]
    return start(request, "check")
