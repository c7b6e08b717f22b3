"""The front door: what a comment says to us, command by command, or what keeps it from being read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.grammar import lines, words
from bot.grammar.arguments import read as read_arguments
from bot.grammar.arguments import usage
from bot.grammar.faults import Fault, pointed
from bot.grammar.lines import Line
from bot.grammar.names import Call, Names, Prefix
from reports.markdown import EMPTY, Markdown, code, join, put


@dataclass(frozen=True)
class Declared:
    """What a command offers to the grammar: the dataclass of its arguments, and other names it answers to."""

    arguments: type
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """A command that can be run: its own name (not an alias), its arguments, and the line it was given in."""

    name: str
    arguments: Any
    line: Line


@dataclass(frozen=True)
class Mistake:
    """A line that was meant for us and is not run: `what` is wrong, a `caret` under the place, and what to write instead.

    `name` is the command's, empty where we have none of that name; then `suggestion` is the one that was probably meant.
    """

    line: Line
    name: str
    what: Markdown
    caret: Markdown
    suggestion: str = ""
    usage: str = ""

    @property
    def told(self) -> Markdown:
        """All of it, as a reply says it."""
        hints = [put("Did you mean {}?", code(self.suggestion))] if self.suggestion else []
        hints += [put("Usage: {}", code(self.usage, 400))] if self.usage else []
        pieces = [self.what + Markdown("."), self.caret, join(hints, " ")]
        return join([each for each in pieces if each], "\n\n")


@dataclass(frozen=True)
class Spoken:
    """What was said to us, in order; or why nothing of it was read, and then `said` is empty."""

    said: tuple[Command | Mistake, ...] = ()
    refused: Markdown = EMPTY

    def __bool__(self) -> bool:
        return bool(self.said or self.refused)

    @property
    def commands(self) -> tuple[Command, ...]:
        """What can be run."""
        return tuple(each for each in self.said if isinstance(each, Command))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What cannot."""
        return tuple(each for each in self.said if isinstance(each, Mistake))


def read(body: str, commands: Mapping[str, Declared], prefix: Prefix | None = None) -> Spoken:
    """Every command of a comment's Markdown, in the order of its lines. Nothing is said where nothing is for us."""
    names = Names(commands, {alias: name for name, each in commands.items() for alias in each.aliases}, prefix)
    try:
        found = lines.find(body, lambda text: names.call(text) is not None)
    except lines.TooMuch as much:
        return Spoken(refused=much.what)
    return Spoken(tuple(_said(found, names, commands)))


def _said(found: tuple[Line, ...], names: Names, commands: Mapping[str, Declared]) -> Iterator[Command | Mistake]:
    for line in found:
        if call := names.call(line.text):
            yield _read(line, call, commands[call.name]) if call.name else _unknown(line, call)


def _read(line: Line, call: Call, known: Declared) -> Command | Mistake:
    try:
        arguments: Any = read_arguments(words.split(line.text, call.end), known.arguments, len(line.text))
    except Fault as fault:
        caret = pointed(line.text, fault.start, fault.length)
        return Mistake(line, call.name, fault.what, caret, fault.suggestion, usage(call.name, known.arguments))
    return Command(call.name, arguments, line)


def _unknown(line: Line, call: Call) -> Mistake:
    written = line.text[call.start : call.end]
    what = put("There is no command {}", code(f"/{written}")) if written else Markdown("The name of a command is missing")
    return Mistake(line, "", what, pointed(line.text, call.start, call.end - call.start), call.suggestion)
