"""Says what can be said here, and how."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Command, Nothing, Request, nothing, purpose
from bot.effects import Effect, refused, told
from bot.grammar import kinds
from bot.grammar.arguments import Positional, usage
from policy.reasons import Reason
from policy.roles import named
from reports.markdown import Markdown, code, join, row

WHO = "read"
WHERE = "anywhere"
DRAFTS = True
EXAMPLES = ("/help", "/help train")
TABLE: dict[str, Command] = {}
"""Every command; filled where they are listed, because that list imports this file."""


@dataclass(frozen=True)
class Arguments:
    """Without a command, all of them."""

    command: Annotated[str | None, Positional(kinds.command)] = None


look = nothing


def decide(request: Request, arguments: Arguments, present: Nothing) -> list[Effect]:
    """A table of all, or one in full."""
    if arguments.command is None:
        head = [Markdown("say"), Markdown("what it does"), Markdown("who may")]
        lines = [row(head), "|---|---|---|", *(_line(name, command) for name, command in TABLE.items())]
        return [told(Reason.TOLD, Markdown("\n".join(lines)))]
    command = TABLE.get(arguments.command)
    if command is None:
        return [refused(Reason.UNKNOWN_COMMAND)]
    return [told(Reason.TOLD, full(arguments.command, command))]


def full(name: str, command: Command) -> Markdown:
    """One command with its usage, who may say it, and examples."""
    pieces = [
        Markdown(f"{purpose(command)} It takes {named(command.WHO, {})}, and works {_WHERE[command.WHERE]}."),
        code(usage(name, command.Arguments), 300),
        Markdown("for example ") + join([code(each, 200) for each in command.EXAMPLES], ", "),
    ]
    return join(pieces, "\n\n")


_WHERE = {"pull request": "on pull requests", "anywhere": "on issues and pull requests"}


def _line(name: str, command: Command) -> str:
    return row([code(usage(name, command.Arguments), 300), Markdown(purpose(command)), code(command.WHO)])
