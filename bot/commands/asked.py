"""What keeps a command from being decided at all: who asks, and where. Pure."""

from bot.commands.command import Command, Request
from bot.effects import Reply, refused
from policy.reasons import Reason
from policy.roles import named


def refusal(command: Command, request: Request, who: str) -> Reply | None:
    """Why a command is not for this person or place; None where it is."""
    word = request.line.split()[0]
    if command.WHERE == "pull request" and request.pull is None:
        return refused(Reason.ONLY_ON_PULL_REQUESTS, command=word)
    if not request.actor.may(who):
        return refused(Reason.NOT_ALLOWED, actor=request.actor.login, command=word, who=named(who, request.policy.roles))
    pull = request.pull
    if pull is None or command.WHO == "read":
        return None
    if pull.state != "open":
        return refused(Reason.PULL_REQUEST_CLOSED, command=word)
    if pull.locked:
        return refused(Reason.CONVERSATION_LOCKED, command=word)
    if pull.draft and not command.DRAFTS:
        return refused(Reason.PULL_REQUEST_DRAFT, command=word)
    return None
